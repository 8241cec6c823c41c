package dev.weir.testkit.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.LongSerializer;

/** Sends numbered records to all partitions in turn, on a thread of its own, and writes acknowledgements into the ledger. */
final class LedgerProducer implements AutoCloseable {

    /** About a thousand records a second: enough for every moment to have some under way, and little CPU. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Ledger ledger;
    private final String topic;
    private final int partitions;
    private final KafkaProducer<Long, Long> producer;
    private final Thread thread;
    private volatile boolean stopped;

    LedgerProducer(Ledger ledger, Map<String, Object> client, String topic, int partitions) {
        this.ledger = ledger;
        this.topic = topic;
        this.partitions = partitions;
        Map<String, Object> properties = new HashMap<>(Map.of(
                "enable.idempotence", true,
                "acks", "all",
                "linger.ms", 5,
                "request.timeout.ms", 5_000,
                "delivery.timeout.ms", 120_000,
                "max.block.ms", 60_000,
                "retry.backoff.ms", 50,
                "reconnect.backoff.ms", 20,
                "reconnect.backoff.max.ms", 200));
        properties.putAll(client);
        this.producer = new KafkaProducer<>(properties, new LongSerializer(), new LongSerializer());
        this.thread = new Thread(this::send, "ledger-producer");
    }

    void start() {
        thread.start();
    }

    /** Stops sending, and returns when every record sent was acknowledged or given up. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofMinutes(1));
    }

    private void send() {
        try {
            for (long sequence = 0; !stopped; sequence++) {
                send((int) (sequence % partitions), sequence);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            producer.flush();
        } catch (KafkaException e) {
            ledger.clientFailed("producer", e);
        }
    }

    private void send(int partition, long sequence) {
        // The callback is told all that the future would tell.
        Future<?> unused =
                producer.send(new ProducerRecord<>(topic, partition, sequence, sequence), (metadata, failure) -> {
                    if (failure == null) {
                        ledger.acked(metadata.partition(), metadata.offset(), sequence);
                    } else {
                        ledger.givenUp(partition, sequence, failure);
                    }
                });
    }
}
