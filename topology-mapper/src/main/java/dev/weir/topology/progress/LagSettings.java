package dev.weir.topology.progress;

/**
 * Limits and times of the lag model.
 *
 * @param windowMillis what a group's status is judged over; the longest time between its commits, three times, where
 *     that is longer
 * @param stopMillis a group of which nothing was seen for so long has stopped
 * @param keepGroupMillis a group of which nothing was seen for so long is forgotten
 * @param settleMillis reports about a moment have come by then
 * @param segmentsMax points of the offset to time table of one partition
 * @param groupsMax groups on one partition; further ones are refused and counted
 * @param partitionsMax partitions that one task keeps; further ones are refused and counted
 */
public record LagSettings(
        long windowMillis,
        long stopMillis,
        long keepGroupMillis,
        long settleMillis,
        int segmentsMax,
        int groupsMax,
        int partitionsMax) {
    public static final LagSettings DEFAULT = new LagSettings(60_000, 30_000, 7L * 86_400_000, 15_000, 512, 64, 20_000);

    public LagSettings {
        if (windowMillis < 12_000 || stopMillis < 1_000 || segmentsMax < 16 || groupsMax < 1 || partitionsMax < 1) {
            throw new IllegalArgumentException(
                    "lag settings: window " + windowMillis + " ms (at least 12000), stop " + stopMillis
                            + " ms (at least 1000), " + segmentsMax + " segments (at least 16), " + groupsMax
                            + " groups and " + partitionsMax + " partitions (at least 1)");
        }
    }

    /** For people who watch: a group that stops or falls behind is called so after 20 seconds. */
    public LagSettings quick() {
        return new LagSettings(20_000, 10_000, keepGroupMillis, settleMillis, segmentsMax, groupsMax, partitionsMax);
    }
}
