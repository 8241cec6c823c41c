package dev.weir.cli.mesh;

import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.Note;
import dev.weir.canary.kafka.WatchedCanary;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Figure;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.topology.view.CanaryView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Canaries as the dashboard shows them: what policy says, what the log says, and what was measured. */
final class CanaryViews {
    private static final long UNKNOWN = -1;

    private CanaryViews() {}

    /**
     * One of them.
     *
     * @param seen what the log has of it; {@code null} for nothing
     * @param records that the canary processed in its phase
     * @param controllerMillis when a controller was last heard; -1 for never
     */
    static CanaryView of(
            CanaryPolicy policy,
            @Nullable WatchedCanary seen,
            CanaryFigures figures,
            long records,
            long controllerMillis) {
        if (policy.strategy() == CanaryPolicy.Strategy.SHADOW) {
            return shadow(policy, seen, figures, controllerMillis);
        }
        RolloutPlan plan = CanaryRollouts.plan(policy);
        RolloutState state = seen == null ? null : seen.rollout();
        RolloutState step = state != null && state.plan().equals(plan.text()) ? state : null;
        long since = state == null ? UNKNOWN : state.sinceMillis();
        CanaryView.Version canary = figures.version(policy, Side.CANARY, since);
        return new CanaryView(
                policy.name(),
                policy.owner(),
                policy.topics().stream().sorted().toList(),
                state == null ? CanaryView.Phase.NEW : phase(state.phase()),
                seen == null || state == null ? "" : CanaryWords.reason(state, seen),
                strategy(policy),
                seen == null ? List.of() : owned(seen.state()),
                state == null ? UNKNOWN : share(state.weight()),
                seen == null ? 0 : share(seen.state().table().weight()),
                seen != null && seen.state().pending() != null,
                plan.steps().stream()
                        .map(each -> new CanaryView.Step(
                                share(each.weight()), each.holdMillis().orElse(UNKNOWN)))
                        .toList(),
                step == null ? -1 : step.step(),
                since,
                step == null ? UNKNOWN : until(step, plan),
                figures.version(policy, Side.STABLE, since),
                canary,
                gates(plan, canary),
                records,
                plan.gates().records(),
                plan.gates().limits().isEmpty()
                        ? ""
                        : plan.gates().onFailure().name().toLowerCase(Locale.ROOT),
                seen == null
                        ? List.of()
                        : seen.weights().stream()
                                .map(change -> new CanaryView.WeightChange(change.atMillis(), share(change.weight())))
                                .toList(),
                seen == null ? List.of() : events(seen.events()),
                seen == null ? List.of() : bypassing(seen.state().note()),
                controllerMillis);
    }

    /** One without a weight. */
    private static CanaryView shadow(
            CanaryPolicy policy, @Nullable WatchedCanary seen, CanaryFigures figures, long controllerMillis) {
        Scope scope = seen == null ? null : seen.state().scope();
        return new CanaryView(
                policy.name(),
                policy.owner(),
                policy.topics().stream().sorted().toList(),
                scope != null && scope.isShadow() ? CanaryView.Phase.SHADOWING : CanaryView.Phase.NEW,
                seen != null && !seen.state().note().problem().isEmpty()
                        ? seen.state().note().problem()
                        : writes(policy),
                strategy(policy),
                List.of(),
                UNKNOWN,
                UNKNOWN,
                false,
                List.of(),
                -1,
                UNKNOWN,
                UNKNOWN,
                figures.version(policy, Side.STABLE, UNKNOWN),
                figures.version(policy, Side.CANARY, UNKNOWN),
                List.of(),
                0,
                0,
                "",
                List.of(),
                seen == null ? List.of() : events(seen.events()),
                seen == null ? List.of() : bypassing(seen.state().note()),
                controllerMillis);
    }

    private static String strategy(CanaryPolicy policy) {
        return policy.strategy().name().toLowerCase(Locale.ROOT);
    }

    /** By topic; of topics that share a number of partitions it is the same partitions. */
    private static List<CanaryView.OwnedPartitions> owned(CanaryState state) {
        if (state.scope() == null || !(state.scope().buckets() instanceof WholePartitions buckets)) {
            return List.of();
        }
        Map<String, Integer> counts = new TreeMap<>();
        Stream.concat(state.seeds().keySet().stream(), state.table().partitions().stream())
                .forEach(partition -> counts.merge(partition.topic(), partition.partition() + 1, Math::max));
        Weight weight = state.table().weight();
        return counts.entrySet().stream()
                .map(topic -> new CanaryView.OwnedPartitions(
                        topic.getKey(),
                        IntStream.range(0, topic.getValue())
                                .filter(partition -> weight.owner(buckets.bucketOfAll(partition)) == Side.CANARY)
                                .boxed()
                                .toList(),
                        topic.getValue()))
                .toList();
    }

