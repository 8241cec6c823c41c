package dev.weir.canary.change;

import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One controller's time in office. */
final class SimulatedController {
    private final World world;
    private final long term;
    private final List<Runnable> early = new ArrayList<>();
    private @Nullable Controller controller;
    private Map<PartitionRef, Long> endsAtPrepare = Map.of();
    private boolean dead;

    SimulatedController(World world, long term) {
        this.world = world;
        this.term = term;
    }

    void begin() {
        ChangeLog log = new ChangeLog();
        world.log.forEach(log::apply);
        ChangeTimes times = World.TIMES;
        if (world.sabotage.contains(World.Sabotage.EARLY_EVICTION)) {
            times = new ChangeTimes(
                    times.leaseNanos() / 6, 0, times.beatNanos(), times.changeNanos(), times.drainPollNanos());
        }
        controller = new Controller(times, log, world.now());
        early.forEach(Runnable::run);
        endsAtPrepare = world.ends();
        step();
    }

    void hear(Beat beat) {
        if (controller == null) {
            early.add(() -> hear(beat));
        } else {
            controller.hear(beat, world.now());
        }
    }

    void wish(Weight weight, Handover handover) {
        if (controller != null) {
            controller.wish(World.CANARY, world.scope, weight, handover);
        }
    }

    private void step() {
        Controller active = controller;
        if (dead || active == null) {
            return;
        }
        ControllerStep step = active.next(world.now());
        if (step instanceof ControllerStep.Write write) {
            world.after(world.delay(), () -> append(active, write));
        } else if (step instanceof ControllerStep.ReadEnds read) {
            world.after(world.delay(), () -> {
                boolean early = world.sabotage.contains(World.Sabotage.EARLY_FENCES);
                active.readEnds(read, early ? endsAtPrepare : world.ends());
                again();
            });
        } else if (step instanceof ControllerStep.ReadSeeds read) {
            world.after(world.delay(), () -> {
                active.readSeeds(read, world.ends());
                again();
            });
        } else if (step instanceof ControllerStep.ReadCommitted read) {
            world.after(world.delay(), () -> {
                CanaryState state = active.log().of(World.CANARY);
                active.readCommitted(
                        read,
                        read.gates().stream()
                                .filter(gate -> passed(state, gate, false))
                                .toList(),
                        read.drains().stream()
                                .filter(gate -> passed(state, gate, gate.waitsFor() == Side.STABLE))
                                .toList());
                again();
            });
        } else {
            world.after(4_000_000, this::step);
        }
    }

    private void again() {
        world.after(world.delay(), this::step);
    }

    private void append(Controller active, ControllerStep.Write write) {
        if (!world.mayWrite(term)) {
            dead = true;
            return;
        }
        world.append(write.events());
        if (write.events().stream().anyMatch(ChangeEvent.Prepared.class::isInstance)) {
            endsAtPrepare = world.ends();
        }
        if (world.chance(80)) {
            dead = true; // it never learns that this was written
            if (world.isActive(this)) {
                world.takeOver();
            }
            return;
        }
        world.after(world.delay(), () -> {
            active.written(write, world.now());
            again();
        });
    }

    private boolean passed(CanaryState state, Gate gate, boolean whole) {
        return world.sabotage.contains(World.Sabotage.EARLY_HANDOVER)
                || world.consumers.stream()
                        .filter(consumer -> consumer.side() == gate.waitsFor()
                                && DataLog.ref(consumer.partition()).equals(gate.partition()))
                        .allMatch(consumer -> owesNothing(consumer, state, gate, whole));
    }

    private boolean owesNothing(SimulatedConsumer consumer, CanaryState state, Gate gate, boolean whole) {
        int from = consumer.committed();
        if (consumer.side() == Side.CANARY) {
            from = Math.max(from, (int) state.seed(gate.partition()));
        }
        for (int offset = from; offset < gate.fence(); offset++) {
            int bucket = world.data.at(consumer.partition(), offset).bucket;
            if (whole || state.table().of(gate.partition()).owner(offset, bucket) == consumer.side()) {
                return false;
            }
        }
        return true;
    }
}
