package dev.weir.cli.up;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C and SIGTERM: whatever has been registered is closed, the latest first, and the process ends with 0. Works
 * also while the program is still starting. Closed when the program ends by itself.
 */
final class StopSignal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Thread hook = new Thread(this::stop, "weir-stop");

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Closes this when the signal comes. */
    synchronized void stops(AutoCloseable part) {
        closing.push(part);
    }

    /** Waits for the signal; does not return, since the process ends with it. */
    void await() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private void stop() {
        LOG.info("Weir is stopping");
        int exitCode = 0;
        for (AutoCloseable part : parts()) {
            try {
                part.close();
            } catch (Exception e) {
                exitCode = 1;
                LOG.atError().setCause(e).log("stopping failed");
            }
        }
        LOG.info("Weir has stopped");
        // a JVM that ends by a signal would say 143, which systemd takes for a failure
        Runtime.getRuntime().halt(exitCode);
    }

    private synchronized Deque<AutoCloseable> parts() {
        return new ArrayDeque<>(closing);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the signal has come: the hook ends the process
        }
    }
}
