package dev.weir.cli.mesh;

import dev.weir.canary.Weight;
import dev.weir.canary.kafka.CanaryWatch;
import dev.weir.canary.kafka.WatchedCanary;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.yaml.Nearest;
import dev.weir.topology.view.CanaryAnswer;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.CanaryOrder;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the canaries of policy, and passes on to their controller what is said to them; each command is told to the audit. Any thread. */
final class MeshCanaryDesk implements CanaryDesk {
    private static final int NAMES_MAX = 20;

    private final Supplier<List<CanaryPolicy>> policies;
    private final Supplier<CanaryWatch> watch;
    private final CanaryMeasuring measuring;
    private final MeshView view;
    private final BiConsumer<CanaryOrder, CanaryAnswer> audit;

    /**
     * @param policies the canaries of policy now
     * @param watch asked for once there are any
     * @param audit told of each command and what became of it
     */
    MeshCanaryDesk(
            Supplier<List<CanaryPolicy>> policies,
            Supplier<CanaryWatch> watch,
            CanaryMeasuring measuring,
            MeshView view,
            BiConsumer<CanaryOrder, CanaryAnswer> audit) {
        this.policies = policies;
        this.watch = watch;
        this.measuring = measuring;
        this.view = view;
        this.audit = audit;
    }

    @Override
    public List<CanaryView> canaries() {
        List<CanaryPolicy> all = policies.get();
        if (all.isEmpty()) {
            return List.of();
        }
        CanaryWatch seen = watch.get();
        CanaryFigures figures = new CanaryFigures(view.topology(Moment.NOW), view.groups(Moment.NOW), seen.states());
        Map<String, WatchedCanary> canaries = seen.canaries();
        return all.stream()
                .sorted(Comparator.comparing(CanaryPolicy::name))
                .map(policy -> CanaryViews.of(
                        policy,
                        canaries.get(policy.name()),
                        figures,
                        records(policy, canaries.get(policy.name())),
                        seen.writtenMillis()))
                .toList();
    }

    private long records(CanaryPolicy policy, @Nullable WatchedCanary seen) {
        RolloutState rollout = seen == null ? null : seen.rollout();
        return rollout == null ? 0 : measuring.records(policy, rollout.sinceMillis());
    }

    @Override
    public CompletionStage<CanaryAnswer> tell(CanaryOrder order) {
        return answer(order).whenComplete((answer, failure) -> {
            if (answer != null) {
                audit.accept(order, answer);
            }
        });
    }

    private CompletionStage<CanaryAnswer> answer(CanaryOrder order) {
        List<String> names = policies.get().stream().map(CanaryPolicy::name).toList();
        if (!names.contains(order.canary())) {
            return CompletableFuture.completedFuture(new CanaryAnswer.UnknownCanary(nearest(order.canary(), names)));
        }
        Weight weight = Weight.NONE;
        if (order.action() == CanaryOrder.Action.SET) {
            try {
                weight = Weight.parse(order.weight());
            } catch (IllegalArgumentException e) {
                return CompletableFuture.completedFuture(
                        new CanaryAnswer.InvalidWeight("a percentage from 0% to 100% with at most two decimals"));
            }
        }
        Command command = new Command(
                UUID.randomUUID().toString(),
                order.canary(),
                Command.Action.valueOf(order.action().name()),
                weight,
                order.by(),
                order.reason());
        return watch.get().tell(command).handle((event, failure) -> answer(event, failure));
    }

    private static CanaryAnswer answer(@Nullable RolloutEvent event, @Nullable Throwable failure) {
        if (event == null || failure != null) {
            return new CanaryAnswer.Unanswered("No controller of canaries has answered for "
                    + CanaryWatch.ANSWER.toSeconds()
                    + " s. One runs in each weir up whose policy has canaries; its log says why it is"
                    + " not active. Look at the canary before you say it again: it may be obeyed yet.");
        }
        if (event instanceof RolloutEvent.Refused refused) {
            return new CanaryAnswer.Refused(refused.reason());
        }
        return new CanaryAnswer.Obeyed(CanaryViews.what(((RolloutEvent.Obeyed) event).state()));
    }

    private static String nearest(String name, List<String> names) {
        return Nearest.of(name, names)
                .orElse(
                        names.isEmpty()
                                ? "a canary of policy; it has none"
                                : "one of " + names.stream().limit(NAMES_MAX).collect(Collectors.joining(", ")));
    }
}