    private static String writes(CanaryPolicy policy) {
        String gone = policy.redirect().isEmpty()
                ? "is refused"
                : "to " + String.join(", ", policy.redirect().stream().sorted().toList()) + " goes to NAME"
                        + Shadow.SUFFIX + ", all else is refused";
        return "It reads everything. What it writes " + gone + ".";
    }

    private static List<CanaryView.Bypass> bypassing(Note note) {
        return note.strangers().stream()
                .map(one -> new CanaryView.Bypass(one.group(), one.clientId(), one.host(), one.memberId()))
                .toList();
    }

    private static double share(Weight weight) {
        return weight.basisPoints() / (double) Weight.ALL;
    }

    private static long until(RolloutState state, RolloutPlan plan) {
        return state.phase() instanceof Phase.Holding
                        && plan.steps().get(state.step()).holdMillis().isPresent()
                ? state.sinceMillis()
                        + plan.steps().get(state.step()).holdMillis().getAsLong()
                : UNKNOWN;
    }

    private static CanaryView.Phase phase(Phase phase) {
        if (phase instanceof Phase.Waiting) {
            return CanaryView.Phase.WAITING;
        }
        if (phase instanceof Phase.Holding) {
            return CanaryView.Phase.HOLDING;
        }
        if (phase instanceof Phase.Paused) {
            return CanaryView.Phase.PAUSED;
        }
        if (phase instanceof Phase.Promoted) {
            return CanaryView.Phase.PROMOTED;
        }
        return phase instanceof Phase.Aborted ? CanaryView.Phase.ABORTED : CanaryView.Phase.DONE;
    }

    private static List<CanaryView.Gate> gates(RolloutPlan plan, CanaryView.Version canary) {
        Map<Figure, Double> known = CanaryFigures.known(canary);
        List<CanaryView.Gate> gates = new ArrayList<>();
        plan.gates().limits().forEach((figure, limit) -> {
            Double value = known.get(figure);
            CanaryView.Gate.State state = value == null
                    ? CanaryView.Gate.State.UNKNOWN
                    : value > limit ? CanaryView.Gate.State.BROKEN : CanaryView.Gate.State.HELD;
            gates.add(new CanaryView.Gate(figure.key(), limit, value == null ? UNKNOWN : value, state));
        });
        return gates;
    }

    /** The newest first. */
    private static List<CanaryView.Event> events(List<RolloutEvent> events) {
        List<CanaryView.Event> shown = new ArrayList<>();
        events.forEach(event -> shown.add(event(event)));
        Collections.reverse(shown);
        return shown;
    }

    private static CanaryView.Event event(RolloutEvent event) {
        if (event instanceof RolloutEvent.Progressed progressed) {
            return new CanaryView.Event(event.atMillis(), what(progressed.state()), "");
        }
        if (event instanceof RolloutEvent.Obeyed obeyed) {
            Command command = obeyed.command();
            return new CanaryView.Event(event.atMillis(), said(command) + ": " + what(obeyed.state()), command.by());
        }
        RolloutEvent.Refused refused = (RolloutEvent.Refused) event;
        return new CanaryView.Event(
                event.atMillis(),
                said(refused.command()) + " was refused: " + refused.reason(),
                refused.command().by());
    }

    private static String said(Command command) {
        return command.action().name().toLowerCase(Locale.ROOT)
                + (command.action() == Command.Action.SET ? " " + command.weight() : "");
    }

    /** A state in a few words. */
    static String what(RolloutState state) {
        String step = "step " + (state.step() + 1) + " at " + state.weight();
        Phase phase = state.phase();
        Cause cause = phase.cause();
        String by = cause == null ? "" : " by " + cause;
        if (phase instanceof Phase.Waiting) {
            return "waits for " + step;
        }
        if (phase instanceof Phase.Holding holding) {
            return "holds " + step + (holding.obstacle().isEmpty() ? "" : " on: " + holding.obstacle());
        }
        if (phase instanceof Phase.Paused) {
            return "paused at " + state.weight() + by;
        }
        if (phase instanceof Phase.Promoted) {
            return "promoted" + by;
        }
        return phase instanceof Phase.Aborted ? "aborted" + by : "all steps are done, at " + state.weight();
    }
}
