package dev.weir.canary.rollout;

import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Command.Action;
import dev.weir.canary.rollout.RolloutPlan.Step;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One canary's way through its steps. It is asked what to write; once that is in the log it is told, and only then does it hold. So
 * whoever takes over, and has read the log, goes on where this one was. For one thread.
 *
 * <p>The newest word counts, a commit or a command: a plan with other steps ends a pause, an abort and a promotion.
 */
public final class Rollout {
    /** Between two changes of the reason for which a hold goes on: the log keeps everything. */
    private static final long OBSTACLE_MILLIS = 10_000;

    private final String canary;
    private final Judge judge = new Judge();
    private @Nullable RolloutState state;
    private long obstacleMillis = Long.MIN_VALUE;

    /**
     * @param canary its name
     */
    public Rollout(String canary) {
        this.canary = canary;
    }

    /** As of the last event; {@code null} before the first. */
    public @Nullable RolloutState state() {
        return state;
    }

    /** The event is in the log. */
    public void apply(RolloutEvent event) {
        if (event instanceof RolloutEvent.Progressed progressed) {
            enter(progressed.state());
        } else if (event instanceof RolloutEvent.Obeyed obeyed) {
            enter(obeyed.state());
        }
    }

    private void enter(RolloutState next) {
        if (state == null || state.sinceMillis() != next.sinceMillis()) {
            judge.reset();
        }
        state = next;
    }

    /**
     * What happens now without anybody's word.
     *
     * @param inForce the weight that new records have
     * @param measures since {@link RolloutState#sinceMillis()}; older ones are not looked at
     * @return {@code null} for nothing
     */
    public RolloutEvent.@Nullable Progressed next(RolloutPlan plan, Weight inForce, Measures measures, long nowMillis) {
        RolloutState before = state;
        RolloutState next = before == null || !before.plan().equals(plan.text())
                ? begun(before, plan, nowMillis)
                : advanced(before, plan, inForce, measures, nowMillis);
        if (next.equals(before)) {
            return null;
        }
        return new RolloutEvent.Progressed(canary, nowMillis, next);
    }

    private static RolloutState begun(@Nullable RolloutState before, RolloutPlan plan, long nowMillis) {
        return waiting(plan, before == null || before.isOver() ? 0 : plan.from(before.weight()), nowMillis);
    }

    private static RolloutState waiting(RolloutPlan plan, int step, long nowMillis) {
        return new RolloutState(plan.text(), step, plan.steps().get(step).weight(), nowMillis, new Phase.Waiting());
    }

    private RolloutState advanced(
            RolloutState now, RolloutPlan plan, Weight inForce, Measures measures, long nowMillis) {
        if (now.phase() instanceof Phase.Promoted || now.phase() instanceof Phase.Aborted) {
            return now;
        }
        Cause broken = inForce.equals(Weight.NONE) ? null : judge.broken(plan.gates(), now, measures, nowMillis);
        if (broken != null) {
            return failed(now, plan.gates().onFailure(), broken, inForce, nowMillis);
        }
        if (now.phase() instanceof Phase.Waiting) {
            return inForce.equals(now.weight()) ? now.in(new Phase.Holding(""), nowMillis) : now;
        }
        return now.phase() instanceof Phase.Holding holding ? held(now, holding, plan, measures, nowMillis) : now;
    }

    private static RolloutState failed(
            RolloutState now, Gates.OnFailure onFailure, Cause cause, Weight inForce, long nowMillis) {
        boolean moving = now.phase() instanceof Phase.Waiting || now.phase() instanceof Phase.Holding;
        return switch (onFailure) {
            case ABORT -> now.at(Weight.NONE, new Phase.Aborted(cause), nowMillis);
            case PAUSE -> moving ? now.at(inForce, new Phase.Paused(cause), nowMillis) : now;
        };
    }

