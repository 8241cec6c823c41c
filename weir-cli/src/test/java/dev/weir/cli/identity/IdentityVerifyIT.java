package dev.weir.cli.identity;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.cli.config.ConfigFile;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.mesh.Mesh;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.certs.Ed25519Keys;
import dev.weir.testkit.vault.FakeVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole mesh that signs with a key from Vault (a stand-in), and {@code weir identity verify} at the brokers behind it. */
class IdentityVerifyIT {
    @TempDir
    private Path folder;

    @Test
    void tellsWhatWasSignedFromWhatWentAround() throws IOException, ExecutionException, InterruptedException {
        KeyPair keys = Ed25519Keys.make();
        String trust = Files.writeString(folder.resolve("weir.pub"), Ed25519Keys.pem(keys.getPublic()))
                .toString();
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                FakeVault vault = FakeVault.start()) {
            kafka.createTopic("orders", 1);
            vault.appRole("weir", "the-secret-id", Duration.ofMinutes(1), Duration.ofHours(1));
            vault.put("kv/data/weir/signing", Map.of("key", Ed25519Keys.pem(keys.getPrivate())));
            configure(vault, kafka);
            try (Mesh mesh = Mesh.start(
                            ConfigFile.read(folder.resolve("weir.yaml")),
                            new ErrorLog(List::of),
                            denial -> {},
                            started -> {});
                    KafkaProducer<String, String> checkout =
                            producer(mesh.listeners().get(0).bootstrap().toString())) {
                for (int i = 0; i < 3; i++) {
                    checkout.send(new ProducerRecord<>("orders", "k" + i, "v")).get();
                }
            }
            Result good = weir("identity", "verify", "orders", "--trust", trust, "--bootstrap", kafka.bootstrap());
            assertThat(good.err()).isEmpty();
            assertThat(good.out()).contains("3  genuine      checkout").hasLineCount(1);
            assertThat(good.exitCode()).isZero();

            try (KafkaProducer<String, String> around = producer(kafka.bootstrap())) {
                around.send(new ProducerRecord<>("orders", "v")).get();
            }
            Result bad = weir("identity", "verify", "orders", "--trust", trust, "--bootstrap", kafka.bootstrap());
            assertThat(bad.out()).contains("1  unsigned     (nobody named)  first at orders-0 offset 3");
            assertThat(bad.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatItNeeds() throws IOException {
        Path none = Files.writeString(folder.resolve("none.pub"), "nothing");
        assertThat(weir("identity", "verify", "orders", "--trust", none.toString(), "--bootstrap", "127.0.0.1:1")
                        .err())
                .contains("none.pub: there is no PUBLIC KEY in it; openssl pkey -pubout writes one");
        assertThat(weir("identity", "verify", "orders", "--trust", none.toString())
                        .err())
                .contains("no brokers to ask: give --bootstrap");
    }

    private void configure(FakeVault vault, EmbeddedKafka kafka) throws IOException {
        Files.writeString(folder.resolve("secret-id"), "the-secret-id");
        Files.writeString(Files.createDirectories(folder.resolve("policy")).resolve("orders.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: checkout, owner: team-shop}
                spec: {identities: [{anonymous: true}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: orders, owner: team-shop}
                spec: {topics: [orders], rules: [{id: write, allow: [produce], services: [checkout]}]}
                ---
                apiVersion: weir.dev/v1
                kind: IdentityPropagation
                metadata: {name: who-wrote-it}
                spec: {topics: [orders], headers: {signature: true}}
                """);
        Files.writeString(folder.resolve("weir.yaml"), """
                vault:
                  address: %s
                  auth: {appRole: {roleId: weir, secretIdFile: secret-id}}
                clusters: [{name: main, bootstrap: ["%s"]}]
                listeners: [{name: front, bind: 127.0.0.1:0}]
                signing: {key: "vault:kv/data/weir/signing#key"}
                policy: {folder: policy}
                reports: {enabled: false}
                admin: {bind: "127.0.0.1:0"}
                """.formatted(vault.address(), kafka.bootstrap()));
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer());
    }
}
