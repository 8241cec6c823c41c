package dev.weir.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Kafka's {@code server.properties} for one node, from what the caller asked for. */
final class NodeProperties {

    static final String INTERNAL = "INTERNAL";
    static final String CONTROLLER = "CONTROLLER";
    static final int CONTROLLER_NODE_ID = 1_000;

    /** The user under which the nodes, and {@link EmbeddedKafka#admin()}, talk to the cluster; always a super user. */
    static final String CLUSTER_USER = "weir-embedded-cluster";

    private static final String PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private static final String TOKEN_LOGIN =
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required";
    private static final String SCRAM_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    /** Small and quick: nothing here changes what a client sees, except how fast it comes. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.coordinator.rebalance.protocols", "classic,consumer,streams"),
            // Members learn of their partitions with a heartbeat, which Kafka wants every 5 s.
            Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
            Map.entry("group.consumer.heartbeat.interval.ms", "500"),
            Map.entry("group.share.min.heartbeat.interval.ms", "100"),
            Map.entry("group.share.heartbeat.interval.ms", "500"),
            Map.entry("group.streams.min.heartbeat.interval.ms", "100"),
            Map.entry("group.streams.heartbeat.interval.ms", "500"),
            Map.entry("broker.heartbeat.interval.ms", "250"),
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("controlled.shutdown.enable", "true"),
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
            Map.entry("log.cleaner.io.buffer.size", "65536"),
            Map.entry("log.index.size.max.bytes", "1048576"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"),
            Map.entry("num.recovery.threads.per.data.dir", "1"),
            Map.entry("log.segment.delete.delay.ms", "1000"),
            // Several nodes share one JVM: their JMX names would clash, and nobody reads them.
            Map.entry("metric.reporters", ""));

    private final ClusterSettings settings;
    private final String clusterPassword;

    NodeProperties(ClusterSettings settings, String clusterPassword) {
        this.settings = settings;
        this.clusterPassword = clusterPassword;
    }

    Map<String, String> controller(Path logDir) {
        Map<String, String> properties = common(CONTROLLER_NODE_ID, "controller", logDir);
        properties.put("listeners", CONTROLLER + "://127.0.0.1:0");
        properties.put("listener.security.protocol.map", CONTROLLER + ":SASL_PLAINTEXT");
        return properties;
    }

    /** @param ports port by listener name, {@link #INTERNAL} among them; 0 = chosen by the system */
    Map<String, String> broker(int nodeId, Path logDir, Map<String, Integer> ports) {
        Map<String, String> properties = common(nodeId, "broker", logDir);
        List<String> bound = new ArrayList<>();
        List<String> advertised = new ArrayList<>();
        List<String> protocols = new ArrayList<>(List.of(INTERNAL + ":SASL_PLAINTEXT", CONTROLLER + ":SASL_PLAINTEXT"));
        bound.add(INTERNAL + "://127.0.0.1:" + ports.get(INTERNAL));
        advertised.add(bound.get(0));
        for (ClientListener listener : settings.listeners()) {
            int port = ports.getOrDefault(listener.name(), 0);
            bound.add(listener.name() + "://127.0.0.1:" + port);
            advertised.add(
                    listener.name() + "://" + listener.advertisedHost() + ":" + listener.advertisedPort(nodeId, port));
            protocols.add(listener.name() + ":" + listener.securityProtocol());
            addSasl(properties, listener);
            addTls(properties, listener);
        }
        properties.put("listeners", String.join(",", bound));
        properties.put("advertised.listeners", String.join(",", advertised));
        properties.put("listener.security.protocol.map", String.join(",", protocols));
        properties.put("inter.broker.listener.name", INTERNAL);
        return properties;
    }

    /** Client properties that log the cluster's own user in on {@link #INTERNAL}. */
    Map<String, Object> internalClient(String bootstrap) {
        return Map.of(
                "bootstrap.servers",
                bootstrap,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                PLAIN_LOGIN + login(CLUSTER_USER, clusterPassword) + ";");
    }

