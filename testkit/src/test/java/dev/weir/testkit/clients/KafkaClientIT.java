package dev.weir.testkit.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client does every task with a real broker, and says so when it may not. */
class KafkaClientIT {

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static TestCa ca;

    @BeforeAll
    static void start() throws Exception {
        ca = TestCa.create(dir, "ca");
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .listener(
                        ClientListener.saslPlainOverTls("SASL", Map.of("alice", "a"), ca.listenerTls(ClientAuth.NONE)))
                .listener(ClientListener.tls("TLS", ca.listenerTls(ClientAuth.REQUIRED)))
                .authorizer("User:ANONYMOUS", "User:CN=checkout")
                .start();
        kafka.createTopic("forbidden", 1);
        List<AclBinding> acls = List.of(
                allow(ResourceType.GROUP, "*", AclOperation.READ),
                allow(ResourceType.TOPIC, "forbidden", AclOperation.DESCRIBE),
                // who may write to some topic may be an idempotent producer
                allow(ResourceType.TOPIC, "allowed", AclOperation.WRITE));
        kafka.createAcls(acls);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    static List<KafkaClient> clients() {
        return KafkaClient.all();
    }

    /** Without the Java releases in between, whose configuration is the same. */
    static List<KafkaClient> clientsOfEachKind() {
        return clients().stream()
                .filter(client ->
                        !(client instanceof JavaClient java) || java.version().equals("2.1.1"))
                .toList();
    }

    /** Without kafka-python: it tries a refused login again until its time is over, and then speaks of the time only. */
    static List<KafkaClient> clientsThatGiveUp() {
        return clientsOfEachKind().stream()
                .filter(client -> client != ScriptClient.KAFKA_PYTHON)
                .toList();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void recordsGoRound(KafkaClient client) {
        ClientAccess access = ClientAccess.plaintext(kafka.bootstrap("PLAINTEXT"));
        String topic = "round-" + client.name().toLowerCase(Locale.ROOT);
        kafka.createTopic(topic, 1);

        ClientReport produced = client.run(new ClientTask.Produce(topic, 3), access);
        assertThat(produced.errors()).isEmpty();
        assertThat(produced.acked()).hasSize(3);
        int expected = 3;
        if (client != ScriptClient.KAFKA_PYTHON) {
            ClientReport transaction = client.run(new ClientTask.Produce(topic, 2, "t", "tx-" + topic), access);
            assertThat(transaction.errors()).isEmpty();
            assertThat(transaction.acked()).hasSize(2);
            expected = 5;
        }

        ClientReport consumed = client.run(new ClientTask.Consume(topic, "group-" + topic, expected), access);
        assertThat(consumed.errors()).isEmpty();
        assertThat(consumed.values()).startsWith("v0", "v1", "v2").hasSize(expected);

        ClientReport described = client.run(new ClientTask.Describe("group-" + topic), access);
        assertThat(described.errors()).isEmpty();
        assertThat(described.topics()).contains(topic);
        if (!(client instanceof KcatClient)) {
            assertThat(described.groups()).containsExactly("group-" + topic);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void denialsAreReported(KafkaClient client) {
        ClientAccess alice =
                ClientAccess.saslPlain(kafka.bootstrap("SASL"), "alice", "a").withTls(ca);

        ClientReport produced = client.run(new ClientTask.Produce("forbidden", 1), alice);
        assertThat(produced.errorCodes()).containsExactly("TOPIC_AUTHORIZATION_FAILED");
        assertThat(produced.acked()).isEmpty();

        ClientReport consumed = client.run(new ClientTask.Consume("forbidden", "any-" + client, 1), alice);
        assertThat(consumed.errorCodes()).contains("TOPIC_AUTHORIZATION_FAILED");
        assertThat(consumed.done()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clientsOfEachKind")
    void certificatesAreShown(KafkaClient client) {
        ClientAccess access =
                ClientAccess.mutualTls(kafka.bootstrap("TLS"), ca, ca.issue(CertificateSpec.client("CN=checkout")));

        assertThat(client.run(new ClientTask.Describe(""), access).topics()).contains("forbidden");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clientsThatGiveUp")
    void wrongPasswordsAreReported(KafkaClient client) {
        ClientAccess access = ClientAccess.saslPlain(kafka.bootstrap("SASL"), "alice", "wrong")
                .withTls(ca);

        ClientReport report = client.run(new ClientTask.Produce("allowed", 1), access);
        assertThat(report.done()).isFalse();
        assertThat(report.errorCodes()).contains("SASL_AUTHENTICATION_FAILED");
    }

    @Test
    void furtherPropertiesReachTheJavaClient() {
        kafka.createTopic("kip-848", 1);
        ClientAccess access = ClientAccess.plaintext(kafka.bootstrap("PLAINTEXT"));
        JavaClient client = new JavaClient("4.3.1", Map.of());
        assertThat(client.with("compression.type", "zstd")
                        .run(new ClientTask.Produce("kip-848", 1), access)
                        .acked())
                .hasSize(1);
        assertThat(client.with("group.protocol", "consumer")
                        .run(new ClientTask.Consume("kip-848", "kip-848", 1), access)
                        .values())
                .containsExactly("v0");
        assertThat(kafka.admin()
                        .listGroups()
                        .all()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join())
                .anyMatch(group ->
                        group.groupId().equals("kip-848") && group.type().equals(Optional.of(GroupType.CONSUMER)));
    }

    private static AclBinding allow(ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:alice", "*", operation, AclPermissionType.ALLOW));
    }
}
