package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.upstream.BrokerConversation;

/** One SASL mechanism, as a listener offers it. Any thread. */
public interface Authenticator {
    Mechanism mechanism();

    /**
     * Whether what goes over the wire is the secret itself, or as good as it: such a mechanism is not offered without
     * TLS unless the configuration says so.
     */
    boolean showsSecrets();

    /**
     * Begins an exchange with a client that chose this mechanism. Costs nothing yet, so it may be called on an event loop.
     *
     * @param peer what the transport knows of the client
     * @param broker the client's own, for mechanisms that it decides; any thread may ask it
     */
    SaslExchange begin(Subject peer, BrokerConversation broker);
}
