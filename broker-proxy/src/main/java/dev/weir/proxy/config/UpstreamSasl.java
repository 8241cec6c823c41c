package dev.weir.proxy.config;

import dev.weir.mesh.Mechanism;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** SASL towards brokers. As text it shows no secret. */
public sealed interface UpstreamSasl {
    Mechanism mechanism();

    /** Whose credentials these are, for logs. */
    String username();

    /** PLAIN (RFC 4616). */
    static UpstreamSasl plain(String username, String password) {
        return new Password(Mechanism.PLAIN, username, password);
    }

    /**
     * A user name and a password.
     *
     * @param mechanism PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512 (RFC 5802)
     * @param password as it was at start
     * @param passwordFile where it stands, and is read again when it changes; {@code null} if it never changes
     */
    record Password(
            Mechanism mechanism,
            String username,
            String password,
            @Nullable Path passwordFile) implements UpstreamSasl {
        /** With a password that never changes. */
        public Password(Mechanism mechanism, String username, String password) {
            this(mechanism, username, password, null);
        }

        public Password {
            if (mechanism != Mechanism.PLAIN
                    && mechanism != Mechanism.SCRAM_SHA_256
                    && mechanism != Mechanism.SCRAM_SHA_512) {
                throw new IllegalArgumentException(mechanism.wireName() + " takes no password");
            }
        }

        @Override
        public String toString() {
            return mechanism.wireName() + "[username=" + username + "]";
        }
    }

    /** OAUTHBEARER (RFC 7628), with tokens that Weir asks for. */
    record Token(TokenEndpoint endpoint) implements UpstreamSasl {
        @Override
        public Mechanism mechanism() {
            return Mechanism.OAUTHBEARER;
        }

        @Override
        public String username() {
            return endpoint.clientId();
        }
    }
}
