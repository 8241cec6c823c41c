package dev.weir.bench.topology;

import dev.weir.bench.WorkFolder;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.TopologyApp;
import dev.weir.topology.TopologySettings;
import dev.weir.topology.metrics.MeshMetrics;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.Topology;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weir bench topology}: reports wait in Kafka, the topology starts, and what its one stream thread needs for them is
 * measured as CPU time of that thread; so neither Kafka in the same JVM nor the length of a poll is in it.
 */
@Command(
        name = "topology",
        description = "How many reports a second the topology takes on one core, and how soon it answers.",
        mixinStandardHelpOptions = true)
public final class TopologyCommand implements Callable<Integer> {
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int GOAL_PER_SECOND = 50_000;
    private static final int ANSWERS = 50;
    private static final int ROUNDS = 11;
    /** Longer than anything is kept. */
    private static final long ROUND_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);
    /** Pages that show a service. */
    private static final int NODES = 3;

    @Option(
            names = "--edges",
            split = ",",
            paramLabel = "N",
            defaultValue = "1000,5000,10000",
            description = "Sizes of the mesh (default: 1000,5000,10000).")
    private List<Integer> edges = List.of();

    @Option(
            names = "--reports",
            paramLabel = "N",
            defaultValue = "500000",
            description = "Reports of flows (default: 500000).")
    private int reports;

    @Option(
            names = "--partitions-percent",
            paramLabel = "N",
            defaultValue = "20",
            description = "Partitions that report progress, per hundred edges (default: 20).")
    private int partitionsPercent;

    @Override
    public Integer call() throws Exception {
        System.out.println(
                "  edges    reports  CPU us/report  reports/s on a core  answer ms  replay ms  round ms  view read ms");
        boolean good = true;
        for (int size : edges) {
            // the first is for the compiler
            if (size == edges.get(0)) {
                run(size, reports / 4);
            }
            Result result = run(size, reports);
            System.out.printf(
                    Locale.ROOT,
                    "%7d  %9d  %13.1f  %19d  %9.1f  %9.1f  %8.1f  %12d%n",
                    size,
                    result.reports,
                    result.microsPerReport(),
                    result.perSecond(),
                    result.answerMillis,
                    result.replayMillis,
                    result.roundMillis,
                    result.restartMillis);
            good &= result.perSecond() >= GOAL_PER_SECOND;
        }
        return good ? 0 : 1;
    }

    private record Result(
            long reports,
            long cpuNanos,
            double answerMillis,
            double replayMillis,
            double roundMillis,
            long restartMillis) {
        double microsPerReport() {
            return cpuNanos / 1e3 / reports;
        }

        long perSecond() {
            return Math.round(reports / (cpuNanos / 1e9));
        }
    }

    private Result run(int size, int flows) throws IOException, ExecutionException, InterruptedException {
        GeneratedReports generated =
                new GeneratedReports(size, size * partitionsPercent / 100, Math.max(1, flows / size));
        try (WorkFolder state = WorkFolder.create("weir-bench-topology");
                EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.admin()
                    .createTopics(ReportTopic.all().stream()
                            .map(topic -> new NewTopic(topic.topicName(), ReportTopic.PARTITIONS, (short) 1)
                                    .configs(topic.settings()))
                            .toList())
                    .all()
                    .get();
            generated.send(kafka.bootstrap());
            TopologySettings settings = TopologySettings.of(kafka.bootstrap(), "bench", state.path());
            long cpuNanos;
            long committed;
            double answerMillis;
            double replayMillis;
            double roundMillis;
            try (TopologyApp app = TopologyApp.start(settings)) {
                await(() -> app.counts().taken() >= generated.flows());
                committed = awaitCommitted(kafka.admin(), settings.applicationId(), generated.flows());
                cpuNanos = streamThreadNanos();
                await(() -> app.view().topology(Moment.NOW).edges().size() == size);
                // another window each time, as what was answered is kept for a moment
                answerMillis = millis(i -> app.view().topology(new Moment(OptionalLong.empty(), 60_000 + i)));
                long then = System.currentTimeMillis() - 30_000;
                replayMillis = millis(i -> app.view().topology(new Moment(OptionalLong.of(then), 60_000 + i)));
                roundMillis = roundMillis(app.view());
            }
            long restartMillis;
            long restarted = System.nanoTime();
            try (TopologyApp app = TopologyApp.start(settings)) {
                await(() -> app.view().freshness().state() != Freshness.State.STARTING
                        && app.view().topology(Moment.NOW).edges().size() == size);
                restartMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - restarted);
            }
            return new Result(committed, cpuNanos, answerMillis, replayMillis, roundMillis, restartMillis);
        }
    }

    /** Waits until the stream has committed all reports of the topics that it reads, and says how many they are. */
    private static long awaitCommitted(Admin admin, String group, long atLeast) {
        AtomicLong reports = new AtomicLong();
        await(() -> {
            try {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get();
                reports.set(committed.values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum());
                Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
                committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
                long ends = admin.listOffsets(latest).all().get().values().stream()
                        .mapToLong(ListOffsetsResultInfo::offset)
                        .sum();
                return reports.get() >= atLeast && reports.get() == ends;
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        return reports.get();
    }

    private static long streamThreadNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null
                    && thread.getThreadName().contains("StreamThread")
                    && !thread.getThreadName().contains("producer")) {
                nanos += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos;
    }

    /** What pages that show different views, a command line and Prometheus ask for after one change, all together. */
    private static double roundMillis(MeshView view) {
        double[] millis = new double[ROUNDS];
        try (MeshMetrics metrics = new MeshMetrics(view)) {
            for (int round = 0; round < ROUNDS; round++) {
                LockSupport.parkNanos(ROUND_PAUSE_NANOS);
                long begin = System.nanoTime();
                Topology topology = view.topology(Moment.NOW);
                view.groups(Moment.NOW);
                view.slos(Moment.NOW);
                view.security(Moment.NOW);
                for (Node node : topology.nodes()
                        .subList(0, Math.min(NODES, topology.nodes().size()))) {
                    view.service(node.name(), Moment.NOW);
                }
                metrics.text();
                millis[round] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[ROUNDS / 2];
    }

    private static double millis(IntFunction<Topology> answer) {
        long begin = System.nanoTime();
        long edges = 0;
        for (int i = 0; i < ANSWERS; i++) {
            edges += answer.apply(i).edges().size();
        }
        if (edges == 0) {
            throw new IllegalStateException("the topology has no edges");
        }
        return (System.nanoTime() - begin) / 1e6 / ANSWERS;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the topology did not get through its reports in a minute");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
