package dev.weir.canary.kafka;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** A thread that follows a topic of the protocol, and begins anew after a pause whenever it cannot go on, until it is closed. */
final class FollowerThread implements AutoCloseable {
    private final Work work;
    private final Consumer<RuntimeException> failed;
    private final Runnable ended;
    private final long pauseMillis;
    private final long closeMillis;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable KafkaConsumer<?, ?> reading;

    /** What it does. */
    interface Work {
        /** Until {@link FollowerThread#isClosing()}, or until it cannot go on. */
        void follow(FollowerThread thread) throws InterruptedException;
    }

    /**
     * Makes one that does not run yet.
     *
     * @param failed told why it could not go on
     * @param ended called each time that the work has ended, however it did
     */
    FollowerThread(
            String name,
            Work work,
            Consumer<RuntimeException> failed,
            Runnable ended,
            long pauseMillis,
            long closeMillis) {
        this.work = work;
        this.failed = failed;
        this.ended = ended;
        this.pauseMillis = pauseMillis;
        this.closeMillis = closeMillis;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Waits for so long; gives whether it is closing. */
    boolean pause(long millis) throws InterruptedException {
        return closing.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Tells which consumer has to be woken when this is closed; {@code null} for none any more. */
    void reading(@Nullable KafkaConsumer<?, ?> consumer) {
        reading = consumer;
    }

    private void run() {
        try {
            do {
                try {
                    work.follow(this);
                } catch (InterruptException e) {
                    return;
                } catch (RuntimeException e) { // also a defect: it must not end here without anybody noticing
                    if (!isClosing()) {
                        failed.accept(e);
                    }
                } finally {
                    ended.run();
                }
            } while (!closing.await(pauseMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends
        }
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<?, ?> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(closeMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
