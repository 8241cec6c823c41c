package dev.weir.canary.change;

import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutLog;
import dev.weir.canary.rollout.RolloutState;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What all events so far come to. For one thread. */
public final class ChangeLog {
    private final Map<String, CanaryState> canaries = new TreeMap<>();
    private final Set<String> proxies = new TreeSet<>();
    private long grants;
    private long grantsAtEviction = Long.MIN_VALUE;
    private long grantsAtLeaving = Long.MIN_VALUE;
    private final RolloutLog rollouts = new RolloutLog();

    /**
     * Of all events with one key only the last matters to who begins to read: the log may lose the others, after a while. What a change came to says
     * as much as that it had begun; nobody who was not counted out has missed that.
     */
    public static String key(ChangeEvent event) {
        if (event instanceof ChangeEvent.Admitted admitted) {
            return "proxy/" + admitted.proxy();
        } else if (event instanceof ChangeEvent.Evicted evicted) {
            return "proxy/" + evicted.proxy();
        } else if (event instanceof ChangeEvent.Left left) {
            return "proxy/" + left.proxy();
        } else if (event instanceof ChangeEvent.Granted) {
            return "granted";
        } else if (event instanceof ChangeEvent.OfRollout ofRollout) {
            return key(ofRollout.event());
        }
        ChangeEvent.OfCanary ofCanary = (ChangeEvent.OfCanary) event;
        String canary = "canary/" + ofCanary.canary() + "/";
        if (event instanceof ChangeEvent.Seeded) {
            return canary + "seeds";
        } else if (event instanceof ChangeEvent.Noted) {
            return canary + "note";
        } else if (event instanceof ChangeEvent.Drained) {
            return canary + ofCanary.epoch() + "/drained";
        } else if (event instanceof ChangeEvent.HandedOver handed) {
            return canary + handed.epoch() + "/" + handed.partitions(); // each is handed over once
        }
        return canary + ofCanary.epoch();
    }

    private static String key(RolloutEvent event) {
        if (event instanceof RolloutEvent.Obeyed obeyed) {
            return "command/" + obeyed.command().id();
        } else if (event instanceof RolloutEvent.Refused refused) {
            return "command/" + refused.command().id();
        }
        RolloutState state = ((RolloutEvent.Progressed) event).state();
        return "rollout/" + event.canary() + "/" + state.sinceMillis(); // how it came to each phase stays to be seen
    }

    /** Takes the next event of the log. */
    public void apply(ChangeEvent event) {
        if (event instanceof ChangeEvent.OfCanary ofCanary) {
            canaries.put(ofCanary.canary(), of(ofCanary.canary()).apply(ofCanary));
        } else if (event instanceof ChangeEvent.Admitted admitted) {
            proxies.add(admitted.proxy());
        } else if (event instanceof ChangeEvent.Evicted evicted) {
            proxies.remove(evicted.proxy());
            grantsAtEviction = grants;
        } else if (event instanceof ChangeEvent.Left left) {
            proxies.remove(left.proxy());
            grantsAtLeaving = grants;
        } else if (event instanceof ChangeEvent.Granted) {
            grants++;
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

    /** Whether beats have been answered so many times since there is a log, and so many times since a proxy was counted out. */
    boolean isSettled(long first, long afterEviction) {
        return grants >= first && (grantsAtEviction < 0 || grants - grantsAtEviction >= afterEviction);
    }

    /** How often beats had been answered when a proxy last left; below 0 when none has. */
    long grantsAtLeaving() {
        return grantsAtLeaving;
    }

    /** How often beats have been answered. */
    long grants() {
        return grants;
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
