package dev.weir.topology.mesh;

import dev.weir.mesh.log.Counted;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.SecurityView.Finding;
import dev.weir.topology.view.SecurityView.RefusedRead;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Topics with records whose signatures policy does not take: somebody wrote past what signs, or forged them. */
final class ReadFindings {
    private static final long RECENT_MILLIS = Duration.ofHours(1).toMillis();

    private record Subject(String cluster, String topic, String reason) {}

    private record Times(long count, long lastSeenMillis) {
        Times and(Times other) {
            return new Times(count + other.count, Math.max(lastSeenMillis, other.lastSeenMillis));
        }
    }

    private ReadFindings() {}

    /** In no order. */
    static List<Finding> of(List<RefusedRead> refused, long nowMillis) {
        Map<Subject, Times> all = new HashMap<>();
        for (RefusedRead each : refused) {
            if (each.refusal() == RefusedRead.Refusal.SIGNATURE && each.lastSeenMillis() >= nowMillis - RECENT_MILLIS) {
                all.merge(
                        new Subject(each.cluster(), each.topic(), each.reason()),
                        new Times(each.count(), each.lastSeenMillis()),
                        Times::and);
            }
        }
        return all.entrySet().stream()
                .map(found -> finding(found.getKey(), found.getValue()))
                .toList();
    }

    private static Finding finding(Subject subject, Times times) {
        return new Finding(
                "records-unverified",
                Health.BAD,
                subject.cluster + '/' + (subject.topic.isEmpty() ? "(several)" : subject.topic),
                "clients are not let read records of it: " + subject.reason + "; " + Counted.of(times.count, "time")
                        + ", the last within the hour",
                times.lastSeenMillis);
    }
}
