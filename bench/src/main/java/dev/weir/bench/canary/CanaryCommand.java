package dev.weir.bench.canary;

import dev.weir.canary.Clients;
import dev.weir.canary.EpochTable;
import dev.weir.canary.Handover;
import dev.weir.canary.Scope;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.canary.kafka.MeshMember;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.kafka.EmbeddedKafka;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weir bench canary}: the change protocol on a real Kafka in the same JVM, without traffic. What is measured is, for each change, the
 * proxy that held longest, and the time from the wish until all serve by the new weight.
 */
@Command(
        name = "canary",
        description = "For how long a change of a canary's weight holds its topics.",
        mixinStandardHelpOptions = true)
public final class CanaryCommand implements Callable<Integer> {
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WARM_UP = 50;
    private static final double GOAL_MILLIS = 100;
    private static final String CANARY = "payments";

    @Option(
            names = "--proxies",
            paramLabel = "N",
            defaultValue = "4",
            description = "Proxies that have to agree (default: 4).")
    private int proxies;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "200",
            description = "Changes that are measured (default: 200).")
    private int changes;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of the topic (default: 12).")
    private int partitions;

    private final AtomicReference<CanaryPlan> plan = new AtomicReference<>(plan(0));

    @Override
    public Integer call() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            measure(Map.of("bootstrap.servers", kafka.bootstrap()));
        }
        return 0;
    }

    private void measure(Map<String, Object> cluster) throws Exception {
        try (Admin admin = Admin.create(cluster)) {
            admin.createTopics(List.of(new NewTopic(CANARY, partitions, (short) 1)))
                    .all()
                    .get();
        }
        List<MeshMember> members = new ArrayList<>();
        ControllerNode controller = ControllerNode.start(
                () -> cluster, "bench", ChangeTimes.DEFAULT, () -> List.of(plan.get()), Measuring.NONE);
        try {
            for (int i = 0; i < proxies; i++) {
                members.add(MeshMember.start(() -> cluster, "proxy-" + i, ChangeTimes.DEFAULT, () -> {}));
            }
            until(() -> members.stream().allMatch(member -> member.serving(CANARY) != null));
            run(members, WARM_UP);
            double[][] measured = run(members, changes);
            System.out.printf(
                    Locale.ROOT,
                    "%d changes, %d proxies, %d partitions          p50      p99      max ms%n",
                    changes,
                    proxies,
                    partitions);
            print("topics held (the proxy that held longest)", measured[0]);
            print("from the wish until all serve by it", measured[1]);
            double p99 = percentile(measured[0], 0.99);
            System.out.printf(
                    Locale.ROOT,
                    "hold, 99 %% of changes: %.0f ms, goal below %.0f ms: %s%n",
                    p99,
                    GOAL_MILLIS,
                    p99 < GOAL_MILLIS ? "reached" : "FALLS SHORT");
        } finally {
            members.forEach(MeshMember::close);
            controller.close();
        }
    }

    /** Milliseconds held, and milliseconds in all, of each change. */
    private double[][] run(List<MeshMember> members, int count) {
        double[] held = new double[count];
        double[] all = new double[count];
        for (int i = 0; i < count; i++) {
            Weight weight = plan(i % 2 == 0 ? 10 : 50).rollout().steps().get(0).weight();
            long began = System.nanoTime();
            plan.set(plan(i % 2 == 0 ? 10 : 50));
            until(() -> members.stream().allMatch(member -> {
                EpochTable table = member.serving(CANARY);
                return table != null && table.weight().equals(weight);
            }));
            all[i] = (System.nanoTime() - began) / 1e6;
            held[i] = members.stream()
                    .mapToDouble(member -> member.lastHold().toNanos() / 1e6)
                    .max()
                    .orElse(0);
        }
        return new double[][] {held, all};
    }

    private static void print(String what, double[] millis) {
        System.out.printf(
                Locale.ROOT,
                "  %-42s %8.1f %8.1f %8.1f%n",
                what,
                percentile(millis, 0.5),
                percentile(millis, 0.99),
                percentile(millis, 1));
    }

    private static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
    }

    private static CanaryPlan plan(int percent) {
        return new CanaryPlan(
                CANARY,
                new Scope(
                        "payments",
                        "payments~canary",
                        List.of(CANARY),
                        new Slices(CANARY),
                        new Clients("payments", "v1*", List.of()),
                        new Clients("payments", "v2*", List.of())),
                RolloutPlan.staying(new Weight(percent * 100), Gates.NONE),
                Handover.UNORDERED);
    }

    private static void until(BooleanSupplier met) {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (!met.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("a change has not come through within a minute");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
