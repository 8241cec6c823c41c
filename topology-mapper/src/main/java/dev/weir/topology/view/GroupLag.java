package dev.weir.topology.view;

import java.util.List;

/**
 * One consumer or share group of one cluster.
 *
 * @param services that read in it
 * @param protocol {@code CLASSIC}, {@code CONSUMER}, {@code SHARE}, {@code STREAMS}, or empty when it is not known
 * @param lagRecords data records not yet committed, over all partitions; -1 when not known for any
 * @param offsetLag high watermark (or last stable offset) minus committed offset: what Kafka's own tools show
 * @param lagMillis now minus the append time of the first uncommitted data record, the worst partition; exactly 0 when
 *     everything is committed; -1 when not known
 * @param fetchLagMillis the same for what was handed to the consumer
 * @param headroomMillis until retention deletes records that were not read, the least of all partitions; -1 for never
 *     or not known
 * @param members now in it; it stays when the last one leaves
 * @param rebalances of the last hour; not known of a time that is past
 * @param history time lag of the last minutes, oldest first, one value per {@link #HISTORY_STEP_MILLIS}; -1 for gaps
 */
public record GroupLag(
        String cluster,
        String group,
        List<String> services,
        String protocol,
        GroupStatus status,
        long lagRecords,
        long offsetLag,
        long lagMillis,
        long fetchLagMillis,
        long headroomMillis,
        List<Member> members,
        Rebalances rebalances,
        List<PartitionLag> partitions,
        List<Long> history,
        long lastSeenMillis) {
    public static final long HISTORY_STEP_MILLIS = 10_000;

    public GroupLag {
        services = List.copyOf(services);
        members = List.copyOf(members);
        partitions = List.copyOf(partitions);
        history = List.copyOf(history);
    }

    /**
     * When members came to another generation of the group (classic protocol), or to another epoch of it (KIP-848), as proxies saw it.
     *
     * @param known whether any proxy has told of its generation or epoch
     * @param atMillis each once, when the first member came to it, the oldest first; at most {@link #MAX}, the newest
     * @param earlierMillis when the last one before those was, 0 where that is too long ago to be known; -1 for none
     */
    public record Rebalances(boolean known, List<Long> atMillis, long earlierMillis) {
        public static final int MAX = 200;
        public static final long KEPT_MILLIS = 3_600_000;
        public static final Rebalances UNKNOWN = new Rebalances(false, List.of(), -1);

        public Rebalances {
            atMillis = List.copyOf(atMillis);
        }

        /** Of a group that has just come up. */
        public Rebalances(boolean known, List<Long> atMillis) {
            this(known, atMillis, -1);
        }

        /** How many there were since a time; -1 when it is not known. */
        public int since(long millis) {
            return known ? (int) atMillis.stream().filter(at -> at >= millis).count() : -1;
        }
    }

    /** Someone who reads in a group. */
    public record Member(
            String member,
            String clientId,
            String service,
            String version,
            String source,
            String software,
            long lastSeenMillis) {}

    /**
     * One partition as a group sees it; -1 where something is not known.
     *
     * @param endOffset what the group can read up to: the last stable offset, or the high watermark
     * @param fetchOffset how far it has read
     * @param compacted whether offsets have gaps, so that records are fewer than offsets
     * @param givenMillis of a version of a canary: how long ago, to a second, it was given the first record of its own that it has not committed; -1 also
     *     where it was given none
     */
    public record PartitionLag(
            String topic,
            int partition,
            GroupStatus status,
            long committedOffset,
            long fetchOffset,
            long endOffset,
            long logStartOffset,
            long lagRecords,
            long offsetLag,
            long lagMillis,
            long fetchLagMillis,
            long headroomMillis,
            long committedMillis,
            boolean compacted,
            String member,
            long givenMillis) {}
}
