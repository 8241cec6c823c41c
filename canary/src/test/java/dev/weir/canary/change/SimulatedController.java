package dev.weir.canary.change;

import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
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
        endsAtPrepare = world.data.ends();
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
            controller.wish(World.CANARY, weight, handover);
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
                active.readEnds(read, early ? endsAtPrepare : world.data.ends());
                again();
            });
        } else if (step instanceof ControllerStep.ReadCommitted read) {
            world.after(world.delay(), () -> {
                active.readCommitted(
                        read, read.gates().stream().filter(this::reached).toList());
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
        world.log.addAll(write.events());
        if (write.events().stream().anyMatch(ChangeEvent.Prepared.class::isInstance)) {
            endsAtPrepare = world.data.ends();
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

    private boolean reached(Gate gate) {
        return world.sabotage.contains(World.Sabotage.EARLY_HANDOVER)
                || world.consumers.stream()
                        .anyMatch(consumer -> consumer.side() == gate.waitsFor()
                                && DataLog.ref(consumer.partition()).equals(gate.partition())
                                && consumer.committed() >= gate.fence());
    }
}
