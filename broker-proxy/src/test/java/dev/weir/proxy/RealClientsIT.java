package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.Endpoint;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientReport;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.clients.NewerLibrdkafka;
import dev.weir.testkit.clients.RunningClient;
import dev.weir.testkit.clients.ScriptClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Unmodified clients of other languages and ages, each in a process of its own. Every client goes every way in, and through both
 * proxies; the newest Java client is in {@link JavaClientFeaturesIT} and {@link JavaAdminIT}.
 */
class RealClientsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path dir;

    private static ClientsMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = ClientsMesh.start(dir);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    static List<KafkaClient> clients() {
        return KafkaClient.all().stream()
                .filter(client ->
                        !(client instanceof JavaClient java) || !java.version().startsWith("4."))
                .toList();
    }

    static Stream<ClientAccess> waysIn() {
        return Stream.of(mesh.overPlaintext(), mesh.overSaslTls())
                .flatMap(proxy -> Stream.of(mesh.plain(proxy), mesh.sasl(proxy), mesh.mtls(proxy)));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void recordsGoRound(KafkaClient client) {
        String topic = "round-" + client.name().toLowerCase(Locale.ROOT);
        mesh.kafka().createTopic(topic, 1);

        ClientReport produced = client.run(new ClientTask.Produce(topic, 3), mesh.plain(mesh.overPlaintext()));
        assertThat(produced.errors()).isEmpty();
        assertThat(produced.acked()).hasSize(3);
        int expected = 3;
        if (client != ScriptClient.KAFKA_PYTHON) { // it has no transactions
            ClientReport transaction =
                    client.run(new ClientTask.Produce(topic, 2, "t", "tx-" + topic), mesh.sasl(mesh.overSaslTls()));
            assertThat(transaction.errors()).isEmpty();
            assertThat(transaction.acked()).hasSize(2);
            expected = 5;
        }

        ClientReport consumed =
                client.run(new ClientTask.Consume(topic, "group-" + topic, expected), mesh.mtls(mesh.overSaslTls()));
        assertThat(consumed.errors()).isEmpty();
        assertThat(consumed.values()).startsWith("v0", "v1", "v2").hasSize(expected);

        ClientReport described = client.run(new ClientTask.Describe("group-" + topic), mesh.sasl(mesh.overPlaintext()));
        assertThat(described.errors()).isEmpty();
        assertThat(described.topics()).contains(topic);
        if (!(client instanceof KcatClient)) { // it describes no groups
            assertThat(described.groups()).containsExactly("group-" + topic);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void aDenialIsKafkasOwn(KafkaClient client) {
        ClientReport produced =
                client.run(new ClientTask.Produce(ClientsMesh.FORBIDDEN, 1), mesh.sasl(mesh.overSaslTls()));
        assertThat(produced.errorCodes()).containsExactly("TOPIC_AUTHORIZATION_FAILED");
        assertThat(produced.acked()).isEmpty();

        ClientReport consumed = client.run(
                new ClientTask.Consume(ClientsMesh.FORBIDDEN, "any-" + client, 1), mesh.mtls(mesh.overPlaintext()));
        assertThat(consumed.errorCodes()).contains("TOPIC_AUTHORIZATION_FAILED");
        assertThat(consumed.done()).isFalse();
    }

    @Test
    void eachWayInSaysWhoTheClientIs() {
        for (ProxyFixture proxy : List.of(mesh.overPlaintext(), mesh.overSaslTls())) {
            assertThat(produceErrors("alice-1", mesh.sasl(proxy))).isEmpty();
            assertThat(produceErrors("checkout-1", mesh.mtls(proxy))).isEmpty();

            assertThat(produceErrors("alice-1", mesh.mtls(proxy))).containsExactly("TOPIC_AUTHORIZATION_FAILED");
            assertThat(produceErrors("checkout-1", mesh.sasl(proxy))).containsExactly("TOPIC_AUTHORIZATION_FAILED");
            assertThat(produceErrors("alice-1", mesh.plain(proxy))).containsExactly("TOPIC_AUTHORIZATION_FAILED");
        }
    }

    /** All that there are, those of librdkafka with a newer one. */
    static List<KafkaClient> scramClients() {
        return KafkaClient.all().stream()
                .map(client -> isOfLibrdkafka(client) ? new NewerLibrdkafka(client) : client)
                .toList();
    }

    private static boolean isOfLibrdkafka(KafkaClient client) {
        return client instanceof KcatClient || client == ScriptClient.CONFLUENT_PYTHON;
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("scramClients")
    void logsInByScram(KafkaClient client) {
        assertProduces(client, mesh.scram(mesh.overPlaintext(), Mechanism.SCRAM_SHA_512));
    }

    @Test
    void logsInByScramWithTheShorterHash() {
        assertProduces(
                new NewerLibrdkafka(new KcatClient()), mesh.scram(mesh.overPlaintext(), Mechanism.SCRAM_SHA_256));
    }

    private static void assertProduces(KafkaClient client, ClientAccess alice) {
        ClientReport produced = client.run(new ClientTask.Produce("alice-scram", 2), alice);
        assertThat(produced.errors()).isEmpty();
        assertThat(produced.acked()).hasSize(2);
    }

    /** Its nonce is not the one that it was given; Kafka itself refuses that since CVE-2024-56128. */
    @Test
    void anOldLibrdkafkaIsRefusedByScramAsKafkaDoes() {
        ClientReport report = new KcatClient()
                .run(
                        new ClientTask.Produce("alice-scram", 1),
                        mesh.scram(mesh.overPlaintext(), Mechanism.SCRAM_SHA_512));
        assertThat(report.errorCodes()).contains("SASL_AUTHENTICATION_FAILED");
        assertThat(report.acked()).isEmpty();
    }

    private static Set<String> produceErrors(String topic, ClientAccess access) {
        return new KcatClient().run(new ClientTask.Produce(topic, 1), access).errorCodes();
    }

    @Test
    void aWrongPasswordIsRefused() {
        ClientAccess alice = mesh.sasl(mesh.overPlaintext());
        ClientAccess wrong = new ClientAccess(
                alice.bootstrap(), alice.ca(), null, new ClientAccess.Login("alice", "another-password"));

        for (KafkaClient client : List.of(new KcatClient(), ScriptClient.KAFKAJS)) {
            ClientReport report = client.run(new ClientTask.Produce("alice-1", 1), wrong);
            assertThat(report.errorCodes()).contains("SASL_AUTHENTICATION_FAILED");
            assertThat(report.acked()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void metadataShowsNoBrokersOwnAddress(ClientAccess access) throws Exception {
        Set<String> shown = new TreeSet<>();
        try (RunningClient kcat = new KcatClient().start(new ClientTask.Describe(""), access)) {
            assertThat(kcat.awaitEnd().errors()).isEmpty();
            for (JsonNode broker :
                    JSON.readTree(String.join("", kcat.process().out())).path("brokers")) {
                shown.add(broker.path("name").asText());
            }
        }

        assertThat(shown).isEqualTo(brokersBehind(access.bootstrap()));
    }

    /** What the listener with this bootstrap address says of itself. */
    private static Set<String> brokersBehind(String bootstrap) {
        return Stream.of(mesh.overPlaintext(), mesh.overSaslTls())
                .flatMap(proxy -> proxy.proxy().listeners().stream())
                .filter(listener -> listener.bootstrap().toString().equals(bootstrap))
                .flatMap(listener -> listener.brokers().values().stream())
                .map(Endpoint::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
