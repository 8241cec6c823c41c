package dev.weir.topology.coverage;

import java.util.Map;

/**
 * Which clusters are asked, and how often.
 *
 * @param clusters kafka-clients' properties, by the cluster's name in the proxies' configuration
 * @param intervalMillis between two rounds
 * @param partitionsMax topics are left out, and counted in the log, beyond so many partitions of a cluster
 * @param groupsMax groups are, beyond so many
 */
public record CoverageSettings(
        Map<String, Map<String, String>> clusters, long intervalMillis, int partitionsMax, int groupsMax) {
    public static final long INTERVAL_MILLIS_DEFAULT = 30_000;
    public static final int PARTITIONS_MAX_DEFAULT = 20_000;
    public static final int GROUPS_MAX_DEFAULT = 5_000;

    /** Nobody is asked. */
    public static final CoverageSettings NONE = of(Map.of());

    public CoverageSettings {
        clusters = Map.copyOf(clusters);
        if (intervalMillis < 1_000) {
            throw new IllegalArgumentException(
                    "coverage: brokers are asked every " + intervalMillis + " ms; at least 1000 is allowed");
        }
    }

    public static CoverageSettings of(Map<String, Map<String, String>> clusters) {
        return new CoverageSettings(clusters, INTERVAL_MILLIS_DEFAULT, PARTITIONS_MAX_DEFAULT, GROUPS_MAX_DEFAULT);
    }

    public CoverageSettings every(long otherMillis) {
        return new CoverageSettings(clusters, otherMillis, partitionsMax, groupsMax);
    }
}
