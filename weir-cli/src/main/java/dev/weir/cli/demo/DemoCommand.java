package dev.weir.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.ExitCode;
import dev.weir.cli.logging.LogLevel;
import dev.weir.cli.logging.Logging;
import dev.weir.cli.mesh.ErrorLog;
import dev.weir.cli.status.RunFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir demo}. */
@Command(
        name = "demo",
        description = {
            "See it work, with nothing but this machine: a Kafka, six sample services that talk through Weir,",
            "and policy in a Git repository that you can edit while they run. Ends with Ctrl-C."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;
    private static final long TALLY_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Option(names = "--for", paramLabel = "TIME", description = "End by itself after this long, such as 60s or 5m.")
    private @Nullable Duration time;

    @Option(names = "--json", description = "Show nothing but a summary at the end, as one JSON object.")
    private boolean json;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where clients connect; the next five ports are taken too. 0 for any free ones."
                    + " Left out: 9192, or any free ones if one of these is taken.")
    private @Nullable Integer port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "The admin endpoint. 0 for any free one. Left out: 9190, or any free one if that is taken.")
    private @Nullable Integer adminPort;

    @Option(
            names = "--dashboard-port",
            paramLabel = "PORT",
            description = "The dashboard. 0 for any free one. Left out: 9191, or any free one if that is taken.")
    private @Nullable Integer dashboardPort;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where to make the policy repository, which stays then. Left out: a temporary folder.")
    private @Nullable Path folder;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "What of Weir's own log goes to standard error (default: error).")
    private LogLevel level = LogLevel.ERROR;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ErrorLog errors = ErrorLog.of(Logging.forDemo(level));
        PrintWriter out = spec.commandLine().getOut();
        DemoSettings settings = new DemoSettings(
                FreePorts.choose(port, DemoSettings.PORT, Door.PORTS),
                FreePorts.choose(adminPort, DemoSettings.ADMIN_PORT, 1),
                FreePorts.choose(dashboardPort, DemoSettings.TOPOLOGY_PORT, 1),
                Optional.ofNullable(folder));
        DemoSettings elsewhere = new DemoSettings(
                port == null ? 0 : port,
                adminPort == null ? 0 : adminPort,
                dashboardPort == null ? 0 : dashboardPort,
                settings.folder());
        try (Ending ending = new Ending()) {
            DemoSummary summary;
            try (DemoScreen screen = new DemoScreen(json ? null : out, Clock.systemUTC())) {
                summary = run(settings, elsewhere, screen, errors, ending);
            }
            if (json) {
                out.println(text(summary));
            }
            out.flush();
        }
        return ExitCode.OK;
    }

    private DemoSummary run(
            DemoSettings settings, DemoSettings elsewhere, DemoScreen screen, ErrorLog errors, Ending ending)
            throws InterruptedException {
        screen.say("Weir demo: starting a Kafka, a policy repository and six services...");
        try (Demo demo = Demo.start(settings, elsewhere, screen, errors)) {
            Instant startedAt = Instant.now();
            RunFile runFile =
                    RunFile.write(RunFile.folder(), RunFile.Running.here("demo", demo.adminUrl(), "", startedAt));
            try {
                Introduction.of(demo).forEach(screen::say);
                demo.mesh().topologyUrl().thenAccept(url -> {
                    runFile.rewrite(RunFile.Running.here("demo", demo.adminUrl(), url, startedAt));
                    screen.happened("dashboard is at " + url + "/ : who produces, who consumes, who is late");
                });
                watch(demo, screen, ending);
            } finally {
                runFile.close();
            }
            demo.settle();
            DemoSummary summary = demo.summary();
            screen.happened("ending   after " + Introduction.counts(summary));
            screen.happened("ledger   " + CanaryLog.words(summary.canary()));
            return summary;
        }
    }

    /** Keeps the screen up to date until it is time to end. */
    private void watch(Demo demo, DemoScreen screen, Ending ending) throws InterruptedException {
        PolicyWatch policy = new PolicyWatch(screen::happened);
        CanaryLog canaries = new CanaryLog(screen::happened);
        long beginNanos = System.nanoTime();
        long tallyNanos = beginNanos;
        while (time == null || System.nanoTime() - beginNanos < time.toNanos()) {
            policy.look(demo.mesh().policy().status());
            canaries.look(demo.mesh(), List.of(Shop.GOOD_CANARY, Shop.BAD_CANARY), demo.ledger());
            if (System.nanoTime() - tallyNanos > TALLY_NANOS) {
                tallyNanos = System.nanoTime();
                screen.happened("so far   " + Introduction.counts(demo.summary()));
            }
            if (ending.await(LOOK_MILLIS)) {
                return;
            }
        }
    }

    static String text(DemoSummary summary) {
        try {
            return new ObjectMapper().writeValueAsString(summary);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the summary cannot be written", e);
        }
    }

    /** Ctrl-C and SIGTERM end the demo, which then closes what it started before the process goes. */
    private static final class Ending implements AutoCloseable {
        private static final long PATIENCE_SECONDS = 20;

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread hook = new Thread(this::end, "demo-end");

        Ending() {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        /** Whether it is time to end. */
        boolean await(long millis) throws InterruptedException {
            return asked.await(millis, TimeUnit.MILLISECONDS);
        }

        private void end() {
            asked.countDown();
            try {
                if (ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    // a JVM that a signal ends would say 130, as if something had gone wrong
                    Runtime.getRuntime().halt(ExitCode.OK);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // asked by a signal: the process ends when the hook does
            }
        }
    }
}
