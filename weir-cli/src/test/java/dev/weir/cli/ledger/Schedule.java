package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Tasks that run while something is measured. The first that fails is remembered, and thrown when they are stopped. */
final class Schedule implements AutoCloseable {
    private final ScheduledExecutorService threads;
    private final Pace pace;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** What may fail. */
    interface Task {
        void run() throws Exception;
    }

    /** @param pace is told how long tasks take */
    Schedule(int threads, Pace pace) {
        this.pace = pace;
        this.threads = Executors.newScheduledThreadPool(threads);
    }

    void every(long millis, Task task) {
        Future<?> unused = threads.scheduleAtFixedRate(() -> guarded(task), 0, millis, TimeUnit.MILLISECONDS);
    }

    void after(long millis, Task task) {
        Future<?> unused = threads.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
    }

    private void guarded(Task task) {
        if (failure.get() != null) {
            return;
        }
        long beganMillis = System.currentTimeMillis();
        try {
            task.run();
            pace.took(System.currentTimeMillis() - beganMillis);
        } catch (Throwable e) { // an assertion, too: thrown here it would end the task without a word
            failure.compareAndSet(null, e);
        }
    }

    /** Throws what a task has thrown. */
    void check() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a client of the test failed", failed);
        }
    }

    /** Waits for what runs, starts nothing more, and throws what a task has thrown. */
    void stop() {
        threads.shutdown();
        awaitSettled().until(() -> threads.awaitTermination(10, TimeUnit.MILLISECONDS));
        check();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
