package dev.weir.canary.kafka;

import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of a canary, and how it came to that.
 *
 * @param state who owns what
 * @param rollout how far it is with its steps; {@code null} before it has begun
 * @param weights that came into force, oldest first, and {@code events} of its rollout; the newest {@link #KEPT_MAX} of each
 */
public record WatchedCanary(
        CanaryState state, @Nullable RolloutState rollout, List<WeightAt> weights, List<RolloutEvent> events) {
    /** Enough to see what happened. */
    public static final int KEPT_MAX = 200;

    static final WatchedCanary NEW = new WatchedCanary(new ChangeLog().of(""), null, List.of(), List.of());

    /**
     * A weight that came into force.
     *
     * @param atMillis by the clock of the controller
     */
    public record WeightAt(long atMillis, Weight weight) {}

    public WatchedCanary {
        weights = List.copyOf(weights);
        events = List.copyOf(events);
    }

    WatchedCanary in(CanaryState next) {
        return new WatchedCanary(next, rollout, weights, events);
    }

    WatchedCanary with(long atMillis, Weight weight) {
        return new WatchedCanary(state, rollout, appended(weights, new WeightAt(atMillis, weight)), events);
    }

    WatchedCanary with(RolloutEvent event, @Nullable RolloutState next) {
        return new WatchedCanary(state, next, weights, appended(events, event));
    }

    private static <T> List<T> appended(List<T> list, T last) {
        List<T> more = new ArrayList<>(list.subList(list.size() < KEPT_MAX ? 0 : 1, list.size()));
        more.add(last);
        return more;
    }
}
