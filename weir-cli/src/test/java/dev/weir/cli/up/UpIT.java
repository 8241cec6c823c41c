package dev.weir.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.UnusedPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir up} in a process of its own, in front of a Kafka that was started separately. */
class UpIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static TestIdp idp;

    @BeforeAll
    static void startKafka() throws IOException {
        idp = TestIdp.start();
        idp.lifetimeSeconds(3_600);
        kafka = EmbeddedKafka.start();
        kafka.createTopic("orders", 1);
        Path policy = Files.createDirectories(folder.resolve("policy"));
        Files.writeString(policy.resolve("orders.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: checkout, owner: team-checkout}
                spec: {identities: [{sasl: checkout}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: orders, owner: team-checkout}
                spec:
                  topics: [orders]
                  rules:
                    - {id: write, allow: [produce], services: [checkout]}
                    - {id: read, allow: [consume], services: [payments], groups: ["payments*"]}
                ---
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: payments, owner: team-payments}
                spec:
                  identities: [{sasl: payments}]
                  versions: {v1: {clientId: "payments-v1*"}, v2: {clientId: "payments-v2*"}}
                ---
                apiVersion: weir.dev/v1
                kind: Canary
                metadata: {name: payments-v2, owner: team-payments}
                spec:
                  group: payments-shared
                  topics: [orders]
                  stable: {service: payments, version: v1}
                  canary: {service: payments, version: v2}
                  weight: 0%
                """);
        Files.writeString(
                folder.resolve("users.txt"),
                "checkout:" + PasswordHash.create("secret", 10_000).encoded() + "\npayments:"
                        + PasswordHash.create("secret", 10_000).encoded() + "\n");
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
        idp.close();
    }

    @Test
    void servesUntilItIsToldToStop() throws Exception {
        int port = UnusedPorts.one();
        int adminPort = UnusedPorts.one();
        Path config = config(port, adminPort, "policy");
        Path log = folder.resolve("up.log");
        Process weir = weir(log, "up", "--config", config.toString());
        try {
            await().atMost(PATIENCE)
                    .until(() -> !weir.isAlive()
                            || get("http://127.0.0.1:" + adminPort + "/readyz").equals("ready\n"));
            assertThat(weir.isAlive()).as(() -> "log:\n" + read(log)).isTrue();

            try (KafkaProducer<String, String> producer = producer("127.0.0.1:" + port)) {
                assertThat(producer.send(new ProducerRecord<>("orders", "one", "1"))
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .offset())
                        .isZero();
                topologyShowsWhoProducesAndWhoConsumes(producer, "127.0.0.1:" + port);
                aCanaryDoesWhatAnOperatorSays();
                weir.destroy(); // SIGTERM, with a connection open
                assertThat(weir.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            assertThat(weir.exitValue()).isZero();
            assertThat(read(log))
                    .contains("listener open", "bootstrap=\"127.0.0.1:" + port, "Weir is up", "Weir has stopped")
                    .doesNotContain("ERROR")
                    // Kafka Streams warns of settings; other warnings may be about a slow machine
                    .doesNotContainPattern("WARN +(StreamsConfig|StateDirectory|KafkaStreams)");
            assertThat(folder.resolve("state").resolve("weir")).isEmptyDirectory();
        } finally {
            weir.destroyForcibly().waitFor();
        }
    }

    private void topologyShowsWhoProducesAndWhoConsumes(KafkaProducer<String, String> producer, String bootstrap)
            throws Exception {
        Path shown = folder.resolve("topology.json");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> { // the topology starts beside the proxy
                            Process withoutToken = weir(shown, "topology", "--json");
                            assertThat(withoutToken.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                                    .isTrue();
                            assertThat(read(shown)).contains("HTTP status 401: one has to log in");
                        });
        String token = Files.writeString(
                        folder.resolve("token.jwt"),
                        idp.token(claims -> claims.setStringListClaim("roles", List.of("platform"))))
                .toString();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap)) {
            consumer.subscribe(List.of("orders"));
            await().atMost(PATIENCE).untilAsserted(() -> {
                producer.send(new ProducerRecord<>("orders", "more", "1"));
                consumer.poll(Duration.ofMillis(100));
                JsonNode topology = answer(shown, "topology", "--json", "--token-file", token);
                assertThat(flows(topology, "checkout", "orders")).isPositive();
                assertThat(flows(topology, "orders", "payments")).isPositive();
            });
        }
        assertThat(answer(shown, "policy", "suggest", "--service", "payments", "--json", "--token-file", token)
                        .path("topics")
                        .get(0)
                        .path("topic")
                        .asText())
                .isEqualTo("orders");
    }

    private void aCanaryDoesWhatAnOperatorSays() throws Exception {
        Path shown = folder.resolve("canary.json");
        String viewer = folder.resolve("token.jwt").toString();
        Process refused = weir(shown, "canary", "set", "payments-v2", "5%", "--token-file", viewer);
        assertThat(refused.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(2);
        assertThat(read(shown)).contains("has not the role of an operator");

        String operator = Files.writeString(
                        folder.resolve("operator.jwt"),
                        idp.token(claims -> claims.setStringListClaim("roles", List.of("oncall"))))
                .toString();
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode told = answer(shown, "canary", "set", "payments-v2", "5%", "--json", "--token-file", operator);
            assertThat(told.path("detail").asText()).startsWith("paused at 5% by ");
        });
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode canary = answer(shown, "canary", "status", "payments-v2", "--json", "--token-file", viewer);
            assertThat(canary.path("phase").asText()).isEqualTo("paused");
            assertThat(canary.path("weight").asDouble()).isEqualTo(0.05);
        });
        Path watched = folder.resolve("audit.txt");
        Process audit = weir(watched, "audit", "--watch", "--kind", "admin", "--token-file", viewer);
        try {
            awaitAudited(watched, "set 5%");
            for (String command : List.of("resume", "pause", "promote", "abort")) {
                answer(shown, "canary", command, "payments-v2", "--json", "--token-file", operator);
                awaitAudited(watched, command);
            }
        } finally {
            audit.destroyForcibly().waitFor();
        }
    }

    private static void awaitAudited(Path watched, String command) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read(watched))
                        .containsPattern("CanaryCommand canary payments-v2: done from 127.0.0.1: " + command));
    }

    /** What a command says that finds the mesh by itself. */
    private static JsonNode answer(Path shown, String... arguments) throws Exception {
        Process command = weir(shown, arguments);
        assertThat(command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitValue()).as(() -> read(shown)).isZero();
        return new ObjectMapper().readTree(read(shown));
    }

    private static double flows(JsonNode topology, String from, String to) {
        for (JsonNode edge : topology.path("edges")) {
            if (edge.path("fromName").asText().equals(from)
                    && edge.path("toName").asText().equals(to)) {
                return edge.path("recordsPerSecond").asDouble();
            }
        }
        return -1;
    }

    @Test
    void aTopologyThatCannotStartStopsNoProxy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            int adminPort = UnusedPorts.one();
            Path config = config(UnusedPorts.one(), adminPort, "policy");
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replace("bind: 127.0.0.1:0\n", "bind: 127.0.0.1:" + taken.getLocalPort() + "\n")
                            .replace("policy: {", ended() + "policy: {"));
            Path log = folder.resolve("taken.log");
            Process weir = weir(log, "up", "--config", config.toString());
            try {
                await().atMost(PATIENCE).until(() -> read(log).contains("the proxy goes on without"));
                await().atMost(PATIENCE)
                        .until(() ->
                                get("http://127.0.0.1:" + adminPort + "/readyz").equals("ready\n"));
                assertThat(read(log).lines())
                        .filteredOn(line -> line.contains("a certificate does not hold now"))
                        .singleElement()
                        .satisfies(line -> assertThat(line).contains("WARN", "listener front: ", " has ended at "));
                weir.destroy();
                assertThat(weir.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(weir.exitValue()).isZero();
            } finally {
                weir.destroyForcibly().waitFor();
            }
        }
    }

    /** A listener whose certificate has ended: it is there, and the log says why nobody comes. */
    private static String ended() {
        TestCertificate ended =
                TestCa.create(folder, "ca").issue(CertificateSpec.server().expired());
        return """
              - name: front
                bind: 127.0.0.1:%d
                brokerPorts: {first: 0}
                tls: {certificate: "%s", key: "%s"}
            """.formatted(UnusedPorts.one(), ended.chainPem(), ended.keyPem());
    }

    @Test
    void aConfigurationWithMistakesStartsNothing() throws Exception {
        Path config = config(UnusedPorts.one(), UnusedPorts.one(), "nowhere");
        Path log = folder.resolve("config.log");
        Process weir = weir(log, "up", "--config", config.toString());
        assertThat(weir.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(weir.exitValue()).isEqualTo(2);
        assertThat(read(log))
                .contains(config + ":", "folder does not exist: found \"nowhere\", expected a folder")
                .contains("1 mistake in the configuration; nothing was started.");
    }

    @Test
    void aFirstPolicyWithMistakesStartsNothing() throws Exception {
        Path bad = Files.createDirectories(folder.resolve("bad"));
        Files.writeString(
                bad.resolve("a.yaml"),
                "apiVersion: weir.dev/v1\nkind: Servise\nmetadata: {name: a, owner: b}\nspec: {}\n");
        int port = UnusedPorts.one();
        Path log = folder.resolve("policy.log");
        Process weir = weir(
                log, "up", "--config", config(port, UnusedPorts.one(), "bad").toString());
        assertThat(weir.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(weir.exitValue()).isEqualTo(2);
        assertThat(read(log)).contains("the policy has mistakes; nothing was started.", "a.yaml:2:7: ");
    }

    private static Path config(int port, int adminPort, String policy) throws IOException {
        Path file = folder.resolve("weir-" + port + ".yaml");
        return Files.writeString(file, """
                clusters: [{name: main, bootstrap: ["BOOTSTRAP"]}]
                listeners:
                  - name: internal
                    bind: 127.0.0.1:PORT
                    brokerPorts: {first: 0}
                    sasl: {users: users.txt, allowWithoutTls: true}
                policy: {folder: POLICY}
                admin: {bind: "127.0.0.1:ADMIN"}
                topology:
                  bind: 127.0.0.1:0
                  oidc: {issuer: "ISSUER", clientId: kafka, url: "https://weir.example", viewers: [platform], operators: [oncall]}
                """.replace("BOOTSTRAP", kafka.bootstrap())
                .replace("ISSUER", idp.issuer())
                .replace("PORT", Integer.toString(port))
                .replace("POLICY", policy)
                .replace("ADMIN", Integer.toString(adminPort)));
    }

    private static Process weir(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // not the folder of this test, where the state is
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
        builder.environment().remove("STATE_DIRECTORY");
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "bootstrap.servers",
                bootstrap,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"checkout\""
                        + " password=\"secret\";"));
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        "payments-1",
                        "auto.offset.reset",
                        "earliest",
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"payments\""
                                + " password=\"secret\";"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static String get(String url) {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
