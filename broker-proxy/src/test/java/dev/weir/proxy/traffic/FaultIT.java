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

/** Real clients that are hit by faults on purpose: they see them, and no record is lost, doubled or out of its order. */
class FaultIT {
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

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static TrafficClients clients;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().autoCreateTopics(false).start();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(TestPolicy.yaml(TrafficClients.SHOP + FAULTS))
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
        }
        assertThat(clients.written("unanswered", RECORDS)).isEqualTo(ALL);
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
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(300_000_000);
        }
        assertThat(clients.written("slow")).isEqualTo(ALL.subList(0, 3));
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
