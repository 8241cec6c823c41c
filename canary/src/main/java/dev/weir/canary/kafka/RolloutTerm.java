package dev.weir.canary.kafka;

import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Measures;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.Rollout;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rollouts of one controller's time in office: what is to be written of them, and the commands that came. Of its thread. */
final class RolloutTerm {
    private static final String SHADOW =
            "it is a shadow, which has no weight; stop its clients, then take the document away";

    private final ChangeLog log;
    private final Measuring measuring;
    private final Deque<Command> commands = new ArrayDeque<>();

    /**
     * @param log as far as it is written, kept by the controller
     */
    RolloutTerm(ChangeLog log, Measuring measuring) {
        this.log = log;
        this.measuring = measuring;
    }

    /** Takes a command, perhaps once more. */
    void hear(Command command) {
        commands.add(command);
    }

    /** What has to be written before anything else of them can happen; empty for nothing. */
    List<ChangeEvent> next(Collection<CanaryPlan> plans, long nowMillis) {
        List<ChangeEvent> events = new ArrayList<>();
        for (CanaryPlan plan : plans) {
            if (plan.scope().isShadow()) {
                continue;
            }
            Rollout rollout = log.rollouts().of(plan.name());
            RolloutState state = rollout.state();
            Measures measures = state == null ? Measures.NONE : measuring.of(plan.name(), state.sinceMillis());
            RolloutEvent event = rollout.next(plan.rollout(), inForce(plan.name()), measures, nowMillis);
            if (event != null) {
                events.add(new ChangeEvent.OfRollout(event));
            }
        }
        Command command = events.isEmpty() ? commands.poll() : null; // a command is judged by what is written
        if (command != null && !log.rollouts().isAnswered(command.id())) {
            events.add(new ChangeEvent.OfRollout(answer(command, plans, nowMillis)));
        }
        return events;
    }

    private RolloutEvent answer(Command command, Collection<CanaryPlan> plans, long nowMillis) {
        for (CanaryPlan plan : plans) {
            if (plan.name().equals(command.canary())) {
                if (plan.scope().isShadow()) {
                    return new RolloutEvent.Refused(nowMillis, command, SHADOW);
                }
                return log.rollouts().of(plan.name()).command(command, plan.rollout(), inForce(plan.name()), nowMillis);
            }
        }
        return new RolloutEvent.Refused(nowMillis, command, "policy has no such canary");
    }

    private Weight inForce(String canary) {
        return log.of(canary).table().weight();
    }

    /** The weight that is wanted; {@code null} of a canary that has not begun. */
    @Nullable
    Weight wanted(CanaryPlan plan) {
        if (plan.scope().isShadow()) {
            return Weight.NONE;
        }
        RolloutState state = log.rollouts().of(plan.name()).state();
        return state == null ? null : state.weight();
    }
}
