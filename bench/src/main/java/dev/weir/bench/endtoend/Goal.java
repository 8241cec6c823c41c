package dev.weir.bench.endtoend;

import dev.weir.bench.endtoend.Results.Metric;
import java.util.List;

/**
 * Something that Weir is to reach.
 *
 * @param what for people
 * @param measured NaN when it was not measured
 * @param atMost whether {@code limit} is an upper limit
 */
record Goal(String what, double measured, boolean atMost, double limit) {

    enum Verdict {
        REACHED,
        FALLS_SHORT,
        NOT_MEASURED
    }

    Verdict verdict() {
        if (Double.isNaN(measured)) {
            return Verdict.NOT_MEASURED;
        }
        return (atMost ? measured <= limit : measured >= limit) ? Verdict.REACHED : Verdict.FALLS_SHORT;
    }

    static List<Goal> of(Results results) {
        return List.of(
                ratio(
                        results,
                        "produce CPU, to the raw relay's",
                        Metric.PRODUCE_CPU_SECONDS_PER_GB,
                        Target.RAW_RELAY,
                        1.3),
                ratio(results, "produce CPU, to HAProxy's", Metric.PRODUCE_CPU_SECONDS_PER_GB, Target.HAPROXY, 1.0),
                ratio(
                        results,
                        "consume CPU, to the raw relay's",
                        Metric.CONSUME_CPU_SECONDS_PER_GB,
                        Target.RAW_RELAY,
                        1.3),
                ratio(results, "consume CPU, to HAProxy's", Metric.CONSUME_CPU_SECONDS_PER_GB, Target.HAPROXY, 1.0),
                new Goal(
                        "consume throughput, to HAProxy's",
                        results.ratio(Metric.CONSUME_MEGABYTES_PER_SECOND, Target.WEIR, Target.HAPROXY),
                        false,
                        1.0),
                ratio(results, "paced p50, to HAProxy's", Metric.PACED_P50_MILLIS, Target.HAPROXY, 1.1),
                ratio(results, "paced p99, to HAProxy's", Metric.PACED_P99_MILLIS, Target.HAPROXY, 1.3),
                ratio(
                        results,
                        "produce CPU, to that without reports",
                        Metric.PRODUCE_CPU_SECONDS_PER_GB,
                        Variant.NO_REPORTS.target(),
                        1.05),
                ratio(
                        results,
                        "consume CPU, to that without reports",
                        Metric.CONSUME_CPU_SECONDS_PER_GB,
                        Variant.NO_REPORTS.target(),
                        1.05),
                ratio(
                        results,
                        "produce CPU with propagation, to that without",
                        Metric.PRODUCE_CPU_SECONDS_PER_GB,
                        Variant.PROPAGATION,
                        true,
                        2.0),
                ratio(
                        results,
                        "produce CPU with schema ids, to that without",
                        Metric.PRODUCE_CPU_SECONDS_PER_GB,
                        Variant.IDS,
                        true,
                        1.05),
                ratio(
                        results,
                        "produce throughput with schema ids, to that without",
                        Metric.PRODUCE_MEGABYTES_PER_SECOND,
                        Variant.IDS,
                        false,
                        0.95),
                ratio(
                        results,
                        "consume CPU with a canary elsewhere, to none",
                        Metric.CONSUME_CPU_SECONDS_PER_GB,
                        Variant.CANARY,
                        true,
                        1.05),
                mirror(results, "", Variant.MIRROR),
                mirror(results, " that nobody takes", Variant.MIRROR_DEAD),
                mirror(results, " that is slow", Variant.MIRROR_SLOW),
                mirror(results, " that is denied", Variant.MIRROR_DENIED),
                value(results, "memory of an idle connection, KB", Metric.IDLE_KILOBYTES_PER_CONNECTION, 20),
                value(results, "start to first Metadata, s", Metric.START_SECONDS, 1),
                value(results, "start with an AppCDS archive, s", Metric.START_ARCHIVED_SECONDS, 1));
    }

    private static Goal ratio(Results results, String what, Metric metric, String to, double limit) {
        return new Goal(what, results.ratio(metric, Target.WEIR, to), true, limit);
    }

    /** A variant's, to that of the Weir that is measured. */
    private static Goal ratio(
            Results results, String what, Metric metric, Variant variant, boolean atMost, double limit) {
        return new Goal(what, results.ratio(metric, variant.target(), Target.WEIR), atMost, limit);
    }

    private static Goal mirror(Results results, String which, Variant variant) {
        return ratio(
                results, "paced p99 with a mirror" + which + ", to none", Metric.PACED_P99_MILLIS, variant, true, 1.3);
    }

    private static Goal value(Results results, String what, Metric metric, double limit) {
        return new Goal(what, results.median(metric, Target.WEIR), true, limit);
    }
}
