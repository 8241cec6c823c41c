package dev.weir.canary.change;

import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What of one canary waits until a side is through with what it owns. For one thread. */
final class Handovers {
    private final ChangeTimes times;
    private final TreeMap<Long, List<PartitionRef>> reached = new TreeMap<>();
    private final Set<Gate> drained = new HashSet<>();
    private @Nullable Long lookedNanos;

    Handovers(ChangeTimes times) {
        this.times = times;
    }

    /** What to look at, if it is time to. */
    ControllerStep.@Nullable ReadCommitted look(String canary, CanaryState state, long nowNanos) {
        Scope scope = state.scope();
        if (scope == null || (lookedNanos != null && nowNanos - lookedNanos < times.drainPollNanos())) {
            return null;
        }
        List<Gate> gates = gates(state);
        List<Gate> drains = drains(state);
        drains.removeAll(drained);
        if (gates.isEmpty() && drains.isEmpty()) {
            return null;
        }
        lookedNanos = nowNanos;
        return new ControllerStep.ReadCommitted(canary, scope, gates, drains);
    }

    void passed(ControllerStep.ReadCommitted step, Set<Gate> passed) {
        for (Gate gate : step.gates()) {
            if (passed.contains(gate)) {
                reached.computeIfAbsent(gate.epoch(), epoch -> new ArrayList<>())
                        .add(gate.partition());
            }
        }
    }

    void drained(ControllerStep.ReadCommitted step, Set<Gate> passed) {
        step.drains().stream().filter(passed::contains).forEach(drained::add);
    }

    /** What to write next of what was found. */
    @Nullable
    ChangeEvent event(String canary, CanaryState state) {
        Map.Entry<Long, List<PartitionRef>> first = reached.pollFirstEntry();
        if (first != null) {
            return new ChangeEvent.HandedOver(canary, first.getKey(), first.getValue());
        }
        boolean over = isEnding(state) && gates(state).isEmpty() && drained.containsAll(drains(state));
        return over ? new ChangeEvent.Drained(canary, state.table().lastNumber()) : null;
    }

    /** Another change begins: what was found of the last is of no use. */
    void begin() {
        drained.clear();
    }

    private static boolean isEnding(CanaryState state) {
        return state.raised() && state.table().weight().equals(Weight.NONE);
    }

    private static List<Gate> gates(CanaryState state) {
        List<Gate> gates = new ArrayList<>();
        for (PartitionRef partition : state.table().partitions()) {
            gates.addAll(state.table().of(partition).gates());
        }
        return gates;
    }

    /** What both sides have to pass until the canary is at its end. */
    private static List<Gate> drains(CanaryState state) {
        List<Gate> drains = new ArrayList<>();
        if (isEnding(state)) {
            List<Epoch> epochs = state.table().epochs();
            Epoch last = epochs.get(epochs.size() - 1);
            last.fences().forEach((partition, fence) -> {
                if (fence > 0) {
                    for (Side side : Side.values()) {
                        drains.add(new Gate(partition, last.number(), fence, side));
                    }
                }
            });
        }
        return drains;
    }
}