    private Map<String, String> common(int nodeId, String role, Path logDir) {
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        String replicas = Integer.toString(settings.brokers());
        properties.put("offsets.topic.replication.factor", replicas);
        properties.put("transaction.state.log.replication.factor", replicas);
        properties.put("share.coordinator.state.topic.replication.factor", replicas);
        properties.put("default.replication.factor", replicas);
        properties.put("auto.create.topics.enable", Boolean.toString(settings.autoCreateTopics()));
        if (settings.authorizer()) {
            properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            List<String> superUsers = new ArrayList<>(List.of("User:" + CLUSTER_USER));
            superUsers.addAll(settings.superUsers());
            properties.put("super.users", String.join(";", superUsers));
        }
        properties.putAll(settings.properties());
        properties.put("node.id", Integer.toString(nodeId));
        properties.put("process.roles", role);
        properties.put("log.dirs", logDir.toString());
        properties.put("controller.listener.names", CONTROLLER);
        // The controller's real port is known once it is bound; it reaches the nodes as a future, see KafkaNode.
        properties.put("controller.quorum.voters", CONTROLLER_NODE_ID + "@0.0.0.0:0");
        properties.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        properties.put("sasl.mechanism.controller.protocol", "PLAIN");
        String own = PLAIN_LOGIN + login(CLUSTER_USER, clusterPassword) + user(CLUSTER_USER, clusterPassword) + ";";
        for (String listener : List.of(INTERNAL, CONTROLLER)) {
            String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
            properties.put(prefix + "sasl.enabled.mechanisms", "PLAIN");
            properties.put(prefix + "plain.sasl.jaas.config", own);
        }
        return properties;
    }

    private static void addSasl(Map<String, String> properties, ClientListener listener) {
        ClientListener.Sasl sasl = listener.sasl();
        if (sasl == null) {
            return;
        }
        List<String> mechanisms = new ArrayList<>();
        if (!sasl.plainUsers().isEmpty()) {
            mechanisms.add("PLAIN");
            StringBuilder jaas = new StringBuilder(PLAIN_LOGIN);
            sasl.plainUsers().forEach((name, password) -> jaas.append(user(name, password)));
            properties.put(
                    listener.propertyPrefix() + "plain.sasl.jaas.config",
                    jaas.append(';').toString());
        }
        if (!sasl.scramUsers().isEmpty()) {
            for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-512")) {
                mechanisms.add(mechanism);
                properties.put(
                        listener.propertyPrefix() + mechanism.toLowerCase(Locale.ROOT) + ".sasl.jaas.config",
                        SCRAM_LOGIN + ";");
            }
        }
        TokenIssuer tokens = sasl.tokens();
        if (tokens != null) {
            mechanisms.add("OAUTHBEARER");
            addTokens(properties, listener.propertyPrefix() + "oauthbearer.sasl.", tokens);
        }
        properties.put(listener.propertyPrefix() + "sasl.enabled.mechanisms", String.join(",", mechanisms));
    }

    private static void addTokens(Map<String, String> properties, String prefix, TokenIssuer tokens) {
        tokens.allow();
        properties.put(prefix + "jaas.config", TOKEN_LOGIN + ";");
        properties.put(
                prefix + "server.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
        properties.put(prefix + "oauthbearer.jwks.endpoint.url", tokens.jwksUrl());
        properties.put(prefix + "oauthbearer.expected.issuer", tokens.issuer());
        properties.put(prefix + "oauthbearer.expected.audience", tokens.audience());
    }

    private static void addTls(Map<String, String> properties, ClientListener listener) {
        ListenerTls tls = listener.tls();
        if (tls == null) {
            return;
        }
        String prefix = listener.propertyPrefix() + "ssl.";
        properties.put(prefix + "client.auth", tls.clientAuth().name().toLowerCase(Locale.ROOT));
        if (tls.keys() instanceof ListenerTls.PemKeys pem) {
            properties.put(prefix + "keystore.type", "PEM");
            properties.put(prefix + "keystore.certificate.chain", text(pem.chain()));
            properties.put(prefix + "keystore.key", text(pem.key()));
        } else if (tls.keys() instanceof ListenerTls.Pkcs12 store) {
            properties.put(prefix + "keystore.type", "PKCS12");
            properties.put(prefix + "keystore.location", store.store().toString());
            properties.put(prefix + "keystore.password", store.password());
            properties.put(prefix + "key.password", store.password());
        }
        if (tls.trust() instanceof ListenerTls.PemTrust pem) {
            properties.put(prefix + "truststore.type", "PEM");
            properties.put(prefix + "truststore.certificates", text(pem.certificates()));
        } else if (tls.trust() instanceof ListenerTls.Pkcs12 store) {
            properties.put(prefix + "truststore.type", "PKCS12");
            properties.put(prefix + "truststore.location", store.store().toString());
            properties.put(prefix + "truststore.password", store.password());
        }
    }

    private static String login(String name, String password) {
        return " username=" + quoted(name) + " password=" + quoted(password);
    }

    private static String user(String name, String password) {
        return " " + quoted("user_" + name) + "=" + quoted(password);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("certificate or key file " + file + " cannot be read", e);
        }
    }
}
