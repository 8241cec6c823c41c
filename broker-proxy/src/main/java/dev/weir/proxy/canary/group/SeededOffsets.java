package dev.weir.proxy.canary.group;

import dev.weir.policy.decide.ScopedCanary;
import dev.weir.proxy.authorize.RequestContext;
import java.util.Map;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/**
 * Tells a new version where it begins, where it has not committed yet. Kafka would tell it that there is no offset, and
 * {@code auto.offset.reset} would decide: records could be left out, or come that were never its own. As long as nobody can say where it
 * begins, it is told to ask again.
 */
final class SeededOffsets {
    /** From here on clients know that one partition may have to be asked for again. */
    private static final short UNSTABLE_SINCE = 7;

    private static final short TOP_LEVEL_ERROR_SINCE = 2;

    private final CanaryReadiness readiness;
    private final CanarySeeds seeds;

    SeededOffsets(CanaryReadiness readiness, CanarySeeds seeds) {
        this.readiness = readiness;
        this.seeds = seeds;
    }

    /**
     * Fills in what the broker does not know.
     *
     * @param asking the canaries whose new version asks, by the name that the client has for their group
     */
    void seed(OffsetFetchResponseData response, Map<String, ScopedCanary> asking, RequestContext context) {
        response.groups().forEach(group -> {
            ScopedCanary canary = asking.get(group.groupId());
            if (canary != null && group.errorCode() == Errors.NONE.code()) {
                group.topics().forEach(topic -> seed(topic, canary, context));
            }
        });
        if (!response.topics().isEmpty() && response.errorCode() == Errors.NONE.code()) {
            asking.values().forEach(canary -> seedOnly(response, canary, context.apiVersion()));
        }
    }

    private void seed(OffsetFetchResponseTopics topic, ScopedCanary canary, RequestContext context) {
        String name = topic.name().isEmpty() ? context.topicName(topic.topicId()) : topic.name();
        if (name == null || !canary.topics().contains(name)) {
            return;
        }
        for (OffsetFetchResponsePartitions partition : topic.partitions()) {
            if (partition.errorCode() == Errors.NONE.code()) {
                long offset = offset(canary, name, partition.partitionIndex(), partition.committedOffset());
                if (offset < 0) {
                    partition
                            .setErrorCode(Errors.UNSTABLE_OFFSET_COMMIT.code())
                            .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET);
                } else {
                    partition.setCommittedOffset(offset);
                }
            }
        }
    }

    /** Up to version 7 a response is about one group, and before that version nothing can be said of one partition alone. */
    private void seedOnly(OffsetFetchResponseData response, ScopedCanary canary, short version) {
        Errors again = version < UNSTABLE_SINCE ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.UNSTABLE_OFFSET_COMMIT;
        for (OffsetFetchResponseTopic topic : response.topics()) {
            if (!canary.topics().contains(topic.name())) {
                continue;
            }
            for (OffsetFetchResponsePartition partition : topic.partitions()) {
                if (partition.errorCode() != Errors.NONE.code()) {
                    continue;
                }
                long offset = offset(canary, topic.name(), partition.partitionIndex(), partition.committedOffset());
                partition.setCommittedOffset(Math.max(offset, OffsetFetchResponse.INVALID_OFFSET));
                if (offset < 0) {
                    partition.setErrorCode(again.code());
                    if (version >= TOP_LEVEL_ERROR_SINCE && version < UNSTABLE_SINCE) {
                        response.setErrorCode(again.code());
                    }
                }
            }
        }
    }

    private long offset(ScopedCanary canary, String topic, int partition, long committed) {
        if (!readiness.isOpen(canary)) {
            return CanarySeeds.UNKNOWN;
        }
        return committed >= 0 ? committed : seeds.seed(canary, topic, partition);
    }
}
