package dev.weir.cli.mesh;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.config.ConfigFile;
import dev.weir.identity.certificate.Pem;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.vault.FakeVault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole mesh whose certificate, users and broker password are in Vault (a stand-in), in front of a real Kafka. */
class MeshVaultIT {
    private static final String BROKER_PASSWORD = "broker-horse";
    private static final String CLIENT_PASSWORD = "client-horse";
    private static final String SECRET_ID = "the-secret-id";
    /** Two thirds of the certificate's life, and patience. */
    private static final Duration RENEWED = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;
    private FakeVault vault;

    @BeforeEach
    void start() throws IOException {
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.saslPlain("SASL", Map.of("weir", BROKER_PASSWORD)))
                .start();
        kafka.createTopic("orders", 1);
        vault = FakeVault.start();
        vault.appRole("weir", SECRET_ID, Duration.ofMinutes(1), Duration.ofHours(1));
        vault.put("kv/data/weir/kafka", Map.of("password", BROKER_PASSWORD));
        vault.put("kv/data/weir/users", Map.of("file", user("checkout")));
        vault.role("pki/sign/weir", name -> true, Duration.ofDays(1));
        Files.writeString(folder.resolve("secret-id"), SECRET_ID);
        Files.writeString(folder.resolve("vault-root.pem"), Pem.of(List.of(vault.root())));
        Files.writeString(Files.createDirectories(folder.resolve("policy")).resolve("orders.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: shop, owner: team-shop}
                spec: {identities: [{sasl: checkout}, {sasl: payments}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: orders, owner: team-shop}
                spec: {topics: [orders], rules: [{id: write, allow: [produce], services: [shop]}]}
                """);
        Files.writeString(folder.resolve("weir.yaml"), """
                vault:
                  address: %s
                  auth: {appRole: {roleId: weir, secretIdFile: secret-id}}
                  refresh: 1s
                  certificates: {front: {role: pki/weir, hosts: [localhost, 127.0.0.1], ttl: 24s}}
                clusters:
                  - name: main
                    bootstrap: ["%s"]
                    sasl: {username: weir, passwordFile: "vault:kv/data/weir/kafka#password"}
                listeners:
                  - name: front
                    bind: 127.0.0.1:0
                    tls: {certificate: "vault:front#certificate", key: "vault:front#key"}
                    sasl: {mechanisms: [PLAIN], users: "vault:kv/data/weir/users#file"}
                policy: {folder: policy}
                reports: {enabled: false}
                admin: {bind: "127.0.0.1:0"}
                """.formatted(vault.address(), kafka.bootstrap("SASL")));
    }

    private static String user(String... names) {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(name)
                    .append(':')
                    .append(PasswordHash.create(CLIENT_PASSWORD, PasswordHash.ITERATIONS_MIN)
                            .encoded())
                    .append('\n');
        }
        return lines.toString();
    }

    @AfterEach
    void stop() {
        vault.close();
        kafka.close();
    }

    @Test
    void livesOnVaultAndOutlivesItsAbsence() throws Exception {
        try (Mesh mesh = Mesh.start(
                        ConfigFile.read(folder.resolve("weir.yaml")),
                        new ErrorLog(List::of),
                        denial -> {},
                        started -> {});
                KafkaProducer<String, String> checkout = producer(mesh, "checkout")) {
            produce(checkout);
            String first = expiresAt(mesh);

            vault.put("kv/data/weir/users", Map.of("file", user("checkout", "payments")));
            awaitSettled().until(() -> {
                try (KafkaProducer<String, String> payments = producer(mesh, "payments")) {
                    produce(payments);
                    return true;
                } catch (ExecutionException e) {
                    return false;
                }
            });

            awaitSettled().atMost(RENEWED).until(() -> !expiresAt(mesh).equals(first));
            produce(checkout);
            try (KafkaProducer<String, String> fresh = producer(mesh, "checkout")) {
                produce(fresh);
            }

            vault.stop();
            awaitSettled()
                    .until(() -> status(mesh)
                            .path("secrets")
                            .path("lastError")
                            .asText()
                            .contains("Vault at"));
            produce(checkout);
            awaitSettled()
                    .untilAsserted(() -> assertThat(get(mesh, "/metrics"))
                            .containsPattern("weir_secret_failures\\{.*kv/data/weir/kafka.*} [1-9]"));

            vault.restart();
            awaitSettled()
                    .until(() -> status(mesh).path("secrets").path("lastError").isMissingNode());
            assertThat(get(mesh, "/status"))
                    .contains("kv/data/weir/kafka", "\"logIn\" : \"appRole\"")
                    .doesNotContain(BROKER_PASSWORD)
                    .doesNotContain(CLIENT_PASSWORD)
                    .doesNotContain(SECRET_ID)
                    .doesNotContain("hvs.")
                    .doesNotContain("pbkdf2")
                    .doesNotContain("PRIVATE");
        }
    }

    private static void produce(KafkaProducer<String, String> producer) throws Exception {
        producer.send(new ProducerRecord<>("orders", "one", "1")).get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
    }

    private KafkaProducer<String, String> producer(Mesh mesh, String user) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", mesh.listeners().get(0).bootstrap().toString());
        settings.put("security.protocol", "SASL_SSL");
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", folder.resolve("vault-root.pem").toString());
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + CLIENT_PASSWORD + "\";");
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static String expiresAt(Mesh mesh) throws Exception {
        return status(mesh).path("certificates").path(0).path("expiresAt").asText();
    }

    private static JsonNode status(Mesh mesh) throws Exception {
        return new ObjectMapper().readTree(get(mesh, "/status"));
    }

    private static String get(Mesh mesh, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(mesh.adminUrl() + path)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
