package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientReport;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One port, a name for each broker, told by TLS: real clients, brokers that come and go, and names that lead nowhere. */
class ServerNamesIT {
    private static final String BOOTSTRAP = "kafka.weir.test";
    private static final String BROKERS = "broker-{id}.weir.test";
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;
    private static final String CHECKOUT = "spiffe://weir.test/checkout";
    private static final short METADATA_VERSION = 12;
    private static final short DESCRIBE_CLUSTER_VERSION = 1;
    private static final short FIND_COORDINATOR_VERSION = 4;
    private static final short LIST_OFFSETS_VERSION = 7;

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static TestCa ca;
    private static TestCertificate checkout;
    private static SSLSocketFactory sockets;
    private static Path hosts;

    @BeforeAll
    static void start() throws IOException {
        ca = TestCa.create(dir, "ca");
        checkout = ca.issue(CertificateSpec.spiffe(CHECKOUT));
        sockets = ca.clientSockets(checkout);
        hosts = Files.writeString(
                dir.resolve("hosts"),
                Stream.concat(
                                Stream.of("localhost", BOOTSTRAP),
                                IntStream.rangeClosed(1, 9).mapToObj(id -> "broker-" + id + ".weir.test"))
                        .map(name -> "127.0.0.1 " + name + "\n")
                        .collect(Collectors.joining()));
        kafka = EmbeddedKafka.builder().brokers(2).start();
        kafka.createTopic(TOPIC, PARTITIONS);
        TestCertificate server = ca.issue(CertificateSpec.server().withFileName("weir"));
        ListenerTls anybody =
                new ListenerTls(server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of());
        ListenerTls certificates = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ListenerTls.ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SAN_URI));
        Path users = Files.writeString(
                dir.resolve("users"),
                "alice:"
                        + PasswordHash.create("a-password", PasswordHash.ITERATIONS_MIN)
                                .encoded() + "\n");
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(TestPolicy.of((subject, type, name, operation) -> type != ResourceType.TOPIC
                        || !name.equals("checkouts")
                        || subject.principal().name().equals(CHECKOUT)))
                .names(BrokerNames.of(BOOTSTRAP, BROKERS, 0))
                .listener("mtls", certificates, null)
                .listener("sasl", anybody, new ListenerSasl(users, false))
                .names(BrokerNames.of("kafka.other.test", "broker-{id}.other.test", 443))
                .listener("other", anybody, null)
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    static List<KafkaClient> clients() {
        return List.of(
                new JavaClient("2.1.1", Map.of()).withHosts(hosts),
                new JavaClient("4.3.1", Map.of()).withHosts(hosts),
                new KcatClient().withHosts(hosts));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void clientsFindEveryBrokerByItsName(KafkaClient client) {
        String topic = "round-" + client.name();
        kafka.createTopic(topic, PARTITIONS);
        ClientAccess mtls = ClientAccess.mutualTls(weir.bootstrap("mtls"), ca, checkout);
        ClientAccess sasl = ClientAccess.saslPlain(weir.bootstrap("sasl"), "alice", "a-password")
                .withTls(ca);

        ClientReport produced = client.run(new ClientTask.Produce(topic, 20), mtls);
        assertThat(produced.errors()).isEmpty();
        assertThat(produced.acked()).hasSize(20);
        ClientReport consumed = client.run(new ClientTask.Consume(topic, "g-" + topic, 20), sasl);
        assertThat(consumed.errors()).isEmpty();
        assertThat(consumed.values()).hasSize(20);
    }

    @Test
    void whoItIsComesFromTheCertificateAndNotFromTheName() {
        kafka.createTopic("checkouts", 1);
        JavaClient client = new JavaClient("4.3.1", Map.of()).withHosts(hosts);
        ClientAccess mtls = ClientAccess.mutualTls(weir.bootstrap("mtls"), ca, checkout);
        ClientAccess sasl = ClientAccess.saslPlain(weir.bootstrap("sasl"), "alice", "a-password")
                .withTls(ca);

        assertThat(client.run(new ClientTask.Produce("checkouts", 1), mtls).errors())
                .isEmpty();
        assertThat(client.run(new ClientTask.Produce("checkouts", 1), sasl).errorCodes())
                .contains("TOPIC_AUTHORIZATION_FAILED");
    }

    @Test
    void everyAddressInAResponseIsAName() {
        int port = weir.listener("mtls").bootstrap().port();
        Map<Integer, String> names = Map.of(1, "broker-1.weir.test:" + port, 2, "broker-2.weir.test:" + port);
        try (RawKafkaConnection client = connect("mtls", BOOTSTRAP)) {
            MetadataResponseData metadata =
                    client.request(new MetadataRequestData(), METADATA_VERSION).as(MetadataResponseData.class);
            assertThat(metadata.brokers().stream()
                            .filter(broker -> names.containsKey(broker.nodeId()))
                            .collect(Collectors.toMap(
                                    broker -> broker.nodeId(), broker -> broker.host() + ":" + broker.port())))
                    .isEqualTo(names);
            DescribeClusterResponseData cluster = client.request(
                            new DescribeClusterRequestData(), DESCRIBE_CLUSTER_VERSION)
                    .as(DescribeClusterResponseData.class);
            assertThat(cluster.brokers().stream()
                            .filter(broker -> names.containsKey(broker.brokerId()))
                            .collect(Collectors.toMap(
                                    broker -> broker.brokerId(), broker -> broker.host() + ":" + broker.port())))
                    .isEqualTo(names);
            awaitSettled()
                    .untilAsserted(() -> assertThat(client.request(
                                            new FindCoordinatorRequestData().setCoordinatorKeys(List.of("a-group")),
                                            FIND_COORDINATOR_VERSION)
                                    .as(FindCoordinatorResponseData.class)
                                    .coordinators())
                            .singleElement()
                            .satisfies(found -> assertThat(found.host() + ":" + found.port())
                                    .isEqualTo("broker-" + found.nodeId() + ".weir.test:" + port)));
        }
    }

    @Test
    void theAdvertisedPortMayBeABalancers() {
        assertThat(weir.listener("other").bootstrap()).hasToString("kafka.other.test:443");
        assertThat(weir.listener("other").brokers().get(1)).hasToString("broker-1.other.test:443");
    }

    @Test
    void aNameLeadsToThatBrokerAndToNoOther() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int leader = leader(partition);
            assertThat(offsetError("broker-" + leader + ".weir.test", partition))
                    .isEqualTo(Errors.NONE);
            assertThat(offsetError("BROKER-" + (3 - leader) + ".weir.test", partition))
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        }
    }

    @Test
    void brokersThatComeAndGoAreFollowed() {
        int joined = kafka.addBroker();
        String name = "broker-" + joined + ".weir.test";
        awaitSettled()
                .untilAsserted(() -> assertThat(weir.listener("mtls").brokers()).containsKey(joined));
        try (RawKafkaConnection client = connect("mtls", name)) {
            // it may be the last to hear that it is there
            awaitSettled()
                    .untilAsserted(() -> assertThat(client.request(new MetadataRequestData(), METADATA_VERSION)
                                    .as(MetadataResponseData.class)
                                    .brokers())
                            .anySatisfy(broker -> assertThat(broker.host()).isEqualTo(name)));
        }
        long before = refused("mtls", RefusalReason.NO_BROKER);
        kafka.removeBroker(joined);
        awaitSettled().untilAsserted(() -> {
            try (RawKafkaConnection client = connect("mtls", name)) {
                assertThat(client.awaitClosedInSilence()).isTrue();
            }
            assertThat(refused("mtls", RefusalReason.NO_BROKER)).isGreaterThan(before);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker-77.weir.test",
                "broker-01.weir.test",
                "broker-4294967297.weir.test",
                "broker-1.other.test",
                "kafka.other.test",
                "evil.broker-1.weir.test",
                "broker-1.weir.test.evil.example",
                "somebody.weir.test"
            })
    void aNameThatIsNoneOfTheListenersIsClosedAndCounted(String name) {
        assertClosed(() -> connect("mtls", name), name);
    }

    @Test
    void aClientThatTellsNoNameIsClosedAndCounted() {
        assertClosed(() -> RawKafkaConnection.openTls(loopback("mtls"), sockets), "no server name");
    }

    private interface Connecting {
        RawKafkaConnection open();
    }

    private static void assertClosed(Connecting connecting, String logged) {
        ListenerMetrics metrics = weir.metrics().listener("mtls");
        long before = metrics.connectionsRefused(RefusalReason.SERVER_NAME);
        long accepted = metrics.connectionsAccepted();
        try (LogCapture log = LogCapture.of("dev.weir.proxy");
                RawKafkaConnection client = connecting.open()) {
            assertThat(client.awaitClosedInSilence()).isTrue();
            awaitSettled().until(() -> metrics.connectionsRefused(RefusalReason.SERVER_NAME) == before + 1);
            assertThat(metrics.connectionsAccepted()).isEqualTo(accepted);
            assertThat(log.with("kind", RefusalReason.SERVER_NAME.toString()))
                    .allSatisfy(
                            line -> assertThat(LogCapture.value(line, "reason").toString())
                                    .contains(logged));
        }
    }

    private static long refused(String listener, RefusalReason reason) {
        return weir.metrics().listener(listener).connectionsRefused(reason);
    }

    private static int leader(int partition) {
        try (RawKafkaConnection client = connect("mtls", BOOTSTRAP)) {
            MetadataRequestData request = new MetadataRequestData()
                    .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(TOPIC)));
            return client.request(request, METADATA_VERSION).as(MetadataResponseData.class).topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .filter(found -> found.partitionIndex() == partition)
                    .findFirst()
                    .orElseThrow()
                    .leaderId();
        }
    }

    private static Errors offsetError(String broker, int partition) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(partition)
                                .setTimestamp(-1)))));
        try (RawKafkaConnection client = connect("mtls", broker)) {
            ListOffsetsResponseData response =
                    client.request(request, LIST_OFFSETS_VERSION).as(ListOffsetsResponseData.class);
            return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
        }
    }

    private static RawKafkaConnection connect(String listener, String serverName) {
        return RawKafkaConnection.openTls(loopback(listener), serverName, sockets);
    }

    /** Where a listener is bound; its names resolve nowhere. */
    private static String loopback(String listener) {
        return "127.0.0.1:" + weir.listener(listener).bootstrap().port();
    }
}
