package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.cli.config.ConfigFile;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.vault.FakeVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers see single Services by credentials that are in Vault (a stand-in), one secret for each. */
class ServiceCredentialsVaultIT {
    private static final String SECRET = "kv/data/kafka/services/payments";

    @TempDir
    private Path folder;

    @Test
    void eachServiceComesWithTheCredentialThatVaultHas() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .listener(ClientListener.plaintext("SCRAM")
                                .withSasl(ClientListener.Sasl.scram(
                                        Map.of("weir", "w-password", "kafka-payments", "first-password"))))
                        .authorizer("User:weir")
                        .start();
                FakeVault vault = FakeVault.start()) {
            kafka.createTopic("payments", 1);
            kafka.createTopic("orders", 1);
            kafka.createAcls(List.of(new AclBinding(
                    new ResourcePattern(ResourceType.TOPIC, "payments", PatternType.LITERAL),
                    new AccessControlEntry("User:kafka-payments", "*", AclOperation.WRITE, AclPermissionType.ALLOW))));
            vault.appRole("weir", "the-secret-id", Duration.ofMinutes(1), Duration.ofHours(1));
            put(vault, "first-password");
            configure(vault, kafka);
            try (Mesh mesh = Mesh.start(
                            ConfigFile.read(folder.resolve("weir.yaml")),
                            new ErrorLog(List::of),
                            denial -> {},
                            started -> {});
                    KafkaProducer<String, String> payments = producer(mesh, "payments")) {
                produce(payments, "payments");
                assertThatThrownBy(() -> produce(payments, "orders"))
                        .as("Kafka knows the Service, and policy allows it")
                        .hasCauseInstanceOf(TopicAuthorizationException.class);
                try (KafkaProducer<String, String> orphan = producer(mesh, "orphan")) {
                    assertThatThrownBy(() -> produce(orphan, "payments"))
                            .hasRootCauseInstanceOf(SaslAuthenticationException.class);
                }

                // a new password, first in Kafka, while a client works
                kafka.admin()
                        .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                                "kafka-payments",
                                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                "next-password")))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                put(vault, "next-password");
                produce(payments, "payments");
                Patience.awaitSettled().until(() -> comesIn(mesh));

                vault.fail(503);
                assertThat(comesIn(mesh)).as("what was had last stays good").isTrue();
                produce(payments, "payments");
            }
            assertThat(vault.requests(SECRET)).isPositive();
            assertThat(vault.requests("kv/data/kafka/services/orphan")).isPositive();
        }
    }

    private static void put(FakeVault vault, String password) {
        vault.put(SECRET, Map.of("mechanism", "SCRAM-SHA-512", "username", "kafka-payments", "password", password));
    }

    private static boolean comesIn(Mesh mesh) {
        try (KafkaProducer<String, String> fresh = producer(mesh, "payments")) {
            produce(fresh, "payments");
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void configure(FakeVault vault, EmbeddedKafka kafka) throws Exception {
        String hash = PasswordHash.create("pw", PasswordHash.ITERATIONS_MIN).encoded();
        Files.writeString(folder.resolve("users"), "payments:" + hash + "\norphan:" + hash + "\n");
        Files.writeString(folder.resolve("secret-id"), "the-secret-id");
        Files.writeString(folder.resolve("weir.password"), "w-password");
        Files.writeString(Files.createDirectories(folder.resolve("policy")).resolve("orders.yaml"), """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: payments, owner: team-shop}
                spec: {identities: [{sasl: payments}]}
                ---
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: orphan, owner: team-shop}
                spec: {identities: [{sasl: orphan}]}
                ---
                apiVersion: weir.dev/v1
                kind: TopicAccess
                metadata: {name: all, owner: team-shop}
                spec: {topics: [orders, payments], rules: [{id: write, allow: [produce], services: [payments, orphan]}]}
                """);
        Files.writeString(folder.resolve("weir.yaml"), """
                vault:
                  address: %s
                  auth: {appRole: {roleId: weir, secretIdFile: secret-id}}
                clusters:
                  - name: main
                    bootstrap: ["%s"]
                    sasl: {mechanism: SCRAM-SHA-512, username: weir, passwordFile: weir.password}
                listeners:
                  - name: front
                    bind: 127.0.0.1:0
                    sasl: {mechanisms: [PLAIN], users: users, allowWithoutTls: true}
                    upstream: {credentials: perPrincipal, from: "vault:kv/data/kafka/services/{service}"}
                policy: {folder: policy}
                reports: {enabled: false}
                admin: {bind: "127.0.0.1:0"}
                """.formatted(vault.address(), kafka.bootstrap("SCRAM")));
    }

    private static void produce(KafkaProducer<String, String> producer, String topic) throws Exception {
        producer.send(new ProducerRecord<>(topic, "v")).get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
    }

    private static KafkaProducer<String, String> producer(Mesh mesh, String user) {
        Map<String, Object> settings = new HashMap<>(
                ClientAccess.saslPlain(mesh.listeners().get(0).bootstrap().toString(), user, "pw")
                        .javaProperties());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
