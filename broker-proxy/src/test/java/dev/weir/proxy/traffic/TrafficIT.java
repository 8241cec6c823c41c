package dev.weir.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Real clients that are hit by faults on purpose, and that have quotas: they see it, and no record is lost, doubled or out of its order. Times are
 * held against what they must be at least, never at most.
 */
class TrafficIT {
    private static final int RECORDS = 300;
    private static final List<String> ALL =
            IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();

    private static final String FAULTS = """
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: no-leader-to-write}
            spec: {service: shop, clientId: failing, apis: [Produce], share: 20%, error: NOT_LEADER_OR_FOLLOWER}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: no-leader-to-read}
            spec: {service: shop, clientId: failing-reader, apis: [Fetch], topics: ["read-*"], share: 50%, error: NOT_LEADER_OR_FOLLOWER}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: cut}
            spec: {service: shop, clientId: "cut*", apis: [Produce], share: 20%, disconnect: true}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: cut-always}
            spec: {service: shop, clientId: unanswered, apis: [Produce], disconnect: true}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: fail-always}
            spec: {service: shop, clientId: unanswered, apis: [Produce], error: NOT_ENOUGH_REPLICAS}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: quiet}
            spec: {service: shop, clientId: "quiet*", apis: [Produce, Fetch], throttle: 200ms}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: slow}
            spec: {service: shop, clientId: slow, apis: [Produce], topics: [slow], delay: 300ms}
            ---
            apiVersion: weir.dev/v1
            kind: Fault
            metadata: {name: tried}
            spec: {service: shop, clientId: tried, apis: [Produce], error: NOT_ENOUGH_REPLICAS, mode: dry-run}
            ---
            """;

