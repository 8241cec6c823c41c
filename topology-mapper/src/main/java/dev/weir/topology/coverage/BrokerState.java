package dev.weir.topology.coverage;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What brokers of a cluster said in one round.
 *
 * @param askedMillis before they were asked: what they said is at least as new
 */
record BrokerState(
        long askedMillis, Map<String, TopicSettings> topics, Map<TopicPartition, Log> logs, Map<String, Group> groups) {

    /** @param retentionMillis -1 for ever */
    record TopicSettings(boolean compacted, long retentionMillis) {}

    record Log(long start, long stable, long end) {}

    record Group(String protocol, String state, boolean share, Map<TopicPartition, Offset> offsets) {}

    /** @param lag of share groups; -1 for others, or when the broker does not say */
    record Offset(long offset, long lag) {}
}
