package dev.weir.canary.change;

import dev.weir.canary.rollout.RolloutLog;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What all events so far come to. For one thread. */
public final class ChangeLog {
    private final Map<String, CanaryState> canaries = new TreeMap<>();
    private final Set<String> proxies = new TreeSet<>();
    private long grantsSinceEviction = Integer.MAX_VALUE;
    private final RolloutLog rollouts = new RolloutLog();

    /** Takes the next event of the log. */
    public void apply(ChangeEvent event) {
        if (event instanceof ChangeEvent.OfCanary ofCanary) {
            canaries.put(ofCanary.canary(), of(ofCanary.canary()).apply(ofCanary));
        } else if (event instanceof ChangeEvent.Admitted admitted) {
            proxies.add(admitted.proxy());
        } else if (event instanceof ChangeEvent.Evicted evicted) {
            proxies.remove(evicted.proxy());
            grantsSinceEviction = 0;
        } else if (event instanceof ChangeEvent.Granted) {
            grantsSinceEviction++;
        } else if (event instanceof ChangeEvent.OfRollout ofRollout) {
            rollouts.apply(ofRollout.event());
        }
    }

    /** What is known of a canary; of one that nobody spoke of, that nothing was ever changed. */
    public CanaryState of(String canary) {
        return canaries.getOrDefault(canary, CanaryState.NEW);
    }

    /** All canaries that there ever was an event of, by name. */
    public Map<String, CanaryState> canaries() {
        return Collections.unmodifiableMap(canaries);
    }

    /** How many answers there were to beats since a proxy was counted out; very many when none ever was. */
    long grantsSinceEviction() {
        return grantsSinceEviction;
    }

    /** The proxies that every change has to wait for. */
    public Set<String> proxies() {
        return Collections.unmodifiableSet(proxies);
    }

    /** How far each canary is with its steps. */
    public RolloutLog rollouts() {
        return rollouts;
    }
}