    private RolloutState held(
            RolloutState now, Phase.Holding holding, RolloutPlan plan, Measures measures, long nowMillis) {
        OptionalLong hold = plan.steps().get(now.step()).holdMillis();
        if (hold.isEmpty() || nowMillis - now.sinceMillis() < hold.getAsLong()) {
            return now;
        }
        String obstacle = judge.obstacle(plan.gates(), now, measures, nowMillis);
        if (obstacle.isEmpty()) {
            return now.step() + 1 < plan.steps().size()
                    ? waiting(plan, now.step() + 1, nowMillis)
                    : now.in(new Phase.Done(), nowMillis);
        }
        if (!obstacle.equals(holding.obstacle())
                && (obstacleMillis == Long.MIN_VALUE || nowMillis - obstacleMillis >= OBSTACLE_MILLIS)) {
            obstacleMillis = nowMillis;
            return now.in(new Phase.Holding(obstacle), now.sinceMillis());
        }
        return now;
    }

    /** What becomes of a command: it is obeyed, or refused with a reason. */
    public RolloutEvent command(Command command, RolloutPlan plan, Weight inForce, long nowMillis) {
        RolloutState now = state;
        if (now == null) {
            return new RolloutEvent.Refused(nowMillis, command, "it has not begun yet");
        }
        String refusal = refusal(command.action(), now, plan);
        if (!refusal.isEmpty()) {
            return new RolloutEvent.Refused(nowMillis, command, refusal);
        }
        RolloutState next = switch (command.action()) {
            case SET -> now.at(command.weight(), new Phase.Paused(command.cause()), nowMillis);
            case PAUSE -> now.at(inForce, new Phase.Paused(command.cause()), nowMillis);
            case RESUME -> waiting(plan, resumed(now, plan), nowMillis);
            case PROMOTE -> now.at(new Weight(Weight.ALL), new Phase.Promoted(command.cause()), nowMillis);
            case ABORT -> now.at(Weight.NONE, new Phase.Aborted(command.cause()), nowMillis);
        };
        return new RolloutEvent.Obeyed(nowMillis, command, next);
    }

    private static String refusal(Action action, RolloutState now, RolloutPlan plan) {
        Phase phase = now.phase();
        return switch (action) {
            case SET -> "";
            case PAUSE ->
                phase instanceof Phase.Waiting || phase instanceof Phase.Holding
                        ? ""
                        : "nothing moves that could be paused: " + said(phase);
            case RESUME ->
                phase instanceof Phase.Paused || phase instanceof Phase.Aborted || staysAtAStep(now, plan)
                        ? ""
                        : "it is not paused: " + said(phase);
            case PROMOTE ->
                phase instanceof Phase.Aborted || phase instanceof Phase.Promoted
                        ? said(phase) + (phase instanceof Phase.Aborted ? "; resume begins it anew" : "")
                        : "";
            case ABORT -> phase instanceof Phase.Aborted ? said(phase) : "";
        };
    }

    /** Whether it stands at a step without an end, and there is another. */
    private static boolean staysAtAStep(RolloutState now, RolloutPlan plan) {
        return now.phase() instanceof Phase.Holding
                && now.step() + 1 < plan.steps().size()
                && plan.steps().get(now.step()).holdMillis().isEmpty();
    }

    private static int resumed(RolloutState now, RolloutPlan plan) {
        if (now.phase() instanceof Phase.Aborted) {
            return 0;
        }
        if (now.phase() instanceof Phase.Holding) {
            return now.step() + 1;
        }
        int step = Math.min(now.step(), plan.steps().size() - 1);
        Step left = plan.steps().get(step);
        // of several steps with this weight, the one that it was at
        return left.weight().equals(now.weight()) ? step : plan.from(now.weight());
    }

    private static String said(Phase phase) {
        if (phase instanceof Phase.Waiting) {
            return "it waits for the weight of its step";
        }
        if (phase instanceof Phase.Holding) {
            return "it holds its step";
        }
        if (phase instanceof Phase.Paused paused) {
            return "it is paused by " + paused.cause();
        }
        if (phase instanceof Phase.Promoted promoted) {
            return "it is promoted by " + promoted.cause();
        }
        if (phase instanceof Phase.Aborted aborted) {
            return "it is aborted by " + aborted.cause();
        }
        return "all its steps are done";
    }
}
