package dev.weir.cli.demo;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The demo's screen. Lines come from any thread, event loops too, and are printed by a thread of its own: whoever
 * gives one never waits for a slow terminal, and what comes faster than that can be printed is left out.
 */
final class DemoScreen implements AutoCloseable {
    private static final int LINES_WAITING_MAX = 500;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(LINES_WAITING_MAX);
    private final @Nullable PrintWriter out;
    private final Clock clock;
    private final Thread printer = new Thread(this::print, "demo-screen");
    private volatile boolean closing;

    /** @param out {@code null} shows nothing */
    DemoScreen(@Nullable PrintWriter out, Clock clock) {
        this.out = out;
        this.clock = clock;
        printer.setDaemon(true);
        printer.start();
    }

    /** A line of its own, as it is. */
    void say(String line) {
        if (out != null) {
            waiting.offer(line);
        }
    }

    /** A line about something that happened now. */
    void happened(String line) {
        if (out != null) {
            waiting.offer(
                    LocalTime.ofInstant(clock.instant(), ZoneId.systemDefault()).format(TIME) + "  " + line);
        }
    }

    private void print() {
        try {
            while (!closing || !waiting.isEmpty()) {
                String line = waiting.poll(50, TimeUnit.MILLISECONDS);
                if (line != null && out != null) {
                    out.println(line);
                    if (waiting.isEmpty()) {
                        out.flush();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints what is waiting. */
    @Override
    public void close() {
        closing = true;
        try {
            printer.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
