package dev.weir.bench.endtoend;

import dev.weir.bench.endtoend.Results.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the loads over all targets in turn, each round beginning with another one: A B C D, B C D A. A round in which others used much of the machine is run
 * again, up to as often as there are rounds; when none was quiet, all count, and the report says so.
 */
final class Rounds {
    /** Share of all cores. */
    private static final double DISTURBED_SHARE = 0.15;

    /** With less, what was dropped cost, too. */
    private static final double MIRRORED_SHARE_MIN = 0.9;

    private static final double GB = 1e9;
    private static final double MB = 1e6;
    private static final int WARM_UP_SECONDS = 3;
    private static final int PER_SECOND = 5_000;

    private final List<Target> targets;
    private final Topics topics;
    private final Results results;
    private final Disturbance disturbance;
    private final Load load;
    private final int rounds;

    Rounds(List<Target> targets, Topics topics, Results results, Disturbance disturbance, Load load, int rounds) {
        this.targets = targets;
        this.topics = topics;
        this.results = results;
        this.disturbance = disturbance;
        this.load = load;
        this.rounds = rounds;
    }

    /** Lets every relay's JVM compile what it is going to run, and fills the topic that is consumed. */
    void warmUp(long records, int times) {
        load.produce(targets.get(0).bootstrap(), Topics.CONSUMED, records);
        for (int i = 0; i < times; i++) {
            for (Target target : targets) {
                produce(target, records);
                consume(target, records);
                load.paced(target.bootstrap(), Topics.PRODUCED, PER_SECOND, WARM_UP_SECONDS, () -> {});
            }
        }
    }

    void produce(long records) {
        repeat("produce", target -> produce(target, records));
    }

    void consume(long records) {
        repeat("consume", target -> consume(target, records));
    }

    void paced(int seconds) {
        repeat("paced", target -> paced(target, seconds));
    }

    private Map<Metric, Double> produce(Target target, long records) {
        Mirror.Ledger mirrored = target.settled();
        long before = topics.appended(Topics.PRODUCED);
        double cpuSeconds = target.cpuSeconds();
        double seconds = load.produce(target.bootstrap(), Topics.PRODUCED, records);
        mirrored = target.settled().since(mirrored); // copies that arrive later cost, too
        cpuSeconds = target.cpuSeconds() - cpuSeconds;
        verify(target, topics.appended(Topics.PRODUCED) - before, records);
        double bytes = (double) records * Load.RECORD_BYTES;
        Map<Metric, Double> values = values(
                target,
                Metric.PRODUCE_MEGABYTES_PER_SECOND,
                bytes / MB / seconds,
                Metric.PRODUCE_CPU_SECONDS_PER_GB,
                cpuSeconds / (bytes / GB));
        if (target.mirror() != null) {
            verifyMirror(target, mirrored, records);
            values.put(Metric.PRODUCE_MIRRORED_SHARE, mirrored.mirroredShare());
        }
        return values;
    }

    private Map<Metric, Double> consume(Target target, long records) {
        double cpuSeconds = target.cpuSeconds();
        double seconds = load.consume(target.bootstrap(), Topics.CONSUMED, records);
        cpuSeconds = target.cpuSeconds() - cpuSeconds;
        double bytes = (double) records * Load.RECORD_BYTES;
        return values(
                target,
                Metric.CONSUME_MEGABYTES_PER_SECOND,
                bytes / MB / seconds,
                Metric.CONSUME_CPU_SECONDS_PER_GB,
                cpuSeconds / (bytes / GB));
    }

