package dev.weir.kafka;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener that every broker of the cluster offers to clients. It binds 127.0.0.1 only.
 *
 * @param name Kafka's listener name, upper case; {@code INTERNAL} and {@code CONTROLLER} are taken by the cluster itself
 * @param sasl users that log in by name and password, or null for no SASL
 * @param tls certificates, or null for no TLS
 * @param advertisedHost what Metadata tells clients; must be a loopback name or address
 * @param firstPort port of broker 1, the next brokers take the next ports; 0 lets the system choose all of them
 * @param advertisedFirstPort what Metadata says of broker 1's port, and so on: for a relay in front of the brokers; 0 is the
 *     port itself
 */
public record ClientListener(
        String name,
        @Nullable Sasl sasl,
        @Nullable ListenerTls tls,
        String advertisedHost,
        int firstPort,
        int advertisedFirstPort) {

    private static final Set<String> RESERVED = Set.of(NodeProperties.INTERNAL, NodeProperties.CONTROLLER);
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    public ClientListener {
        if (!name.matches("[A-Z][A-Z0-9_]*") || RESERVED.contains(name)) {
            throw new IllegalArgumentException("listener name '" + name
                    + "': expected upper case letters, digits and '_', and not one of " + RESERVED);
        }
        if (!LOOPBACK.contains(advertisedHost)) {
            throw new IllegalArgumentException(
                    "listener " + name + ": advertised host '" + advertisedHost + "', expected one of " + LOOPBACK);
        }
        if (firstPort < 0 || firstPort > 65_535) {
            throw new IllegalArgumentException("listener " + name + ": port " + firstPort + ", expected 0 to 65535");
        }
        if (advertisedFirstPort < 0 || advertisedFirstPort > 65_535) {
            throw new IllegalArgumentException(
                    "listener " + name + ": advertised port " + advertisedFirstPort + ", expected 0 to 65535");
        }
    }

    public static ClientListener plaintext(String name) {
        return new ClientListener(name, null, null, "127.0.0.1", 0, 0);
    }

    /** SASL_PLAINTEXT with mechanism PLAIN; {@code users} maps names to passwords. */
    public static ClientListener saslPlain(String name, Map<String, String> users) {
        return new ClientListener(name, Sasl.plain(users), null, "127.0.0.1", 0, 0);
    }

    public static ClientListener tls(String name, ListenerTls tls) {
        return new ClientListener(name, null, tls, "localhost", 0, 0);
    }

    /** SASL_SSL with mechanism PLAIN; {@code users} maps names to passwords. */
    public static ClientListener saslPlainOverTls(String name, Map<String, String> users, ListenerTls tls) {
        return new ClientListener(name, Sasl.plain(users), tls, "localhost", 0, 0);
    }

    public ClientListener withSasl(Sasl newSasl) {
        return new ClientListener(name, newSasl, tls, advertisedHost, firstPort, advertisedFirstPort);
    }

    public ClientListener withAdvertisedHost(String host) {
        return new ClientListener(name, sasl, tls, host, firstPort, advertisedFirstPort);
    }

    public ClientListener withFirstPort(int port) {
        return new ClientListener(name, sasl, tls, advertisedHost, port, advertisedFirstPort);
    }

    /** Metadata sends clients to other ports than the brokers' own: those of a relay. */
    public ClientListener withAdvertisedFirstPort(int port) {
        return new ClientListener(name, sasl, tls, advertisedHost, firstPort, port);
    }

    /** The port that Metadata gives for a broker, of the one that it listens on; 0 while that is not known. */
    int advertisedPort(int nodeId, int port) {
        return advertisedFirstPort == 0 ? port : advertisedFirstPort + nodeId - 1;
    }

    String securityProtocol() {
        if (sasl == null) {
            return tls == null ? "PLAINTEXT" : "SSL";
        }
        return tls == null ? "SASL_PLAINTEXT" : "SASL_SSL";
    }

    /** Prefix of this listener's own broker properties. */
    String propertyPrefix() {
        return "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
    }

    /**
     * Users that log in by password, and tokens. A user may be in both maps.
     *
     * @param plainUsers name to password for mechanism PLAIN
     * @param scramUsers name to password for SCRAM-SHA-256 and SCRAM-SHA-512; Kafka keeps these per cluster, so they are valid
     *     on every listener that has SCRAM
     * @param tokens whose tokens are taken by OAUTHBEARER, or null when it is not offered
     */
    public record Sasl(
            Map<String, String> plainUsers,
            Map<String, String> scramUsers,
            @Nullable TokenIssuer tokens) {

        public Sasl {
            plainUsers = Map.copyOf(plainUsers);
            scramUsers = Map.copyOf(scramUsers);
            if (plainUsers.isEmpty() && scramUsers.isEmpty() && tokens == null) {
                throw new IllegalArgumentException("a SASL listener needs at least one user");
            }
        }

        public Sasl(Map<String, String> plainUsers, Map<String, String> scramUsers) {
            this(plainUsers, scramUsers, null);
        }

        public static Sasl plain(Map<String, String> users) {
            return new Sasl(users, Map.of());
        }

        public static Sasl scram(Map<String, String> users) {
            return new Sasl(Map.of(), users);
        }

        /** Signed tokens too. */
        public Sasl withTokens(TokenIssuer issuer) {
            return new Sasl(plainUsers, scramUsers, issuer);
        }

        @Override
        public String toString() {
            return "Sasl[plainUsers=" + plainUsers.keySet() + ", scramUsers=" + scramUsers.keySet() + ", tokens="
                    + tokens + "]";
        }
    }
}
