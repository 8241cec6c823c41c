package dev.weir.topology.view;

import java.util.List;

/**
 * How much of the growth of the logs, and of the groups, the mesh has seen. Measured, by comparing what proxies
 * reported with what the brokers say, never guessed.
 *
 * @param percentRecords share of appended records that came through the mesh, 0 to 100; -1 before it was measured
 * @param bypassedTopics topics that grew by more than what came through the mesh
 * @param bypassingGroups groups that committed around the mesh
 * @param checkedMillis when the brokers were last asked; -1 for never
 * @param unsearchedClusters of which no topic is searched: mirrors bring copies to more of them than can be told apart
 */
public record Coverage(
        double percentRecords,
        List<Bypass> bypassedTopics,
        List<Bypass> bypassingGroups,
        long checkedMillis,
        List<String> unsearchedClusters) {
    public static final Coverage UNKNOWN = new Coverage(-1, List.of(), List.of(), -1);

    public Coverage {
        bypassedTopics = List.copyOf(bypassedTopics);
        bypassingGroups = List.copyOf(bypassingGroups);
        // one of a version before says nothing of them
        unsearchedClusters = unsearchedClusters == null ? List.of() : List.copyOf(unsearchedClusters);
    }

    /** One where all clusters are searched. */
    public Coverage(
            double percentRecords, List<Bypass> bypassedTopics, List<Bypass> bypassingGroups, long checkedMillis) {
        this(percentRecords, bypassedTopics, bypassingGroups, checkedMillis, List.of());
    }

    /** The same, without these clusters. */
    public Coverage without(List<String> clusters) {
        return new Coverage(percentRecords, bypassedTopics, bypassingGroups, checkedMillis, clusters);
    }

    /**
     * One topic or group that was used around the mesh.
     *
     * @param name of the topic or the group
     * @param records that nobody reported, since they were first missed
     */
    public record Bypass(String cluster, String name, long records, long firstSeenMillis, long lastSeenMillis) {}
}
