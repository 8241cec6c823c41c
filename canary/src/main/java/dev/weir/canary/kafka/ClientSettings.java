package dev.weir.canary.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the protocol's Kafka clients from what reaches and opens the cluster. */
final class ClientSettings {
    /**
     * After which a broker is asked no longer that has not answered. Kafka's own 30 s are longer than a lease: all of a canary would stand still because of one
     * broker whose machine hangs. A group's member waits for its turn for as long as that takes all the same.
     */
    private static final int ANSWER_MILLIS = 5_000;

    private final Supplier<? extends Map<String, ?>> cluster;
    private final String clientId;

    /**
     * @param cluster {@code bootstrap.servers} and whatever it takes to log in; asked for each client, since secrets change
     * @param clientId what brokers log them as
     */
    ClientSettings(Supplier<? extends Map<String, ?>> cluster, String clientId) {
        this.cluster = cluster;
        this.clientId = clientId;
    }

    Map<String, Object> with(Map<String, ?> own) {
        Map<String, Object> all = new HashMap<>(cluster.get());
        all.put("client.id", clientId);
        all.put("enable.metrics.push", "false");
        all.put("metric.reporters", "");
        all.put("reconnect.backoff.max.ms", 1_000);
        all.put("request.timeout.ms", ANSWER_MILLIS);
        all.putAll(own);
        return all;
    }

    KafkaConsumer<byte[], byte[]> consumer(Map<String, ?> own) {
        return new KafkaConsumer<>(with(own), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, ?> own) {
        return new KafkaProducer<>(with(own), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Reads a partition from its beginning, without what was not committed. */
    KafkaConsumer<byte[], byte[]> reader(TopicPartition partition) {
        KafkaConsumer<byte[], byte[]> reader = consumer(Map.of(
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false"));
        reader.assign(List.of(partition));
        reader.seekToBeginning(List.of(partition));
        return reader;
    }
}
