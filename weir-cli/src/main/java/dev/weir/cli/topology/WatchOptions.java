package dev.weir.cli.topology;

import dev.weir.cli.CommandFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shows something once, or again and again. */
final class WatchOptions {
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);

    @Option(names = "--watch", description = "Show it again and again, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--interval", paramLabel = "TIME", description = "With --watch: how often (default: 2s).")
    private Duration interval = Duration.ofSeconds(2);

    @Option(names = "--for", paramLabel = "TIME", description = "With --watch: end by itself after this long.")
    private @Nullable Duration time;

    /** As {@link System#nanoTime}; tests have their own. */
    private final LongSupplier nanoTime;

    WatchOptions() {
        this(System::nanoTime);
    }

    WatchOptions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Shows a page. When it is shown again and again, a mesh that does not answer is no reason to end.
     *
     * @param page asked for what to show, each time
     */
    void show(PrintWriter out, Ink ink, Supplier<List<String>> page) throws InterruptedException {
        if (!watch) {
            print(out, "", page.get());
            return;
        }
        long endNanos = time == null ? Long.MAX_VALUE : time.toNanos();
        long beginNanos = nanoTime.getAsLong();
        Duration pause = interval.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : interval;
        while (true) {
            List<String> lines;
            try {
                lines = page.get();
            } catch (CommandFailure e) {
                lines = List.of(ink.bad(String.valueOf(e.getMessage())), "Trying again.");
            }
            print(out, ink.newPage(), lines);
            if (nanoTime.getAsLong() - beginNanos + pause.toNanos() > endNanos) {
                return;
            }
            Thread.sleep(pause.toMillis());
            if (!ink.on()) {
                out.println();
            }
        }
    }

    private static void print(PrintWriter out, String before, List<String> lines) {
        out.print(before);
        lines.forEach(out::println);
        out.flush();
    }
}
