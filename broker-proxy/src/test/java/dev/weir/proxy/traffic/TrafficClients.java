package dev.weir.proxy.traffic;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Java clients of a Service {@code shop}, which is told apart by nothing, and topics of one partition. */
final class TrafficClients {
    static final String SHOP = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: shop}
            spec: {identities: [{anonymous: true}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: all}
            spec:
              topics: ["*"]
              rules: [{id: all, allow: [produce, consume], services: [shop], groups: ["*"]}]
            ---
            """;

    private final EmbeddedKafka kafka;
    private final ProxyFixture weir;

    TrafficClients(EmbeddedKafka kafka, ProxyFixture weir) {
        this.kafka = kafka;
        this.weir = weir;
    }

    /** An idempotent producer unless told otherwise, with a request for a few records each. */
    KafkaProducer<String, String> producer(String clientId, Object... more) {
        Map<String, Object> properties = properties(clientId, more);
        properties.putIfAbsent("linger.ms", 0);
        properties.putIfAbsent("batch.size", 100);
        properties.putIfAbsent("retry.backoff.ms", 5);
        properties.putIfAbsent("retry.backoff.max.ms", 10);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(String clientId, Object... more) {
        Map<String, Object> properties = properties(clientId, more);
        properties.putIfAbsent("retry.backoff.ms", 5);
        properties.putIfAbsent("retry.backoff.max.ms", 10);
        properties.putIfAbsent("auto.offset.reset", "none");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private Map<String, Object> properties(String clientId, Object... more) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("bootstrap.servers", weir.bootstrap(), "client.id", clientId));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return properties;
    }

    /** Sends all, and waits until each is acknowledged, if it is to be. */
    static void send(KafkaProducer<String, String> producer, String topic, List<String> values) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (String value : values) {
            sent.add(producer.send(new ProducerRecord<>(topic, value)));
        }
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /** The values of a topic from its beginning, until there are so many. */
    static List<String> read(KafkaConsumer<String, String> consumer, String topic, int records) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, 0);
        List<String> values = new ArrayList<>();
        Patience.awaitSettled().until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            return values.size() >= records;
        });
        return values;
    }

    /** What is in a topic, read from the broker itself. */
    List<String> written(String topic) throws Exception {
        return written(topic, end(topic));
    }

    /** As above, once there are so many. */
    List<String> written(String topic, long records) {
        Patience.awaitSettled().until(() -> end(topic) >= records);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(kafka.superUserProperties(), new StringDeserializer(), new StringDeserializer())) {
            return read(consumer, topic, (int) records);
        }
    }

    private long end(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return kafka.admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /** The first metric of a name that has a number. */
    static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name)
                        && metric.getKey().tags().keySet().stream().allMatch(tag -> tag.equals("client-id")))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }
}
