package dev.weir.testkit.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.LongDeserializer;

/** A member of a group that writes what it receives into the ledger, on a thread of its own. */
final class LedgerConsumer implements AutoCloseable {

    private final Ledger ledger;
    private final String topic;
    private final KafkaConsumer<Long, Long> consumer;
    private final Thread thread;
    private volatile boolean stopped;

    LedgerConsumer(Ledger ledger, Map<String, Object> client, String topic) {
        this.ledger = ledger;
        this.topic = topic;
        Map<String, Object> properties = new HashMap<>(Map.of(
                "group.id", topic + "-ledger",
                "auto.offset.reset", "earliest",
                "auto.commit.interval.ms", 500,
                "isolation.level", "read_committed",
                "request.timeout.ms", 5_000,
                "retry.backoff.ms", 50,
                "reconnect.backoff.ms", 20,
                "reconnect.backoff.max.ms", 200));
        properties.putAll(client);
        this.consumer = new KafkaConsumer<>(properties, new LongDeserializer(), new LongDeserializer());
        this.thread = new Thread(this::receive, "ledger-consumer");
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive() {
        try (consumer) {
            consumer.subscribe(List.of(topic), new PositionsAnew());
            while (!stopped) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> ledger.received(record.partition(), record.offset(), record.value()));
            }
        } catch (WakeupException e) {
            // close() woke it
        } catch (KafkaException e) {
            ledger.clientFailed("consumer", e);
        }
    }

    private final class PositionsAnew implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> ledger.assigned(partition.partition()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was received stays received.
        }
    }
}
