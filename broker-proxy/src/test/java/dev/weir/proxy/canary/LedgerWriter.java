package dev.weir.proxy.canary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes transactions of a few records, each with its key and number, of which every fifth is aborted and written again; what was
 * aborted is said to be so in its value. One record in ten has no key. On a thread of its own.
 */
final class LedgerWriter implements AutoCloseable {
    static final String ABORTED = "aborted";
    private static final int KEYS = 100;
    private static final int TRANSACTION = 8;

    private final SidesLedger ledger;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Thread thread;
    private volatile boolean stopping;

    LedgerWriter(SidesLedger ledger, String bootstrap, String topic, String compression) {
        this.ledger = ledger;
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "client.id",
                        "till",
                        "transactional.id",
                        "till-" + topic,
                        "compression.type",
                        compression,
                        "linger.ms",
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = new Thread(this::run, "ledger-writer");
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            producer.initTransactions();
            for (int transaction = 0; !stopping; transaction++) {
                List<String> records = new ArrayList<>();
                for (int i = 0; i < TRANSACTION; i++) {
                    int next = transaction * TRANSACTION + i;
                    String key = next % 10 == 0 ? "" : "customer-" + next % KEYS;
                    records.add(key + "/" + numbers.merge(key, 1, Integer::sum));
                }
                if (transaction % 5 == 0) {
                    producer.beginTransaction();
                    send(records, ABORTED);
                    producer.flush();
                    producer.abortTransaction();
                }
                producer.beginTransaction();
                send(records, "");
                producer.flush(); // a slow client can end a transaction before all of it is sent
                producer.commitTransaction();
                records.forEach(ledger::produced);
            }
        } catch (RuntimeException | InterruptedException | ExecutionException e) {
            ledger.failed("the writer", e);
        }
    }

    private void send(List<String> records, String prefix) throws InterruptedException, ExecutionException {
        for (String record : records) {
            String key = record.substring(0, record.lastIndexOf('/'));
            producer.send(new ProducerRecord<>(topic, key.isEmpty() ? null : bytes(key), bytes(prefix + record)));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends after the transaction that is open. */
    @Override
    public void close() {
        stopping = true;
        join(thread);
        producer.close();
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
