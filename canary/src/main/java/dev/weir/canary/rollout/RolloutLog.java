package dev.weir.canary.rollout;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All rollouts, as the log has them. For one thread. */
public final class RolloutLog {
    /** Commands come twice within seconds, or not at all. */
    private static final int ANSWERED_MAX = 1_000;

    private final Map<String, Rollout> rollouts = new TreeMap<>();
    private final Set<String> answered = new LinkedHashSet<>();

    /** Takes the next event of the log. */
    public void apply(RolloutEvent event) {
        if (event instanceof RolloutEvent.Obeyed obeyed) {
            answered(obeyed.command());
        } else if (event instanceof RolloutEvent.Refused refused) {
            answered(refused.command());
            return;
        }
        of(event.canary()).apply(event);
    }

    private void answered(Command command) {
        answered.add(command.id());
        if (answered.size() > ANSWERED_MAX) {
            answered.remove(answered.iterator().next());
        }
    }

    /** That of a canary; one that has not begun where there was none. */
    public Rollout of(String canary) {
        return rollouts.computeIfAbsent(canary, Rollout::new);
    }

    /** Those that there is something of, by canary. */
    public Map<String, Rollout> rollouts() {
        return Collections.unmodifiableMap(rollouts);
    }

    /** Whether a command was answered, of late. */
    public boolean isAnswered(String command) {
        return answered.contains(command);
    }
}
