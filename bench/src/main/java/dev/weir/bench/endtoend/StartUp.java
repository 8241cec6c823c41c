package dev.weir.bench.endtoend;

import dev.weir.bench.endtoend.Results.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From the start of {@code weir up} to its first answer to a Metadata request, with a small policy. */
final class StartUp {
    private static final int RULES = 10;
    private static final long SECONDS_MAX = 60;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String NAME = "weir-start";

    private final Setup setup;
    private final Path folder;

    StartUp(Setup setup, Path folder) {
        this.setup = setup;
        this.folder = folder;
    }

    void measure(int brokerPort, int times, Results results) {
        Setup.WeirFiles files = setup.weirFiles(NAME, brokerPort, RULES);
        Path archive = folder.resolve("weir.jsa");
        once(files, List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        List<String> archived = new ArrayList<>(List.of("-XX:SharedArchiveFile=" + archive));
        for (int i = 0; i < times; i++) {
            Start plain = once(files, List.of());
            results.add(Metric.START_SECONDS, Map.of(Target.WEIR, plain.seconds()));
            results.add(Metric.START_CPU_SECONDS, Map.of(Target.WEIR, plain.cpuSeconds()));
            Start quick = once(files, archived);
            results.add(Metric.START_ARCHIVED_SECONDS, Map.of(Target.WEIR, quick.seconds()));
            results.add(Metric.START_ARCHIVED_CPU_SECONDS, Map.of(Target.WEIR, quick.cpuSeconds()));
        }
    }

    private record Start(double seconds, double cpuSeconds) {}

    private Start once(Setup.WeirFiles files, List<String> options) {
        long startNanos = System.nanoTime();
        Process weir = setup.weir(NAME, files, options);
        try {
            while (!answers(files.port())) {
                if (!weir.isAlive() || System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(SECONDS_MAX)) {
                    throw new IllegalStateException("weir up does not answer; what it said is in " + NAME + ".log");
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            return new Start((System.nanoTime() - startNanos) / 1e9, Cpu.seconds(weir.pid()));
        } finally {
            Programs.end(weir);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            FirstMetadata.ask(socket);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
