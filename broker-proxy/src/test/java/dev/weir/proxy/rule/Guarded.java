package dev.weir.proxy.rule;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics whose bad records go to others, and who writes to them. */
final class Guarded {
    static final byte[] GOOD = GuardPolicy.good("a");
    static final byte[] BAD = GuardPolicy.bad("a");
    /** Long enough for all that a test sends at once to be one batch, also where its thread has to wait for a processor. */
    private static final int LINGER_MILLIS = 1_000;

    static final Duration PATIENCE = Patience.ANSWER;

    private Guarded() {}

    static ProxyFixture proxy(EmbeddedKafka kafka) {
        return ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(policy("shop"))
                .listener("open", null, null)
                .start();
    }

    /** @param writers the Service that may write: {@code shop}, which is everybody, or {@code nobody} */
    static PolicySnapshot policy(String writers) {
        StringBuilder yaml = new StringBuilder("""
                ---
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: nobody, owner: test}
                spec: {identities: [{sasl: nobody}]}
                ---
                apiVersion: weir.dev/v1
                kind: IdentityPropagation
                metadata: {name: named, owner: test}
                spec: {topics: ["orders-named"]}
                """);
        Map<String, String> lettersByTopic = Map.of(
                "orders", "letters",
                "small", "small-letters",
                "denied", "denied-letters",
                "busy", "busy-letters",
                "lost", "missing",
                "refused", "");
        lettersByTopic.forEach((topics, letters) -> yaml.append("""
                        ---
                        apiVersion: weir.dev/v1
                        kind: SchemaRule
                        metadata: {name: %1$s, owner: test}
                        spec: {topics: ["%1$s-0*", "%1$s-named"], value: {schema: r.avsc}, %2$s}
                        """.formatted(
                topics,
                letters.isEmpty() ? "onViolation: reject" : "onViolation: quarantine, deadLetterTopic: " + letters)));
        return GuardPolicy.with(writers, yaml.toString(), Map.of("r.avsc", GuardPolicy.SCHEMA));
    }

    static void configure(EmbeddedKafka kafka, String topic, String key, String value) throws Exception {
        Collection<AlterConfigOp> set =
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
        kafka.admin()
                .incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), set))
                .all()
                .get();
    }

    static KafkaProducer<byte[], byte[]> producer(ProxyFixture proxy, Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                proxy.bootstrap("open"),
                "client.id",
                "till",
                "linger.ms",
                LINGER_MILLIS,
                "retry.backoff.ms",
                20,
                "batch.size",
                100_000));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Whoever does not number its batches. */
    static KafkaProducer<byte[], byte[]> plain(ProxyFixture proxy, Object... more) {
        List<Object> all = new ArrayList<>(List.of("enable.idempotence", "false"));
        all.addAll(Arrays.asList(more));
        return producer(proxy, all.toArray());
    }

    static ProducerRecord<byte[], byte[]> record(String topic, int partition, byte[] value) {
        return new ProducerRecord<>(topic, partition, null, value);
    }

    static long end(EmbeddedKafka kafka, String topic, int partition) throws Exception {
        TopicPartition place = new TopicPartition(topic, partition);
        return kafka.admin()
                .listOffsets(Map.of(place, OffsetSpec.latest()))
                .partitionResult(place)
                .get()
                .offset();
    }

    /** The records of a partition from an offset on, around Weir. */
    static List<ConsumerRecord<byte[], byte[]>> read(EmbeddedKafka kafka, String topic, long from, int count) {
        Map<String, Object> properties = new HashMap<>(kafka.superUserProperties());
        properties.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition place = new TopicPartition(topic, 0);
            consumer.assign(List.of(place));
            consumer.seek(place, from);
            Patience.awaitAnswer().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                return read.size() >= count;
            });
        }
        return read;
    }

    static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