    private Map<Metric, Double> paced(Target target, int seconds) {
        Mirror.Ledger mirrored = target.settled();
        long before = topics.appended(Topics.PRODUCED);
        double[] cpuSeconds = new double[1];
        Load.Latencies latencies = load.paced(
                target.bootstrap(), Topics.PRODUCED, PER_SECOND, seconds, () -> cpuSeconds[0] = target.cpuSeconds());
        double used = target.cpuSeconds() - cpuSeconds[0];
        mirrored = target.mirrored().since(mirrored);
        verify(target, topics.appended(Topics.PRODUCED) - before, Load.pacedRecords(PER_SECOND, seconds));
        Map<Metric, Double> values = values(
                target,
                Metric.PACED_P50_MILLIS,
                latencies.p50Millis(),
                Metric.PACED_CPU_MICROS_PER_RECORD,
                used * 1e6 / (PER_SECOND * (double) seconds));
        values.put(Metric.PACED_P99_MILLIS, latencies.p99Millis());
        if (target.mirror() != null) {
            verifyMirror(target, mirrored, Load.pacedRecords(PER_SECOND, seconds));
            values.put(Metric.PACED_MIRRORED_SHARE, mirrored.mirroredShare());
            values.put(Metric.PACED_DROPPED_SHARE, mirrored.droppedShare());
        }
        return values;
    }

    /** Without a relay there is no CPU of one. */
    private static Map<Metric, Double> values(Target target, Metric first, double value, Metric cpu, double cpuValue) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(first, value);
        if (target.relay() != null) {
            values.put(cpu, cpuValue);
        }
        return values;
    }

    private static void verify(Target target, long appended, long sent) {
        if (appended != sent) {
            throw new IllegalStateException(
                    "through " + target.name() + ", " + sent + " records were sent and " + appended + " appended");
        }
    }

    /** Whatever becomes of a copy, it is in the ledger. */
    private static void verifyMirror(Target target, Mirror.Ledger mirrored, long sent) {
        if (mirrored.eligible() != sent) {
            throw new IllegalStateException("through " + target.name() + ", " + sent + " records were sent, and "
                    + mirrored.eligible() + " are in the ledger of its mirror");
        }
    }

    /** Mirroring costs what a Weir with a mirror needs beyond what the one without needs, for what it mirrored. */
    private static void addMirroring(Map<Metric, Map<String, Double>> values) {
        Map<String, Double> cpu = values.getOrDefault(Metric.PRODUCE_CPU_SECONDS_PER_GB, Map.of());
        Double without = cpu.get(Target.WEIR);
        Map<String, Double> costs = new LinkedHashMap<>();
        values.getOrDefault(Metric.PRODUCE_MIRRORED_SHARE, Map.of()).forEach((target, share) -> {
            Double with = cpu.get(target);
            if (with != null && without != null && share >= MIRRORED_SHARE_MIN) {
                costs.put(target, (with - without) / share);
            }
        });
        if (!costs.isEmpty()) {
            values.put(Metric.MIRROR_CPU_SECONDS_PER_GB, costs);
        }
    }

    /** Who comes after whom costs, too: what the one before has left in caches and in the broker. */
    private List<Target> inTurn(int round) {
        List<Target> turned = new ArrayList<>(targets);
        Collections.rotate(turned, -round);
        return turned;
    }

    private interface Step {
        Map<Metric, Double> run(Target target);
    }

    private void repeat(String what, Step step) {
        int quiet = 0;
        int last = 2 * rounds;
        for (int round = 1; round <= last && quiet < rounds; round++) {
            Map<Metric, Map<String, Double>> values = new EnumMap<>(Metric.class);
            disturbance.begin();
            for (Target target : inTurn(round)) {
                step.run(target)
                        .forEach((metric, value) -> values.computeIfAbsent(metric, absent -> new LinkedHashMap<>())
                                .put(target.name(), value));
            }
            addMirroring(values);
            double share = disturbance.share();
            System.out.printf("%s, round %d: others used %.0f %% of the machine%n", what, round, share * 100);
            // the last ones count in any case: disturbed figures are better than none, and are marked
            if (share <= DISTURBED_SHARE || quiet + last - round < rounds) {
                quiet++;
                values.forEach(results::add);
            }
            if (share > DISTURBED_SHARE) {
                values.keySet().forEach(results::addDisturbed);
            }
        }
    }
}
