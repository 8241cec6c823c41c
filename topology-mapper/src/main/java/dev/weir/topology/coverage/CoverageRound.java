package dev.weir.topology.coverage;

import java.util.List;

/**
 * What was found in one round about a cluster.
 *
 * @param trusted whether all that proxies saw must have been reported: none has lost reports, went away or came anew
 */
record CoverageRound(String cluster, long atMillis, boolean trusted, List<Topic> topics, List<Group> groups) {

    /**
     * A topic, with totals since it was first seen.
     *
     * @param retentionMillis -1 for ever
     * @param reported records whose append a proxy reported
     * @param unreported records that nobody reported in time
     * @param unacknowledged records that proxies let through with acks=0
     * @param mirrored whether mirrors write to it, which nobody reports
     */
    record Topic(
            String topic,
            boolean compacted,
            long retentionMillis,
            long reported,
            long unreported,
            long unacknowledged,
            boolean mirrored) {}

    /**
     * A group.
     *
     * @param advanced by how much it committed where no proxy saw anything of it, in the round before this
     */
    record Group(String group, String protocol, String state, long advanced) {}
}
