package dev.weir.proxy.report;

/** A fetch: all that matters of it is kept by partition. */
final class FetchSent implements Sent.Walked {
    static final FetchSent INSTANCE = new FetchSent();

    private FetchSent() {}
}
