package dev.weir.topology.mesh;

import dev.weir.mesh.report.LatencyBuckets;
import dev.weir.mesh.report.v1.Flow.InvalidReason;
import dev.weir.topology.edge.EdgeKey;
import dev.weir.topology.edge.EdgeSum;
import dev.weir.topology.history.Counts;
import dev.weir.topology.history.SparseCounts;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.PolicyView;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/** Makes edges to be shown of sums: with their group where it can be known, their lag, and what policy says. */
final class EdgeViews {

    /** Which group of which cluster reads which topic. */
    private record Reading(String cluster, String group, String topic) {}

    private record Lag(long records, long millis, Health health) {
        static final Lag UNKNOWN = new Lag(-1, -1, Health.IDLE);
    }

    /** An edge, and what it was made of. */
    record View(EdgeKey key, Edge edge, Health health, boolean plaintext, boolean anonymous, long others) {}

    private final Map<Reading, Lag> lags = new HashMap<>();
    private final PolicyView policy;

    EdgeViews(List<GroupLag> groups, PolicyView policy) {
        this.policy = policy;
        for (GroupLag group : groups) {
            for (GroupLag.PartitionLag partition : group.partitions()) {
                lags.merge(
                        new Reading(group.cluster(), group.group(), partition.topic()),
                        new Lag(partition.lagRecords(), partition.lagMillis(), health(partition)),
                        EdgeViews::worse);
            }
        }
    }

    private static Lag worse(Lag a, Lag b) {
        return new Lag(
                a.records < 0 ? b.records : a.records + Math.max(0, b.records),
                Math.max(a.millis, b.millis),
                a.health.worse(b.health));
    }

    private static Health health(GroupLag.PartitionLag partition) {
        return switch (partition.status()) {
            case UNKNOWN -> Health.IDLE;
            case OK -> Health.OK;
            case WARN, REWOUND -> Health.WARN;
            case STALLED, STOPPED -> Health.BAD;
        };
    }

    /** Gives edges that have no group the one that their clients are in, and adds up those that are the same then. */
    static Collection<EdgeSum> inGroups(List<EdgeSum> sums, MembershipAnswers memberships) {
        Map<EdgeKey, EdgeSum> byKey = new LinkedHashMap<>();
        for (EdgeSum sum : sums) {
            EdgeKey key = sum.key();
            if (!sum.clients().isEmpty()) {
                String group = memberships.groupOf(sum.clients(), key.topic());
                key = group.isEmpty() ? key : key.inGroup(group);
            } else if (key.other()) {
                // one for each partition of the reports, for who looks at it one in all
                key = new EdgeKey("", "", false, "", key.produce(), "", "", true, 0);
            }
            byKey.merge(key, sum.as(key), EdgeSum::and);
        }
        return byKey.values();
    }

    View view(EdgeSum sum) {
        EdgeKey key = sum.key();
        Counts counts = sum.counts();
        Lag lag = key.produce()
                ? Lag.UNKNOWN
                : lags.getOrDefault(new Reading(key.cluster(), key.group(), key.topic()), Lag.UNKNOWN);
        Edge.Status status = status(counts);
        Edge.Operation operation = key.produce() ? Edge.Operation.PRODUCE : Edge.Operation.CONSUME;
        String client = NodeIds.client(key);
        String topic = NodeIds.topic(key);
        Edge edge = new Edge(
                Long.toHexString(key.id()),
                key.produce() ? client : topic,
                key.produce() ? topic : client,
                operation,
                key.version(),
                key.group(),
                counts.records() / sum.seconds(),
                counts.bytes() / sum.seconds(),
                counts.errors().total() / sum.seconds(),
                counts.denied() / sum.seconds(),
                counts.dryRunDenied() / sum.seconds(),
                counts.records(),
                counts.recordsUnacknowledged(),
                counts.denied(),
                counts.dryRunDenied(),
                sum.recordsTotal(),
                errors(counts.errors()),
                latency(counts.latencies()),
                lag.records(),
                lag.millis(),
                sum.firstSeenMillis(),
                sum.lastSeenMillis(),
                !sum.plaintext(),
                sum.mechanism(),
                status,
                key.other() || !key.isService()
                        ? Edge.Allowed.UNKNOWN
                        : policy.allowed(key.client(), operation, key.topic()),
                Edge.Checked.of(counts.recordsChecked(), counts.recordsInvalid(), reasons(counts.invalidReasons())));
        boolean anonymous = !key.other() && sum.mechanism().equalsIgnoreCase("none");
        return new View(
                key,
                edge,
                health(status, edge).worse(lag.health()),
                sum.plaintext() && !key.other(),
                anonymous,
                sum.others());
    }

    private static Edge.Status status(Counts counts) {
        if (counts.records() == 0 && counts.denied() > 0) {
            return Edge.Status.DENIED;
        }
        // that all of it is refused by a schema is no error of a broker's
        if (counts.records() == 0
                && counts.errors().size() + counts.invalidReasons().size() + counts.recordsInvalid() > 0) {
            return Edge.Status.FAILING;
        }
        if (counts.dryRunDenied() > 0) {
            return Edge.Status.DRY_RUN_DENIED;
        }
        return counts.records() == 0 ? Edge.Status.IDLE : Edge.Status.FLOWING;
    }

    private static Health health(Edge.Status status, Edge edge) {
        return switch (status) {
            case IDLE -> Health.IDLE;
            case FLOWING ->
                edge.errors().isEmpty() && edge.denied() == 0 && !edge.checked().troubled() ? Health.OK : Health.WARN;
            case DRY_RUN_DENIED -> Health.WARN;
            case DENIED, FAILING -> Health.BAD;
        };
    }

    private static Map<String, Long> reasons(SparseCounts reasons) {
        Map<String, Long> byName = new HashMap<>();
        for (int i = 0; i < reasons.size(); i++) {
            InvalidReason reason = InvalidReason.forNumber(reasons.key(i)); // null for one of a newer proxy
            String word = (reason == null ? InvalidReason.UNKNOWN_REASON : reason)
                    .name()
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            byName.merge(word, reasons.count(i), Long::sum);
        }
        return byName;
    }

    private static Map<String, Long> errors(SparseCounts errors) {
        Map<String, Long> byName = new HashMap<>();
        for (int i = 0; i < errors.size(); i++) {
            byName.merge(Errors.forCode((short) errors.key(i)).name(), errors.count(i), Long::sum);
        }
        return byName;
    }

    private static Edge.Latency latency(SparseCounts buckets) {
        return buckets.size() == 0
                ? Edge.Latency.UNKNOWN
                : new Edge.Latency(millis(buckets, 0.5), millis(buckets, 0.95), millis(buckets, 0.99));
    }

    private static double millis(SparseCounts buckets, double share) {
        return LatencyBuckets.middleMicros(buckets.quantile(share)) / 1e3;
    }
}
