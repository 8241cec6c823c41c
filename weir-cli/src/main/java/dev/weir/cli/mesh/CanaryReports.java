package dev.weir.cli.mesh;

import dev.weir.canary.Scope;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.proxy.admin.StatusReport.BypassReport;
import dev.weir.proxy.admin.StatusReport.CanaryReport;
import dev.weir.proxy.admin.StatusReport.LeftReport;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the log says of canaries, for the status of a mesh. */
final class CanaryReports {
    private CanaryReports() {}

    /** All of them, by name. */
    static List<CanaryReport> of(Map<String, CanaryState> canaries) {
        return canaries.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(canary -> report(canary.getKey(), canary.getValue()))
                .toList();
    }

    private static CanaryReport report(String name, CanaryState state) {
        Scope scope = state.scope();
        ChangeEvent.Prepared pending = state.pending();
        String problem = state.note().problem();
        return new CanaryReport(
                name,
                scope == null ? null : scope.group(),
                phase(state),
                state.table().weight().toString(),
                state.lastEpoch(),
                pending == null ? null : pending.weight().toString(),
                state.note().waitingFor(),
                left(state),
                problem.isEmpty() ? null : problem,
                state.note().strangers().stream()
                        .map(one -> new BypassReport(one.group(), one.memberId(), one.clientId(), one.host()))
                        .toList());
    }

    private static String phase(CanaryState state) {
        if (!state.isSeeded()) {
            return "idle";
        }
        if (!state.raised()) {
            return isShadow(state) ? "shadow" : "seeded";
        }
        return state.table().weight().basisPoints() == 0 ? "draining" : "sharing";
    }

    private static boolean isShadow(CanaryState state) {
        return state.scope() != null && state.scope().isShadow();
    }

    private static List<LeftReport> left(CanaryState state) {
        return state.note().left().entrySet().stream()
                .map(left -> new LeftReport(
                        left.getKey().partition().topic(),
                        left.getKey().partition().partition(),
                        left.getKey().waitsFor().name().toLowerCase(Locale.ROOT),
                        left.getKey().fence(),
                        left.getKey().fence() - left.getValue()))
                .sorted(Comparator.comparing(LeftReport::topic)
                        .thenComparing(LeftReport::partition)
                        .thenComparing(LeftReport::side)
                        .thenComparing(LeftReport::fence))
                .toList();
    }
}
