package dev.weir.cli.demo;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of each order while a new version of payments takes over: whether a version processed it, and which. Kafka may give an
 * order to the same version again; what matters is that none is left out, and none goes to both. Any thread.
 */
final class ChargeLedger {
    private final Set<String> orders = new HashSet<>();
    private final Map<String, Integer> versions = new HashMap<>();

    private static final int STABLE = 1;
    private static final int CANARY = 2;

    /**
     * How it stands.
     *
     * @param produced orders that were acknowledged
     * @param stableProcessed those that the stable version processed
     * @param canaryProcessed those that the canary processed
     * @param lost those that nobody has processed; while the demo runs, also those on their way
     * @param ownedByBoth those that both processed
     */
    record Count(long produced, long stableProcessed, long canaryProcessed, long lost, long ownedByBoth) {}

    synchronized void produced(String order) {
        orders.add(order);
    }

    synchronized void processed(String order, boolean canary) {
        versions.merge(order, canary ? CANARY : STABLE, (before, now) -> before | now);
    }

    synchronized Count count() {
        long[] by = new long[STABLE + CANARY + 1];
        for (String order : orders) {
            by[versions.getOrDefault(order, 0)]++;
        }
        long both = by[STABLE | CANARY];
        return new Count(orders.size(), by[STABLE] + both, by[CANARY] + both, by[0], both);
    }
}
