package dev.weir.cli.policy;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.check.Reach;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Query;
import dev.weir.policy.model.Words;
import dev.weir.policy.parse.QueryReader;
import dev.weir.topology.view.Edge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a policy would change for traffic that was seen.
 *
 * @param cut it flows, and would not any more
 * @param allowed it was denied, and would flow
 * @param dryRun it flows, and would only do so in dry-run
 * @param unsure it flows; whether it would depends on a condition on something that was not observed
 */
record Impact(List<Change> cut, List<Change> allowed, List<Change> dryRun, List<Change> unsure, int unchanged) {

    /**
     * One edge that changes.
     *
     * @param by the rule that would decide, with file and line
     */
    record Change(
            String service,
            String operation,
            String topic,
            String group,
            String version,
            double recordsPerSecond,
            long recordsTotal,
            long lastSeenMillis,
            String by) {}

    static Impact of(ObservedTraffic traffic, Reach reach) {
        List<Change> cut = new ArrayList<>();
        List<Change> allowed = new ArrayList<>();
        List<Change> dryRun = new ArrayList<>();
        List<Change> unsure = new ArrayList<>();
        int unchanged = 0;
        for (ObservedTraffic.Seen seen : traffic.edges()) {
            String service = seen.declared() ? seen.service() : "";
            Reach.Verdict verdict = reach.ask(service, circumstances(seen.edge()), query(seen));
            boolean passesNow = seen.flowed() && seen.edge().status() != Edge.Status.DENIED;
            boolean passesThen = verdict.decision().passes();
            Change change = change(seen, verdict.decision());
            if (verdict.answer() == Reach.Answer.DEPENDS && !passesThen) {
                unsure.add(change);
            } else if (passesNow && !passesThen) {
                cut.add(change);
            } else if (!passesNow && passesThen) {
                allowed.add(change);
            } else if (passesNow
                    && verdict.decision().dryRunDenied()
                    && seen.edge().status() != Edge.Status.DRY_RUN_DENIED) {
                dryRun.add(change);
            } else {
                unchanged++;
            }
        }
        return new Impact(List.copyOf(cut), List.copyOf(allowed), List.copyOf(dryRun), List.copyOf(unsure), unchanged);
    }

    private static Circumstances circumstances(Edge edge) {
        Optional<Mechanism> mechanism = Optional.ofNullable(Words.MECHANISMS.get(edge.mechanism()));
        return new Circumstances(Optional.of(edge.tls()), mechanism, Optional.empty(), Map.of(), "");
    }

    private static Query query(ObservedTraffic.Seen seen) {
        Map<ResourceType, String> names = new LinkedHashMap<>();
        names.put(ResourceType.TOPIC, seen.topic());
        if (!seen.edge().group().isEmpty()) {
            names.put(ResourceType.GROUP, seen.edge().group());
        }
        return QueryReader.query(action(seen), names);
    }

    private static String action(ObservedTraffic.Seen seen) {
        return seen.edge().operation() == Edge.Operation.PRODUCE ? "produce" : "consume";
    }

    private static Change change(ObservedTraffic.Seen seen, Decision decision) {
        Edge edge = seen.edge();
        return new Change(
                seen.service(),
                action(seen),
                seen.topic(),
                edge.group(),
                edge.version(),
                edge.recordsPerSecond(),
                edge.recordsTotal(),
                edge.lastSeenMillis(),
                decision.rule().toString());
    }
}
