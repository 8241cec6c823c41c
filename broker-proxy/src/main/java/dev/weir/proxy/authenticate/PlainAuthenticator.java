package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.upstream.BrokerConversation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** SASL/PLAIN (RFC 4616) against a users file. One message, and one hash to compute for it. */
final class PlainAuthenticator implements Authenticator {
    private static final String MALFORMED =
            "Invalid SASL/PLAIN response: expected authorization id, user and password, separated by NUL";
    private static final String ANOTHER_IDENTITY =
            "Authentication failed: Client requested an authorization id that is different from username";
    private static final String BAD_CREDENTIALS = "Authentication failed: Invalid username or password";

    private final UsersFile users;

    PlainAuthenticator(UsersFile users) {
        this.users = users;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.PLAIN;
    }

    @Override
    public boolean showsSecrets() {
        return true;
    }

    @Override
    public SaslExchange begin(Subject peer, BrokerConversation broker) {
        return message -> CompletableFuture.completedStage(verify(message, peer));
    }

    private SaslStep verify(byte[] message, Subject peer) {
        Optional<PlainMessage> read = PlainMessage.parse(message);
        if (read.isEmpty()) {
            return rejected(MALFORMED);
        }
        PlainMessage plain = read.get();
        if (!plain.authorizationId().isEmpty() && !plain.authorizationId().equals(plain.user())) {
            return rejected(ANOTHER_IDENTITY);
        }
        Validity validity = users.login(plain.user(), plain.password());
        return validity == null
                ? rejected(BAD_CREDENTIALS)
                : new SaslStep.Accepted(
                        new byte[0],
                        Subject.sasl(plain.user(), Mechanism.PLAIN, peer.tls(), peer.source()),
                        validity,
                        SaslStep.NEVER);
    }

    /** What the client is told, the log is told. */
    private static SaslStep rejected(String message) {
        return new SaslStep.Rejected(message, message);
    }
}
