package dev.weir.bench.endtoend;

import dev.weir.bench.WorkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench e2e}. */
@Command(
        name = "e2e",
        description = {
            "Weir beside a direct connection, a raw TCP relay and, where it is installed, HAProxy:",
            "each a process of its own on loopback, in interleaved rounds. Linux only."
        },
        mixinStandardHelpOptions = true)
public final class EndToEndCommand implements Callable<Integer> {
    private static final long MB = 1024 * 1024;

    /** Parts of the run. */
    enum Part {
        PRODUCE,
        CONSUME,
        PACED,
        IDLE,
        START
    }

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Some parts only: ${COMPLETION-CANDIDATES}.")
    private @Nullable Set<Part> only;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "Rounds of each (default: 5).")
    private int rounds;

    @Option(
            names = "--warm-ups",
            defaultValue = "4",
            paramLabel = "N",
            description = "Runs of each load that do not count: JVMs compile meanwhile (default: 4).")
    private int warmUps;

    @Option(
            names = "--mb",
            defaultValue = "512",
            paramLabel = "N",
            description = "MB to produce and to consume, per round and target (default: 512).")
    private long megabytes;

    @Option(
            names = "--compression",
            defaultValue = "none",
            paramLabel = "TYPE",
            description = "How producers compress: none, lz4, snappy, zstd, gzip (default: none).")
    private String compression = "none";

    @Option(
            names = "--seconds",
            defaultValue = "6",
            paramLabel = "N",
            description = "Seconds at 5,000 records a second, per round and target (default: 6).")
    private int seconds;

    @Option(
            names = "--idle",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Idle connections (default: 2000).")
    private int idle;

    @Option(names = "--starts", defaultValue = "5", paramLabel = "N", description = "Starts of Weir (default: 5).")
    private int starts;

    @Option(
            names = "--weir-jvm",
            split = " ",
            paramLabel = "OPTIONS",
            description = "Further options for Weir's JVM, for instance to profile it.")
    private List<String> weirOptions = new ArrayList<>();

    @Option(
            names = "--also",
            split = ",",
            paramLabel = "WEIR",
            description = {
                "Further Weirs: ${COMPLETION-CANDIDATES}. What reports cost, or a topology in the",
                "same process, is the ratio of two of them. The Weir that is measured reports, and has no topology."
            })
    private Set<Variant> also = EnumSet.noneOf(Variant.class);

    @Option(
            names = "--out",
            defaultValue = "bench/target/e2e.json",
            paramLabel = "FILE",
            description = "Where the figures go (default: bench/target/e2e.json).")
    private Path out = Path.of("e2e.json");

    @Override
    public Integer call() throws IOException {
        WorkFolder work = WorkFolder.create("weir-bench");
        Path folder = work.path();
        Results results = new Results();
        boolean done = false;
        try (OrderRegistry registry = OrderRegistry.start();
                Programs programs = new Programs(folder)) {
            Setup setup = new Setup(programs, folder, weirOptions, also, registry);
            List<Target> targets = setup.start();
            measure(programs, setup, folder, targets, results);
            Report report =
                    new Report(results, targets.stream().map(Target::name).toList());
            report.print(System.out);
            report.write(out);
            System.out.println("\nall figures: " + out);
            done = true;
        } finally {
            if (done) {
                work.close();
            } else {
                System.err.println("what the programs said is in " + folder);
            }
        }
        return 0;
    }

    private void measure(Programs programs, Setup setup, Path folder, List<Target> targets, Results results) {
        Set<Part> parts = only == null ? EnumSet.allOf(Part.class) : only;
        try (Topics topics = new Topics(targets.get(0).bootstrap())) {
            topics.forgetProduced();
            Rounds measured = new Rounds(
                    targets, topics, results, new Disturbance(programs.pids()), new Load(compression), rounds);
            long records = megabytes * MB / Load.RECORD_BYTES;
            if (parts.contains(Part.PRODUCE) || parts.contains(Part.CONSUME) || parts.contains(Part.PACED)) {
                measured.warmUp(records, warmUps);
            }
            if (parts.contains(Part.PRODUCE)) {
                measured.produce(records);
            }
            if (parts.contains(Part.CONSUME)) {
                measured.consume(records);
            }
            if (parts.contains(Part.PACED)) {
                measured.paced(seconds);
            }
        }
        if (parts.contains(Part.IDLE)) {
            new IdleConnections(idle).measure(targets, results);
        }
        if (parts.contains(Part.START)) {
            new StartUp(setup, folder).measure(targets.get(0).port(), starts, results);
        }
    }
}
