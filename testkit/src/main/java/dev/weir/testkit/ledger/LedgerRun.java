package dev.weir.testkit.ledger;

import dev.weir.testkit.await.Patience;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A producer and a consumer that keep working while the test breaks what is between them and the brokers.
 *
 * <pre>{@code
 * try (LedgerRun run = LedgerRun.start(clientProperties, "orders", 3)) {
 *     run.awaitProgress(500);
 *     proxy.restart();
 *     run.awaitProgress(500);
 *     assertThat(run.finish().violations()).isEmpty();
 * }
 * }</pre>
 */
public final class LedgerRun implements AutoCloseable {

    private final Ledger ledger = new Ledger();
    private final LedgerProducer producer;
    private final LedgerConsumer consumer;

    private LedgerRun(Map<String, Object> client, String topic, int partitions) {
        this.producer = new LedgerProducer(ledger, client, topic, partitions);
        this.consumer = new LedgerConsumer(ledger, client, topic);
    }

    /**
     * Starts both clients.
     *
     * @param client {@code bootstrap.servers}, security, and whatever else both clients are to have
     * @param topic an existing, empty topic
     * @param partitions how many partitions the topic has
     */
    public static LedgerRun start(Map<String, Object> client, String topic, int partitions) {
        LedgerRun run = new LedgerRun(client, topic, partitions);
        run.producer.start();
        run.consumer.start();
        return run;
    }

    /** Waits until this many more records than now were acknowledged, and as many more received. */
    public void awaitProgress(long records) {
        long acked = ledger.ackedCount() + records;
        long received = ledger.receivedCount() + records;
        try {
            Patience.awaitSettled().until(() -> ledger.ackedCount() >= acked && ledger.receivedCount() >= received);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "no progress: acknowledged " + ledger.ackedCount() + " of " + acked + ", received "
                            + ledger.receivedCount() + " of " + received + "; "
                            + ledger.result().violations(),
                    e);
        }
    }

    /** Both sides so far. */
    public Ledger ledger() {
        return ledger;
    }

    /** Stops producing, waits for the consumer to receive what was acknowledged, stops it, and compares. */
    public LedgerResult finish() {
        producer.close();
        try {
            Patience.awaitSettled().until(ledger::complete);
        } catch (ConditionTimeoutException e) {
            // The comparison below names each record that is missing.
        }
        consumer.close();
        return ledger.result();
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
