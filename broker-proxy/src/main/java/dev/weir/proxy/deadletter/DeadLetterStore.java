package dev.weir.proxy.deadletter;

import dev.weir.proxy.batch.ByteBudget;
import dev.weir.proxy.config.ClusterConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The dead letters of one cluster. Any thread, none of which waits: a thread of its own, which is there while there is work,
 * hands them to a Kafka producer that is made with the first. What is on its way is bounded in bytes and in time.
 */
public final class DeadLetterStore implements AutoCloseable {
    /** Of all batches that wait for Kafka; a larger one goes alone. */
    static final long BYTES_MAX = 64L << 20;

    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_MILLIS = 2_000;

    private final DeadLetterProducer producer;
    private final Predicate<String> topics;
    private final Runnable refreshTopics;
    private final ThreadPoolExecutor thread;
    private final ByteBudget memory = new ByteBudget(BYTES_MAX);

    /**
     * Makes one; nothing runs yet.
     *
     * @param topics which there are, as far as is known
     * @param refreshTopics has that brought up to date; returns at once
     */
    public DeadLetterStore(ClusterConfig cluster, Predicate<String> topics, Runnable refreshTopics) {
        this.producer = new DeadLetterProducer(cluster);
        this.topics = topics;
        this.refreshTopics = refreshTopics;
        this.thread =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread made = new Thread(work, "weir-dead-letters-" + cluster.name());
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Sets memory aside for a batch; {@code false} when there is too much on its way already. */
    public boolean reserve(long bytes) {
        return memory.reserve(bytes);
    }

    /** They need not be kept after all. */
    public void release(DeadLetters letters) {
        release(letters.reservedBytes());
    }

    /** What was reserved is not needed. */
    public void release(long bytes) {
        memory.release(bytes);
    }

    /**
     * Keeps them. What was reserved for them is given back when that is over.
     *
     * @return never fails; completes on any thread
     */
    public CompletionStage<Keeping> keep(DeadLetters letters) {
        CompletableFuture<Keeping> kept = new CompletableFuture<>();
        kept.whenComplete((done, never) -> release(letters));
        if (!topics.test(letters.topic())) {
            refreshTopics.run();
            kept.complete(new Keeping.Failed(
                    false, "topic " + letters.topic() + " does not exist, or Weir's own user may not see it"));
            return kept;
        }
        long asOfNanos = System.nanoTime();
        try {
            thread.execute(() -> producer.send(letters, asOfNanos, kept));
        } catch (RejectedExecutionException e) {
            kept.complete(new Keeping.Failed(false, "Weir is stopping"));
        }
        return kept;
    }

    /** Gives what is on its way a moment to arrive. Blocks; not for an event loop. */
    @Override
    public void close() {
        try {
            thread.execute(() -> producer.close(CLOSE_MILLIS));
        } catch (RejectedExecutionException e) {
            return; // closed already
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(2 * CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
