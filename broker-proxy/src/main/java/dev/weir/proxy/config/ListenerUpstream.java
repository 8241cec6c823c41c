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

    /**
     * With their own: their SASL exchange is passed on to the broker, which decides it, and whom the broker has taken is who they
     * are. The listener has SASL, and no users.
     *
     * @param principalClaim the claim of a token that brokers take the user's name from
     *     ({@code sasl.oauthbearer.sub.claim.name})
     */
    record PassThrough(String principalClaim) implements ListenerUpstream {
        public static final String PRINCIPAL_CLAIM_DEFAULT = "sub";
    }
}
