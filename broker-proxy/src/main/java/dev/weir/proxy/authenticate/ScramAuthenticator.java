package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;

/** SASL/SCRAM (RFC 5802, 7677) against a users file. Each exchange computes a few HMACs; the client does the rest. */
final class ScramAuthenticator implements Authenticator {
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
    public SaslExchange begin(Subject peer) {
        return new ScramExchange(mechanism, users, peer);
    }
}
