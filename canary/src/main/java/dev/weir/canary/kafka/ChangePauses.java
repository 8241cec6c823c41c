package dev.weir.canary.kafka;

import dev.weir.canary.Weight;
import java.util.HashMap;
import java.util.Map;

/**
 * Until when canaries are left alone whose change was given up: meanwhile their topics are served. A try that fails holds fetches back for its
 * whole time, so each pause is twice as long as the one before: a proxy that is alive, but slow, would otherwise stop a topic half of the time, for
 * as long as it is slow. Another weight than the one that failed is tried at once: it may be the 0 of a version that has to go. One thread.
 */
final class ChangePauses {
    /** So the longest pause is 16 times the first. */
    private static final int DOUBLED_MAX = 4;

    private final long firstNanos;
    private final Map<String, Pause> pauses = new HashMap<>();
    /** The weight that was asked about last. */
    private final Map<String, Weight> wished = new HashMap<>();

    private record Pause(long endNanos, int doubled) {}

    /**
     * @param firstNanos how long the first pause is
     */
    ChangePauses(long firstNanos) {
        this.firstNanos = firstNanos;
    }

    /** A change was given up that had held fetches back. */
    void givenUp(String canary, long nowNanos) {
        int doubled = Math.min(doubled(canary) + 1, DOUBLED_MAX);
        pauses.put(canary, new Pause(nowNanos + (firstNanos << doubled), doubled));
    }

    /** One could not begin, which holds nobody back: it is tried again soon. */
    void notBegun(String canary, long nowNanos) {
        pauses.put(canary, new Pause(nowNanos + firstNanos, doubled(canary)));
    }

    private int doubled(String canary) {
        Pause before = pauses.get(canary);
        return before == null ? -1 : before.doubled;
    }

    /** A change succeeded, or somebody wants another one: there is no pause, and the next one is short. */
    void forget(String canary) {
        pauses.remove(canary);
    }

    /** Whether a canary may be given a weight that somebody wishes. */
    boolean mayTry(String canary, Weight weight, long nowNanos) {
        Weight before = wished.put(canary, weight);
        if (before != null && !before.equals(weight)) {
            forget(canary);
        }
        return !isPausing(canary, nowNanos);
    }

    private boolean isPausing(String canary, long nowNanos) {
        Pause pause = pauses.get(canary);
        return pause != null && nowNanos - pause.endNanos < 0;
    }
}
