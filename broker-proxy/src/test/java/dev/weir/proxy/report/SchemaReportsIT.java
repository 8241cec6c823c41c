package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Flow.InvalidReason;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.rule.GuardPolicy;
import dev.weir.testkit.await.Patience;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is reported of records that are held against a schema. */
class SchemaReportsIT {
    private static final String RULES = """
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: rejected, owner: test}
            spec: {topics: [rejected], value: {schema: r.avsc}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: kept, owner: test}
            spec: {topics: [kept], value: {schema: r.avsc}, onViolation: quarantine, deadLetterTopic: letters}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: waiting, owner: test}
            spec: {topics: [waiting], value: {registry: gone}}
            """;
    private static final byte[] GOOD = {2, 'a'};
    private static final byte[] BAD = {10, 'a'};
    private static final byte[] TOO_LONG = {2, 'a', 0};

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        List.of("rejected", "kept", "letters", "waiting").forEach(topic -> kafka.createTopic(topic, 1));
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.with(RULES, Map.of("r.avsc", "\"string\"")))
                .reports(settings -> settings.withTimes(100, 5_000))
                .start();
        reported = new ReportedRecords(kafka.bootstrap());
    }

    @AfterAll
    static void stop() {
        reported.close();
        weir.close();
        kafka.close();
    }

    private static KafkaProducer<byte[], byte[]> producer(boolean idempotent) {
        return producer(Map.of("enable.idempotence", idempotent));
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("bootstrap.servers", weir.bootstrap(), "linger.ms", 1_000));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static long sum(String topic, ToLongFunction<Flow> value) {
        return reported.flows(flow -> flow.getTopic().equals(topic)).stream()
                .mapToLong(value)
                .sum();
    }

    private static List<Audit> violations(String topic) {
        return reported.audits(audit -> audit.getKind() == Audit.Kind.SCHEMA_VIOLATION
                && audit.getResourceName().equals(topic));
    }

    @Test
    void whatWentElsewhereIsNotCountedAsAppendedAndWhatDidNotIs() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(false)) {
            for (byte[] value : List.of(GOOD, BAD, GOOD, BAD)) {
                producer.send(new ProducerRecord<>("kept", value));
            }
            producer.flush();
            assertThat(producer.send(new ProducerRecord<>("kept", TOO_LONG))
                            .get()
                            .hasOffset())
                    .isFalse();
        }
        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(sum("kept", Flow::getRecordsChecked)).isEqualTo(5);
            assertThat(sum("kept", Flow::getRecordsInvalid)).isEqualTo(3);
            assertThat(sum("kept", flow -> flow.getInvalidReasonsOrDefault(InvalidReason.PAYLOAD_VALUE, 0)))
                    .isEqualTo(2);
            assertThat(sum("kept", flow -> flow.getInvalidReasonsOrDefault(InvalidReason.TRAILING_BYTES_VALUE, 0)))
                    .isEqualTo(1);
            assertThat(sum("kept", Flow::getRecords)).isEqualTo(2);
            assertThat(reported.progress("kept").stream().flatMap(one -> one.getAppendsList().stream()))
                    .extracting(Append::getFirstOffset, Append::getEndOffset, Append::getRecords)
                    .containsExactly(tuple(0L, 2L, 2L));
            assertThat(violations("kept").stream().mapToLong(Audit::getCount).sum())
                    .isEqualTo(3);
            assertThat(reported.progress("letters").stream()
                            .flatMap(one -> one.getAppendsList().stream())
                            .mapToLong(Append::getRecords)
                            .sum())
                    .as("nobody is said to go around the mesh")
                    .isEqualTo(3);
        });
        assertThat(violations("kept")).allSatisfy(audit -> {
            assertThat(audit.getReason()).isIn("payload: quarantined", "trailing-bytes: quarantined");
            assertThat(audit.getClient().getService()).isEqualTo("shop");
            assertThat(audit.getRule()).isEqualTo("kept");
            assertThat(audit.getRuleAt()).startsWith("policy.yaml:");
            assertThat(audit.getPolicyRevision()).isEqualTo(GuardPolicy.REVISION);
        });
    }

    @Test
    void whatIsRejectedShowsThoughNothingGoesOn() {
        try (KafkaProducer<byte[], byte[]> producer = producer(true)) {
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>("rejected", BAD)).get())
                    .hasMessageContaining("found a length of 5");
        }
        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(sum("rejected", Flow::getRecordsChecked)).isEqualTo(1);
            assertThat(sum("rejected", Flow::getRecordsInvalid)).isEqualTo(1);
            assertThat(sum("rejected", Flow::getRecords)).isZero();
            assertThat(violations("rejected"))
                    .extracting(Audit::getReason, Audit::getCount, Audit::getExample)
                    .containsExactly(tuple(
                            "payload: rejected",
                            1L,
                            "value by schema r.avsc: at the record (byte 0): found a length of 5 with 1 byte left,"
                                    + " expected a string"));
        });
    }

    @Test
    void whoWaitsForARegistryShowsThoughNothingCanBeJudged() {
        byte[] framed = {0, 0, 0, 0, 7, 2, 'a'};
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("retries", 0, "enable.idempotence", false))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("waiting", framed))
                            .get())
                    .hasMessageContaining(
                            "1 of the batch's 1 records cannot be judged: policy names schema registry gone");
        }
        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(sum("waiting", flow -> flow.getInvalidReasonsOrDefault(InvalidReason.REGISTRY_DOWN_VALUE, 0)))
                    .isEqualTo(1);
            assertThat(sum("waiting", Flow::getRecordsChecked)).isZero();
            assertThat(sum("waiting", Flow::getRecordsInvalid)).isZero();
            assertThat(violations("waiting"))
                    .extracting(Audit::getReason, Audit::getCount, Audit::getExample)
                    .containsExactly(tuple(
                            "registry-down: rejected",
                            1L,
                            "policy names schema registry gone, and this proxy has none of that name;"
                                    + " it wants schemaRegistries in weir.yaml"));
        });
    }
}
