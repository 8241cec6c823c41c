package dev.weir.proxy.report;

/** A fetch of a share group (KIP-932): all that matters of it is kept by partition. */
final class ShareFetchSent implements Sent.Walked {
    static final ShareFetchSent INSTANCE = new ShareFetchSent();

    private ShareFetchSent() {}
}
