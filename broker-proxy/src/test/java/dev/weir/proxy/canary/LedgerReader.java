package dev.weir.proxy.canary;

import dev.weir.canary.Side;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A member of the group that writes what it processes into the ledger, and then commits: how far it has read, or no further than the
 * last record that it was given, as many clients do. On a thread of its own.
 */
final class LedgerReader implements AutoCloseable {
    private final SidesLedger ledger;
    private final Side side;
    private final String topic;
    private final boolean commitsDelivered;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean stopping;

    LedgerReader(
            SidesLedger ledger,
            Side side,
            String bootstrap,
            String clientId,
            String topic,
            boolean commitsDelivered,
            Map<String, ?> more) {
        this.ledger = ledger;
        this.side = side;
        this.topic = topic;
        this.commitsDelivered = commitsDelivered;
        this.consumer = new KafkaConsumer<>(
                settings(side, bootstrap, clientId, topic, more),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = new Thread(this::run, "ledger-" + clientId);
    }

    /** What its consumer is made with. */
    static Map<String, Object> settings(
            Side side, String bootstrap, String clientId, String group, Map<String, ?> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "client.id",
                clientId,
                "group.id",
                group,
                // the worst that it could be: only the mesh keeps it from skipping records
                "auto.offset.reset",
                side == Side.CANARY ? "latest" : "earliest",
                "enable.auto.commit",
                "false",
                "isolation.level",
                "read_committed",
                "max.poll.records",
                50,
                "metadata.max.age.ms",
                1_000, // soon finds a partition that is added
                "reconnect.backoff.max.ms",
                200));
        properties.putAll(more);
        return properties;
    }

    LedgerReader start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            consumer.subscribe(List.of(topic));
            while (!stopping) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    ledger.processed(
                            side,
                            new String(record.value(), StandardCharsets.UTF_8),
                            record.partition(),
                            record.offset());
                }
                commit(records);
            }
        } catch (WakeupException e) {
            // close() woke it
        } catch (RuntimeException e) {
            ledger.failed("a reader of " + side, e);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        }
    }

    private void commit(ConsumerRecords<byte[], byte[]> records) {
        try {
            if (commitsDelivered) {
                consumer.commitSync(delivered(records), Duration.ofSeconds(10));
            } else {
                consumer.commitSync(Duration.ofSeconds(10));
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            // a rebalance came between: what is not committed comes again, to the same side
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> delivered(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, OffsetAndMetadata> delivered = new HashMap<>();
        records.forEach(record -> delivered.put(
                new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1)));
        return delivered;
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        LedgerWriter.join(thread);
    }
}
