package dev.weir.cli.ledger;

import dev.weir.topology.view.GroupLag;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** How far the time lag that Weir shows of a load is from the truth, and how far that of a lag exporter is. */
final class LagErrors {
    /** How long it may take to show what happened: two rounds of a proxy, and the way through Kafka. */
    private static final long SHOWN_MILLIS = 3_000;

    private final Load load;
    private final PollingExporter exporter;
    private final List<Long> ours = new ArrayList<>();
    private final List<Long> atThatMoment = new ArrayList<>();
    private final List<Long> theirs = new ArrayList<>();
    private String worstSample = "";

    LagErrors(Load load, Admin admin) {
        this.load = load;
        this.exporter = new PollingExporter(admin, load.topic(), load.topic());
    }

    void pollExporter() throws Exception {
        exporter.poll();
    }

    /** Takes what was shown at some moment between two times. */
    synchronized void sample(List<GroupLag> groups, long fromMillis, long toMillis) {
        long allowedMillis = toMillis - fromMillis + SHOWN_MILLIS;
        for (GroupLag group : groups) {
            if (group.group().equals(load.topic()) && group.lagMillis() >= 0) {
                long error = load.truth().errorMillis(group.lagMillis(), toMillis, allowedMillis);
                if (error > worst(ours)) {
                    worstSample = "%d ms shown, truth %d ms"
                            .formatted(group.lagMillis(), load.truth().lagMillis(toMillis));
                }
                ours.add(error);
                atThatMoment.add(load.truth().errorMillis(group.lagMillis(), toMillis, toMillis - fromMillis));
            }
        }
        if (exporter.lagMillis() >= 0) {
            theirs.add(load.truth().errorMillis(exporter.lagMillis(), toMillis, allowedMillis));
        }
    }

    /** What was seen when Weir was furthest off. */
    synchronized String worstSample() {
        return worstSample;
    }

    synchronized int samples() {
        return ours.size();
    }

    /** What nine of ten samples are not further off than. */
    synchronized long usualMillis() {
        return quantile(ours);
    }

    synchronized double meanMillis() {
        return mean(ours);
    }

    synchronized double meanMillisOfExporter() {
        return mean(theirs);
    }

    @Override
    public synchronized String toString() {
        return "%-8s Weir: mean %5.0f ms, 90 %% within %5d ms, worst %5d ms (without allowance for its way: mean %5.0f ms); polling: mean %5.0f ms, worst %5d ms"
                .formatted(
                        load.topic(),
                        mean(ours),
                        quantile(ours),
                        worst(ours),
                        mean(atThatMoment),
                        mean(theirs),
                        worst(theirs));
    }

    private static long quantile(List<Long> errors) {
        long[] sorted = errors.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted.length == 0 ? -1 : sorted[(int) (sorted.length * 0.9)];
    }

    private static double mean(List<Long> errors) {
        return errors.stream().mapToLong(Long::longValue).average().orElse(-1);
    }

    private static long worst(List<Long> errors) {
        return errors.stream().mapToLong(Long::longValue).max().orElse(-1);
    }
}
