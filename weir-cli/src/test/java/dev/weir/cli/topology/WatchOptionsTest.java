package dev.weir.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class WatchOptionsTest {
    @Command
    private static final class Watching {
        private final AtomicLong nanos = new AtomicLong();

        @Mixin
        private final WatchOptions options = new WatchOptions(() -> nanos.getAndAdd(100_000_000));
    }

    @Test
    void showsPageAfterPageUntilTheTimeIsOverAlsoWhenThereIsNoAnswer() throws InterruptedException {
        Watching watching = new Watching();
        new CommandLine(watching).parseArgs("--watch", "--interval", "PT0.1S", "--for", "PT0.35S");
        StringWriter out = new StringWriter();
        AtomicInteger pages = new AtomicInteger();
        watching.options.show(new PrintWriter(out, true), new Ink(false), () -> {
            if (pages.incrementAndGet() == 2) {
                throw new CommandFailure("nobody answers");
            }
            return List.of("page " + pages.get());
        });
        assertThat(out.toString().lines())
                .containsExactly("page 1", "", "nobody answers", "Trying again.", "", "page 3");
    }
}
