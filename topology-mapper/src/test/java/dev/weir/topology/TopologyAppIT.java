package dev.weir.topology;

import static dev.weir.topology.TestReports.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.MessageLite;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Header;
import dev.weir.topology.view.AuditEntry;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Instances of the topology on a real Kafka, told by reports of a proxy that is not there. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopologyAppIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TOPICS = 20;

    @TempDir
    static Path dir;

    private static EmbeddedKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;
    private static TopologyApp first;
    private static long sequence;
    private static long recordsEach;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        first = app("first");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer());
        await().atMost(SOON).until(() -> first.view().freshness().state() == Freshness.State.SILENT);
    }

    @AfterAll
    static void stop() {
        producer.close(Duration.ZERO);
        first.close();
        kafka.close();
    }

    private static TopologyApp app(String instance) {
        return TopologyApp.start(TopologySettings.of(kafka.bootstrap(), instance, dir.resolve(instance)));
    }

    /** One round of a proxy: each topic has a producer and a consumer. */
    private static void report() {
        Header header = TestReports.header("proxy-1", 1, ++sequence, System.currentTimeMillis());
        recordsEach += 10;
        for (int i = 0; i < TOPICS; i++) {
            byte[] key = ReportKeys.flow(CLUSTER, "topic-" + i);
            send(ReportTopic.FLOWS, key, TestReports.produced(header, "shop", "topic-" + i, 10));
            send(ReportTopic.FLOWS, key, TestReports.consumed(header, "billing", "topic-" + i, "billing", 10));
        }
        send(
                ReportTopic.FLOWS,
                ReportKeys.flow(CLUSTER, "topic-0"),
                TestReports.consumed(header, "audit", "topic-0", "", 5));
        send(
                ReportTopic.MEMBERSHIPS,
                ReportKeys.membership(CLUSTER, "auditors"),
                TestReports.member(header, "audit", "auditors", "topic-0"));
        send(ReportTopic.AUDIT, ReportKeys.audit(CLUSTER), TestReports.denied(header, "guest", "topic-1", 3));
        send(
                ReportTopic.PROXIES,
                ReportKeys.proxy("proxy-1"),
                TestReports.proxy(header).toBuilder()
                        .addMirrors(TestReports.mirror("topic-0", recordsEach))
                        .build());
        producer.flush();
    }

    private static void send(ReportTopic topic, byte[] key, MessageLite report) {
        producer.send(new ProducerRecord<>(topic.topicName(), key, report.toByteArray()));
    }

    private static void awaitRecords(TopologyApp app) {
        await().atMost(SOON).untilAsserted(() -> {
            Topology topology = app.view().topology(Moment.NOW);
            assertThat(topology.edges()).hasSize(TOPICS * 2 + 1);
            assertThat(topology.edges())
                    .filteredOn(edge -> !edge.to().equals("service:audit"))
                    .allSatisfy(edge -> assertThat(edge.recordsTotal()).isEqualTo(recordsEach));
        });
    }

    /** A proxy reports every few seconds; this one does when its last report is too old. */
    private static void awaitLive() {
        await().atMost(SOON).pollInterval(Duration.ofSeconds(1)).until(() -> {
            boolean live = first.view().freshness().state() == Freshness.State.LIVE;
            if (!live) {
                report();
            }
            return live;
        });
    }

    @Test
    @Order(1)
    void whatAProxyReportsIsSeenWithinSeconds() {
        report();
        awaitRecords(first);

        Topology topology = first.view().topology(Moment.NOW);
        assertThat(topology.nodes()).extracting("id").contains("service:shop", "service:billing", "topic:main/topic-7");
        Edge produce = edge(topology, "service:shop", "topic:main/topic-7");
        assertThat(produce.recordsPerSecond()).isPositive();
        assertThat(produce.latency().p50()).isBetween(1.9, 2.1);
        assertThat(produce.tls()).isTrue();
        await().atMost(SOON).untilAsserted(() -> {
            Topology now = first.view().topology(Moment.NOW);
            assertThat(edge(now, "topic:main/topic-0", "service:audit").group()).isEqualTo("auditors");
            assertThat(first.view().security(Moment.NOW).denials())
                    .singleElement()
                    .satisfies(denial -> {
                        assertThat(denial.service()).isEqualTo("guest");
                        assertThat(denial.count()).isEqualTo(3);
                    });
            assertMirrored(first);
        });
        AuditQuery denials = new AuditQuery(0, "", Set.of(AuditEntry.Kind.DENIED), 1, "");
        AuditPage audit = await().atMost(SOON) // what cannot be read at once is left for the next page
                .until(
                        () -> first.view().audit(denials),
                        page -> !page.entries().isEmpty());
        assertThat(audit.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.service()).isEqualTo("guest");
            assertThat(entry.count()).isEqualTo(3);
            assertThat(entry.proxy()).isEqualTo("proxy-1");
        });
        assertThat(audit.more()).isFalse();
        assertThat(first.view()
                        .audit(new AuditQuery(0, "", Set.of(), 10, audit.next()))
                        .entries())
                .isEmpty();
        assertThat(first.view()
                        .audit(new AuditQuery(0, "", Set.of(AuditEntry.Kind.ADMIN), 10, ""))
                        .entries())
                .isEmpty();
        assertThatThrownBy(() -> first.view().audit(new AuditQuery(0, "", Set.of(), 10, "0,1")))
                .isInstanceOf(IllegalArgumentException.class);
        awaitLive();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(first.view().proxies())
                        .singleElement()
                        .satisfies(proxy -> assertThat(proxy.state()).isEqualTo(ProxyView.State.LIVE)));
        assertThat(first.view().service("billing", Moment.NOW))
                .hasValueSatisfying(service ->
                        assertThat(service.clients()).extracting("clientId").containsExactly("billing-1"));
        assertThat(first.view().topics("topic-3", Moment.NOW))
                .singleElement()
                .satisfies(topic -> assertThat(topic.edges()).hasSize(2));
    }

    @Test
    @Order(2)
    void twoShareTheWorkAndEachAnswersForAll() {
        AtomicInteger changes = new AtomicInteger();
        try (TopologyApp second = app("second")) {
            second.view().onChange(changes::incrementAndGet);
            awaitRecords(second);
            long before = second.counts().taken();
            await().atMost(SOON).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                report();
                assertThat(second.counts().taken()).isGreaterThan(before);
            });
            long secondTook = second.counts().taken();
            awaitRecords(first);
            awaitRecords(second);
            assertThat(secondTook).isPositive();
            assertThat(changes).hasPositiveValue();
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(second.view().topology(Moment.NOW).nodes())
                                    .isEqualTo(first.view().topology(Moment.NOW).nodes()));
        }
        report();
        awaitRecords(first);
    }

    @Test
    @Order(3)
    void aRestartRestoresTheSameAnswer() {
        report();
        awaitRecords(first);
        List<Node> before = nodes();
        List<String> edges = ids();
        first.close();
        first = app("first");
        awaitRecords(first);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(nodes())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("health") // of the last minute
                    .isEqualTo(before);
            assertThat(ids()).isEqualTo(edges);
            assertThat(first.view().security(Moment.NOW).denials())
                    .singleElement()
                    .satisfies(denial -> assertThat(denial.count()).isEqualTo(3 * sequence));
        });
        report();
        awaitRecords(first);
        await().atMost(SOON).untilAsserted(() -> assertMirrored(first));
    }

    private static void assertMirrored(TopologyApp app) {
        Topology now = app.view().topology(Moment.NOW);
        assertThat(now.mirrors()).singleElement().satisfies(mirror -> {
            assertThat(mirror.from()).isEqualTo("topic:main/topic-0");
            assertThat(mirror.to()).isEqualTo("topic:staging/mirror.topic-0");
            assertThat(mirror.mirrored()).isEqualTo(recordsEach);
        });
        assertThat(now.nodes()).extracting("id").contains("topic:staging/mirror.topic-0");
    }

    @Test
    @Order(4)
    void kafkaIsDownAndBack() {
        long answered = System.currentTimeMillis();
        report();
        awaitRecords(first); // so Kafka answered after that
        kafka.stopBroker(1);
        await().atMost(SOON).until(() -> first.view().freshness().state() == Freshness.State.KAFKA_DOWN);
        assertThat(first.view().freshness().sinceMillis()).isBetween(answered, System.currentTimeMillis());
        assertThat(first.view().topology(Moment.NOW).edges()).hasSize(TOPICS * 2 + 1);

        kafka.startBroker(1);
        await().atMost(SOON).until(() -> first.view().freshness().state() != Freshness.State.KAFKA_DOWN);
        report();
        awaitRecords(first);
        awaitLive();
    }

    private static List<Node> nodes() {
        return first.view().topology(Moment.NOW).nodes();
    }

    private static List<String> ids() {
        return first.view().topology(Moment.NOW).edges().stream().map(Edge::id).toList();
    }

    private static Edge edge(Topology topology, String from, String to) {
        return topology.edges().stream()
                .filter(edge -> edge.from().equals(from) && edge.to().equals(to))
                .findFirst()
                .orElseThrow();
    }
}
