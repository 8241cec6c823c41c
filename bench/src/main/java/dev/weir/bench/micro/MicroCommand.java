package dev.weir.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir bench micro}: JMH, with settings short enough to be run now and then. */
@Command(
        name = "micro",
        description = "What single steps of the data path cost, by JMH; about two minutes for all.",
        mixinStandardHelpOptions = true)
public final class MicroCommand implements Callable<Integer> {
    private static final int WARMUPS = 2;

    @Parameters(arity = "0..1", defaultValue = ".*", description = "Which benchmarks, a regular expression.")
    private String pattern = ".*";

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measured seconds of each (default: 3).")
    private int iterations;

    @Option(names = "--gc-profile", description = "Say how much each allocates.")
    private boolean allocation;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "bench/target/micro.json",
            description = "Where JMH's JSON goes (default: bench/target/micro.json).")
    private Path out = Path.of("micro.json");

    @Override
    public Integer call() throws RunnerException, IOException {
        Files.createDirectories(out.toAbsolutePath().getParent());
        OptionsBuilder options = new OptionsBuilder();
        options.include("dev\\.weir\\.bench\\.micro\\..*" + pattern + ".*")
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgsAppend("-Dio.netty.allocator.type=pooled", "-XX:+UseSerialGC", "-Xmx1g")
                .resultFormat(ResultFormatType.JSON)
                .result(out.toString());
        if (allocation) {
            options.addProfiler("gc");
        }
        new Runner(options.build()).run();
        return 0;
    }
}