    private static final String QUOTAS = """
            apiVersion: weir.dev/v1
            kind: Quota
            metadata: {name: bytes}
            spec: {service: shop, topics: [limited], produceBytes: 100KB, fetchBytes: 100KB, burst: 100ms}
            ---
            apiVersion: weir.dev/v1
            kind: Quota
            metadata: {name: requests}
            spec: {service: shop, topics: [counted], requests: 20, burst: 100ms}
            ---
            apiVersion: weir.dev/v1
            kind: Quota
            metadata: {name: dry}
            spec: {service: shop, topics: [counted-dry], requests: 1, burst: 100ms, mode: dry-run}
            ---
            """;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static TrafficClients clients;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().autoCreateTopics(false).start();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(TestPolicy.yaml(TrafficClients.SHOP + FAULTS + QUOTAS))
                .start();
        clients = new TrafficClients(kafka, weir);
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    private static FaultStatus fault(String name) {
        return weir.proxy().status().faults().stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aProducerThatIsToldOfNoLeaderTriesAgain() throws Exception {
        kafka.createTopic("failing", 1);
        try (KafkaProducer<String, String> producer = clients.producer("failing")) {
            TrafficClients.send(producer, "failing", ALL);
            assertThat(TrafficClients.metric(producer.metrics(), "record-retry-total"))
                    .isPositive();
        }
        assertThat(fault("no-leader-to-write").injected()).isPositive();
        assertThat(clients.written("failing")).isEqualTo(ALL);
    }

    @Test
    void aConsumerThatIsToldOfNoLeaderReadsEachRecordOnce() throws Exception {
        kafka.createTopic("read-on", 1);
        try (KafkaProducer<String, String> producer = clients.producer("plain")) {
            TrafficClients.send(producer, "read-on", ALL);
        }
        // few records for each fetch, so that sessions go on and there are many
        try (KafkaConsumer<String, String> consumer =
                clients.consumer("failing-reader", "max.partition.fetch.bytes", 600, "max.poll.records", 10)) {
            assertThat(TrafficClients.read(consumer, "read-on", RECORDS)).isEqualTo(ALL);
        }
        assertThat(fault("no-leader-to-read").injected()).isPositive();
    }

    @Test
    void aProducerWhoseConnectionEndsTriesAgain() throws Exception {
        kafka.createTopic("cut", 1);
        try (KafkaProducer<String, String> producer = clients.producer("cut")) {
            TrafficClients.send(producer, "cut", ALL);
        }
        assertThat(fault("cut").injected()).isPositive();
        assertThat(clients.written("cut")).isEqualTo(ALL);
    }

    @Test
    void whatNobodyAcknowledgesIsSpared() throws Exception {
        kafka.createTopic("unanswered", 1);
        try (KafkaProducer<String, String> producer =
                clients.producer("unanswered", "acks", "0", "enable.idempotence", false)) {
            TrafficClients.send(producer, "unanswered", ALL);
            // before it closes: a socket that is closed with an answer unread takes what it sent last with it
            assertThat(clients.written("unanswered", RECORDS)).isEqualTo(ALL);
        }
        assertThat(fault("cut-always").spared()).isPositive();
        assertThat(fault("fail-always").spared()).isPositive();
        assertThat(fault("cut-always").injected() + fault("fail-always").injected())
                .isZero();
    }

    @Test
    void clientsAreToldToBeQuiet() throws Exception {
        kafka.createTopic("quiet", 1);
        try (KafkaProducer<String, String> producer = clients.producer("quiet-producer")) {
            TrafficClients.send(producer, "quiet", ALL.subList(0, 3));
            assertThat(TrafficClients.metric(producer.metrics(), "produce-throttle-time-max"))
                    .isEqualTo(200);
            // of all answers, not of those to Produce alone
            assertThat(TrafficClients.metric(producer.metrics(), "produce-throttle-time-avg"))
                    .isPositive();
        }
        try (KafkaConsumer<String, String> consumer = clients.consumer("quiet-consumer")) {
            assertThat(TrafficClients.read(consumer, "quiet", 3)).hasSize(3);
            assertThat(TrafficClients.metric(consumer.metrics(), "fetch-throttle-time-max"))
                    .isEqualTo(200);
        }
    }

    @Test
    void aRequestThatIsDelayedIsWrittenLater() throws Exception {
        kafka.createTopic("slow", 1);
        try (KafkaProducer<String, String> producer = clients.producer("slow")) {
            long begun = System.nanoTime();
            TrafficClients.send(producer, "slow", ALL.subList(0, 3));
            assertThat(seconds(begun)).isGreaterThanOrEqualTo(0.3);
        }
        assertThat(clients.written("slow")).isEqualTo(ALL.subList(0, 3));
    }

    private static QuotaStatus quota(String name) {
        return weir.proxy().status().quotas().stream()
                .filter(quota -> quota.policy().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    @Test
    void aQuotaOfBytesHoldsTheRateBothWays() throws Exception {
        kafka.createTopic("limited", 1);
        List<String> values = IntStream.range(0, 200)
                .mapToObj(i -> i + "-" + "x".repeat(1_000))
                .toList();
        long begun = System.nanoTime();
        try (KafkaProducer<String, String> producer = clients.producer("limited", "batch.size", 5_000)) {
            TrafficClients.send(producer, "limited", values);
            // 200 KB at 100 KB a second, less the burst, and five requests that may be under way
            assertThat(seconds(begun)).isGreaterThan((200 - 10 - 5 * 5) / 100.0);
            assertThat(TrafficClients.metric(producer.metrics(), "produce-throttle-time-max"))
                    .isPositive();
        }
        assertThat(clients.written("limited")).isEqualTo(values);
        begun = System.nanoTime();
        try (KafkaConsumer<String, String> consumer =
                clients.consumer("limited", "max.partition.fetch.bytes", 10_000)) {
            assertThat(TrafficClients.read(consumer, "limited", 200)).isEqualTo(values);
            // the answer after the last is not waited for; one may be on its way besides
            assertThat(seconds(begun)).isGreaterThan((200 - 10 - 2 * 15) / 100.0);
            assertThat(TrafficClients.metric(consumer.metrics(), "fetch-throttle-time-max"))
                    .isPositive();
        }
        assertThat(quota("bytes").throttled()).isPositive();
        assertThat(quota("bytes").produceBytes()).isGreaterThan(200_000);
        assertThat(quota("bytes").fetchBytes()).isGreaterThan(200_000);
    }

    @Test
    void aQuotaOfRequestsHoldsTheRate() throws Exception {
        kafka.createTopic("counted", 1);
        long begun = System.nanoTime();
        try (KafkaProducer<String, String> producer = clients.producer("counted")) {
            for (String value : ALL.subList(0, 20)) {
                TrafficClients.send(producer, "counted", List.of(value));
            }
            assertThat(seconds(begun)).isGreaterThan((20 - 2 - 1) / 20.0);
        }
        assertThat(clients.written("counted")).isEqualTo(ALL.subList(0, 20));
        assertThat(quota("requests").requests()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void aQuotaInDryRunTellsNobody() throws Exception {
        kafka.createTopic("counted-dry", 1);
        try (KafkaProducer<String, String> producer = clients.producer("dry")) {
            TrafficClients.send(producer, "counted-dry", ALL.subList(0, 20));
            assertThat(TrafficClients.metric(producer.metrics(), "produce-throttle-time-max"))
                    .isZero();
        }
        assertThat(quota("dry").dryRun()).isPositive();
        assertThat(quota("dry").throttled()).isZero();
    }

    @Test
    void aDryRunOnlyCounts() throws Exception {
        kafka.createTopic("tried", 1);
        try (KafkaProducer<String, String> producer = clients.producer("tried", "retries", 0)) {
            TrafficClients.send(producer, "tried", ALL.subList(0, 3));
        }
        assertThat(fault("tried").dryRun()).isPositive();
        assertThat(fault("tried").injected()).isZero();
        assertThat(clients.written("tried")).isEqualTo(ALL.subList(0, 3));
    }
}
