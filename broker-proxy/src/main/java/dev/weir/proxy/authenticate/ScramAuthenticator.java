package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.upstream.BrokerConversation;

/** SASL/SCRAM (RFC 5802, 7677) against a users file. Each exchange computes a few HMACs; the client does the rest. */
public final class ScramAuthenticator implements Authenticator {
    /** Of one message: names are bounded, and the rest is nonces and a proof. Kafka's parser recurses over a name. */
    public static final int MESSAGE_BYTES_MAX = 2_048;

    private final Mechanism mechanism;
    private final UsersFile users;

    ScramAuthenticator(Mechanism mechanism, UsersFile users) {
        this.mechanism = mechanism;
        this.users = users;
    }

    @Override
    public Mechanism mechanism() {
        return mechanism;
    }

    @Override
    public boolean showsSecrets() {
        return false;
    }

    @Override
    public SaslExchange begin(Subject peer, BrokerConversation broker) {
        return new ScramExchange(mechanism, users, peer);
    }
}
