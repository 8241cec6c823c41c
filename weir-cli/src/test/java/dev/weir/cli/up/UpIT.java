package dev.weir.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.authenticate.PasswordHash;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir up} in a process of its own, in front of a Kafka that was started separately. */
class UpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() throws IOException {
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
                """);
        Files.writeString(
                folder.resolve("users.txt"),
                "checkout:" + PasswordHash.create("secret", 10_000).encoded() + "\n");
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void servesUntilItIsToldToStop() throws Exception {
        int port = freePort();
        int adminPort = freePort();
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
                weir.destroy(); // SIGTERM, with a connection open
                assertThat(weir.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            assertThat(weir.exitValue()).isZero();
            assertThat(read(log))
                    .contains("listener open", "bootstrap=\"127.0.0.1:" + port, "Weir is up", "Weir has stopped")
                    .doesNotContain("ERROR");
        } finally {
            weir.destroyForcibly().waitFor();
        }
    }

    @Test
    void aConfigurationWithMistakesStartsNothing() throws Exception {
        Path config = config(freePort(), freePort(), "nowhere");
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
        int port = freePort();
        Path log = folder.resolve("policy.log");
        Process weir =
                weir(log, "up", "--config", config(port, freePort(), "bad").toString());
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
                """.replace("BOOTSTRAP", kafka.bootstrap())
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
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
