package dev.weir.bench.endtoend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured: for each metric the rounds, and in each round one value for every target. Compared is within a round,
 * where all targets had the same machine; what is reported is the median of those ratios.
 */
final class Results {
    private final Map<Metric, List<Map<String, Double>>> rounds = new LinkedHashMap<>();
    private final Map<Metric, Integer> disturbed = new LinkedHashMap<>();

    /** What is measured, and in which unit. */
    enum Metric {
        PRODUCE_MEGABYTES_PER_SECOND("produce, MB/s"),
        PRODUCE_CPU_SECONDS_PER_GB("produce, relay's CPU s per GB"),
        PRODUCE_MIRRORED_SHARE("produce, share of it that was mirrored"),
        MIRROR_CPU_SECONDS_PER_GB("mirroring, CPU s per mirrored GB"),
        CONSUME_MEGABYTES_PER_SECOND("consume, MB/s"),
        CONSUME_CPU_SECONDS_PER_GB("consume, relay's CPU s per GB"),
        PACED_P50_MILLIS("paced, p50 ms"),
        PACED_P99_MILLIS("paced, p99 ms"),
        PACED_CPU_MICROS_PER_RECORD("paced, relay's CPU us per record"),
        PACED_MIRRORED_SHARE("paced, share of it that is mirrored by then"),
        PACED_DROPPED_SHARE("paced, share that its mirror has no memory for"),
        IDLE_KILOBYTES_PER_CONNECTION("idle connection, KB resident"),
        IDLE_HEAP_KILOBYTES_PER_CONNECTION("idle connection, KB of heap after a collection"),
        START_SECONDS("start to first Metadata, s"),
        START_CPU_SECONDS("its CPU time, s"),
        START_ARCHIVED_SECONDS("start with an AppCDS archive, s"),
        START_ARCHIVED_CPU_SECONDS("its CPU time, s");

        final String title;

        Metric(String title) {
            this.title = title;
        }
    }

    /** Takes the values of one round, which must have one for each target. */
    void add(Metric metric, Map<String, Double> round) {
        rounds.computeIfAbsent(metric, absent -> new ArrayList<>()).add(new LinkedHashMap<>(round));
    }

    /** A round did not count, because others used the machine. */
    void addDisturbed(Metric metric) {
        disturbed.merge(metric, 1, Integer::sum);
    }

    Iterable<Metric> metrics() {
        return rounds.keySet();
    }

    int rounds(Metric metric) {
        return rounds.getOrDefault(metric, List.of()).size();
    }

    int disturbed(Metric metric) {
        return disturbed.getOrDefault(metric, 0);
    }

    /** The median of a target's values; NaN when there is none. */
    double median(Metric metric, String target) {
        return median(rounds.getOrDefault(metric, List.of()).stream()
                .filter(round -> round.containsKey(target))
                .mapToDouble(round -> round.get(target))
                .toArray());
    }

    /** The median over rounds of one target's value to another's; NaN when there is none. */
    double ratio(Metric metric, String target, String to) {
        return median(rounds.getOrDefault(metric, List.of()).stream()
                .filter(round -> round.containsKey(target) && round.containsKey(to))
                .mapToDouble(round -> round.get(target) / round.get(to))
                .toArray());
    }

    double[] values(Metric metric, String target) {
        return rounds.getOrDefault(metric, List.of()).stream()
                .filter(round -> round.containsKey(target))
                .mapToDouble(round -> round.get(target))
                .toArray();
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
