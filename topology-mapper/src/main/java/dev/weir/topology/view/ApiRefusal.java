package dev.weir.topology.view;

/** Somebody was not let in to API and dashboard, or may not do there what he asked for. */
public sealed interface ApiRefusal {
    /** The address that it came from. */
    String source();

    /** In words, of a closed set. */
    String reason();

    /**
     * A log-in failed, or a token was not taken.
     *
     * @param name who, as the identity provider says; empty for whoever has not proven it
     * @param tls whether people come by https
     */
    record LogIn(String name, boolean tls, String source, String reason) implements ApiRefusal {}

    /**
     * Something would have been changed.
     *
     * @param name who
     * @param how the means by which that was proven: {@code OIDC}; {@code NONE} where nobody has to log in
     * @param canary that it was said to, by the name that was sent, whatever that is; empty where it was to none
     * @param action what was said to it; empty where it was to none
     */
    record Change(String name, String how, boolean tls, String source, String canary, String action, String reason)
            implements ApiRefusal {}
}
