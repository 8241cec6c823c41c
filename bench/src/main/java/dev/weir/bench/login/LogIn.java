package dev.weir.bench.login;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFinalMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFirstMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ServerFirstMessage;

/** A client's side of one SASL exchange. */
interface LogIn {
    /** For a client that its certificate names. */
    LogIn BY_CERTIFICATE = new Once("", "");

    /** What Kafka calls the mechanism. */
    String mechanism();

    /**
     * The next message to the server.
     *
     * @param challenge what the server said last; empty at the beginning
     */
    byte[] next(byte[] challenge);

    /** One message, and that is all. */
    record Once(String mechanism, String message) implements LogIn {
        static Once plain(String user, String password) {
            return new Once("PLAIN", "\0" + user + "\0" + password);
        }

        static Once token(String token) {
            return new Once("OAUTHBEARER", "n,,\u0001auth=Bearer " + token + "\u0001\u0001");
        }

        @Override
        public byte[] next(byte[] challenge) {
            return message.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * SCRAM (RFC 5802, RFC 7677). Salted passwords are kept, as clients may: the many thousand hashes that one takes are the
     * clients' work, which on other machines would not be in Weir's way.
     */
    final class Scram implements LogIn {
        private static final Map<String, byte[]> SALTED = new ConcurrentHashMap<>();

        private final ScramMechanism mechanism;
        private final String password;
        private final ScramFormatter formatter;
        private final ClientFirstMessage first;

        Scram(ScramMechanism mechanism, String user, String password) {
            this.mechanism = mechanism;
            this.password = password;
            try {
                formatter = new ScramFormatter(mechanism);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256 and SHA-512", e);
            }
            first = new ClientFirstMessage(user, formatter.secureRandomString(), Map.of());
        }

        @Override
        public String mechanism() {
            return mechanism.mechanismName();
        }

        @Override
        public byte[] next(byte[] challenge) {
            if (challenge.length == 0) {
                return first.toBytes();
            }
            try {
                ServerFirstMessage server = new ServerFirstMessage(challenge);
                ClientFinalMessage last =
                        new ClientFinalMessage("n,,".getBytes(StandardCharsets.UTF_8), server.nonce());
                last.proof(formatter.clientProof(salted(server), first, server, last));
                return last.toBytes();
            } catch (SaslException | InvalidKeyException e) {
                throw new IllegalStateException("the server's message is none of SCRAM", e);
            }
        }

        private byte[] salted(ServerFirstMessage server) throws InvalidKeyException {
            String key = mechanism + " " + first.saslName() + " " + server.iterations();
            byte[] known = SALTED.get(key);
            if (known == null) {
                known = formatter.saltedPassword(password, server.salt(), server.iterations());
                SALTED.put(key, known);
            }
            return known;
        }
    }
}
