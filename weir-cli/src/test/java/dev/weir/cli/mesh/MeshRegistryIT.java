package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.cli.config.ConfigFile;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schema.registry.RegistryAccess;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.registry.FakeRegistry;
import dev.weir.testkit.vault.FakeVault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole mesh that asks schema registries, whose passwords are in Vault (a stand-in) and in a file, and change. */
class MeshRegistryIT {
    private static final String LINE = """
            {"type": "record", "name": "%s", "fields": [{"name": "sku", "type": "string"}]}""";
    private static final byte[] GOOD = {2, 'a'};
    private static final byte[] BAD = {10, 'a'};

    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka = EmbeddedKafka.start();
    private final FakeVault vault = FakeVault.start();
    private final FakeRegistry inVault = FakeRegistry.start();
    private final FakeRegistry inFile = FakeRegistry.start();

    @BeforeEach
    void start() throws IOException {
        Stream.of("orders", "clicks").forEach(topic -> kafka.createTopic(topic, 1));
        vault.appRole("weir", "the-secret-id", Duration.ofMinutes(1), Duration.ofHours(1));
        password("one");
        Files.writeString(folder.resolve("secret-id"), "the-secret-id");
        Files.writeString(Files.createDirectories(folder.resolve("policy")).resolve("policy.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: shop, owner: team-shop}
                spec: {identities: [{anonymous: true}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all, owner: team-shop}
                spec: {topics: ["*"], rules: [{id: write, allow: [produce], services: [shop]}]}
                ---
                apiVersion: weir.dev/v1
                kind: SchemaRule
                metadata: {name: orders, owner: team-shop}
                spec: {topics: [orders], value: {registry: in-vault}}
                ---
                apiVersion: weir.dev/v1
                kind: SchemaRule
                metadata: {name: clicks, owner: team-shop}
                spec: {topics: [clicks], value: {registry: in-file}, onViolation: observe}
                """);
        Files.writeString(folder.resolve("weir.yaml"), """
                vault:
                  address: %s
                  auth: {appRole: {roleId: weir, secretIdFile: secret-id}}
                  refresh: 1s
                clusters:
                  - name: main
                    bootstrap: ["%s"]
                schemaRegistries:
                  - {name: in-vault, url: "%s", username: weir, passwordFile: "vault:kv/data/weir/registry#password"}
                  - {name: in-file, url: "%s", tokenFile: registry.token}
                listeners:
                  - {name: front, bind: "127.0.0.1:0"}
                policy: {folder: policy}
                reports: {enabled: false}
                admin: {bind: "127.0.0.1:0"}
                """.formatted(
                        vault.address(), kafka.bootstrap(), inVault.url(), inFile.url()));
    }

    /** Of both registries from now on: in Vault, in the file, and with the registries themselves. */
    private void password(String secret) throws IOException {
        vault.put("kv/data/weir/registry", Map.of("password", secret));
        inVault.require(RegistryAccess.basic("weir", secret));
        Path next = Files.writeString(folder.resolve("next.token"), secret + "\n");
        Files.move(
                next,
                folder.resolve("registry.token"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        inFile.require(RegistryAccess.bearer(secret));
    }

    @AfterEach
    void stop() {
        vault.close();
        inVault.close();
        inFile.close();
        kafka.close();
    }

    @Test
    void passwordsOfRegistriesChangeAndViolationsAreCountedByWhoAndWhy() throws Exception {
        try (Mesh mesh = Mesh.start(
                        ConfigFile.read(folder.resolve("weir.yaml")),
                        new ErrorLog(List::of),
                        denial -> {},
                        started -> {});
                KafkaProducer<byte[], byte[]> producer = producer(mesh)) {
            int first = register("First");
            assertThat(send(producer, "orders", first, GOOD)).isZero();
            assertThatThrownBy(() -> send(producer, "orders", first, BAD))
                    .cause()
                    .isInstanceOf(InvalidRecordException.class);
            observedBad(mesh, producer, first, 1);

            password("two");
            int second = register("Second");
            assertThat(send(producer, "orders", second, GOOD))
                    .as("clients try again until it is let in")
                    .isEqualTo(1);
            observedBad(mesh, producer, second, 2);

            String metrics = get(mesh, "/metrics");
            assertThat(metrics)
                    .containsPattern("(?m)^weir_schema_violations_total\\{listener=\"front\",.*outcome=\"rejected\","
                            + "reason=\"payload\",service=\"shop\",topic=\"orders\"} 1\\.0$")
                    .containsPattern("(?m)^weir_schema_checked_total\\{listener=\"front\",.*service=\"shop\","
                            + "topic=\"orders\"} \\d+\\.0$");
            assertThat(get(mesh, "/status"))
                    .contains("\"name\" : \"in-vault\"", "\"keptBytes\" : ", "kv/data/weir/registry")
                    .doesNotContain("\"two\"");
        }
    }

    private int register(String name) {
        inVault.register("orders-value", LINE.formatted(name));
        return inFile.register("clicks-value", LINE.formatted(name));
    }

    /** What is only observed waits for nobody, so a bad record is sent until it was judged. */
    private static void observedBad(Mesh mesh, KafkaProducer<byte[], byte[]> producer, int id, int atLeast) {
        Patience.awaitSettled().untilAsserted(() -> {
            send(producer, "clicks", id, BAD);
            assertThat(observed(mesh)).isGreaterThanOrEqualTo(atLeast);
        });
    }

    private static double observed(Mesh mesh) throws Exception {
        return get(mesh, "/metrics")
                .lines()
                .filter(line -> line.startsWith("weir_schema_violations_total{")
                        && line.contains("outcome=\"observed\",reason=\"payload\",service=\"shop\",topic=\"clicks\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static long send(KafkaProducer<byte[], byte[]> producer, String topic, int id, byte[] payload)
            throws Exception {
        byte[] value = ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(id)
                .put(payload)
                .array();
        return producer.send(new ProducerRecord<>(topic, value))
                .get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS)
                .offset();
    }

    private static KafkaProducer<byte[], byte[]> producer(Mesh mesh) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        mesh.listeners().get(0).bootstrap().toString(),
                        "linger.ms",
                        0,
                        "client.id",
                        "shop"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static String get(Mesh mesh, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(mesh.adminUrl() + path)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
