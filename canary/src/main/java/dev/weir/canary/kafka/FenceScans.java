package dev.weir.canary.kafka;

import dev.weir.canary.Gate;
import dev.weir.canary.Ownership;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ControllerStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out which fences the sides of one canary are through with: by what they have committed, and by a look into what they have not. It looks
 * twice. Records of a transaction that is open yet belong to those who read uncommitted, and may never be to be had for the others; those of
 * one that was aborted the others never get, and would be waited for in vain where nothing follows them. One thread.
 */
final class FenceScans implements AutoCloseable {
    private final DrainScan uncommitted;
    private final DrainScan committed;

    FenceScans(ClientSettings clients) {
        uncommitted = new DrainScan(clients, "read_uncommitted");
        committed = new DrainScan(clients, "read_committed");
    }

    /**
     * Looks a little further.
     *
     * @param offsets what the group of each side has committed
     * @return from where on each gate still has to be passed, at its fence or beyond when it is
     */
    Map<Gate, Long> step(
            ControllerStep.ReadCommitted read, CanaryState state, Map<Side, Map<PartitionRef, Long>> offsets) {
        List<DrainScan.Task> tasks = new ArrayList<>();
        read.gates().forEach(gate -> tasks.add(task(gate, false, offsets, state, read.scope())));
        read.drains()
                .forEach(gate -> tasks.add(task(gate, gate.waitsFor() == Side.STABLE, offsets, state, read.scope())));
        Map<Gate, Long> next = new HashMap<>(uncommitted.step(tasks));
        // where all records count, because they would be read again, an aborted one does, too
        List<DrainScan.Task> left = tasks.stream()
                .filter(task -> !task.whole()
                        && next.getOrDefault(task.gate(), 0L) < task.gate().fence())
                .toList();
        committed.step(left).forEach((gate, at) -> next.merge(gate, at, Math::max));
        return next;
    }

    private static DrainScan.Task task(
            Gate gate, boolean whole, Map<Side, Map<PartitionRef, Long>> offsets, CanaryState state, Scope scope) {
        Ownership ownership = state.table().of(gate.partition());
        Long from = offsets.getOrDefault(gate.waitsFor(), Map.of()).get(gate.partition());
        if (gate.waitsFor() == Side.CANARY) {
            long first = ownership.firstOfCanary();
            from = Math.max(from == null ? state.seed(gate.partition()) : from, first < 0 ? gate.fence() : first);
        }
        return new DrainScan.Task(gate, whole, from == null ? 0 : from, ownership, scope.buckets());
    }

    @Override
    public void close() {
        uncommitted.close();
        committed.close();
    }
}
