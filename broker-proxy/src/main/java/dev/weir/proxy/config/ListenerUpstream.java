package dev.weir.proxy.config;

/** With whose credentials the clients of one listener come to brokers. */
public sealed interface ListenerUpstream {
    /** With those of the cluster, which all clients share: brokers see Weir. */
    record Shared() implements ListenerUpstream {}

    /**
     * With those of the client's Service: brokers see the Service. A client without one is refused.
     *
     * @param store where they are kept
     */
    record PerPrincipal(CredentialStore store) implements ListenerUpstream {}
}
