package dev.weir.canary.kafka;

import dev.weir.canary.PartitionRef;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Where partitions end, and how far groups have come. Blocks for as long as brokers take; what they answer instead is thrown as it
 * is.
 */
final class ClusterOffsets {
    private final Admin admin;

    ClusterOffsets(Admin admin) {
        this.admin = admin;
    }

    /** High watermarks of all partitions of some topics: nobody has been served what is at or beyond them. */
    Map<PartitionRef, Long> ends(Collection<String> topics) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        // asked of brokers each time: a client's own picture of a topic may be minutes old
        answer(admin.describeTopics(topics).allTopicNames())
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> latest.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
        Map<PartitionRef, Long> ends = new HashMap<>();
        // what is replicated, whether or not its transaction has ended; and not by the consumer, whose question would
        // wait for its fetch
        answer(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .forEach((partition, end) -> ends.put(ref(partition), end.offset()));
        return ends;
    }

    /** What a group has committed, where it has. */
    Map<PartitionRef, Long> committed(String group) throws InterruptedException {
        Map<PartitionRef, Long> committed = new HashMap<>();
        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(ref(partition), offset.offset());
                    }
                });
        return committed;
    }

    /** Whether nobody is in a group, or it is not there. */
    boolean isEmpty(String group) throws InterruptedException {
        return isEmpty(group, new DescribeConsumerGroupsOptions());
    }

    /** As above, by an answer that comes in time. */
    boolean isEmpty(String group, Duration inTime) throws InterruptedException {
        return isEmpty(group, new DescribeConsumerGroupsOptions().timeoutMs((int) inTime.toMillis()));
    }

    private boolean isEmpty(String group, DescribeConsumerGroupsOptions options) throws InterruptedException {
        try {
            return answer(admin.describeConsumerGroups(List.of(group), options).all()).values().stream()
                    .allMatch(described -> described.members().isEmpty());
        } catch (GroupIdNotFoundException e) {
            return true;
        }
    }

    private static PartitionRef ref(TopicPartition partition) {
        return new PartitionRef(partition.topic(), partition.partition());
    }

    private static <T> T answer(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
