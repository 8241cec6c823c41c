package dev.weir.canary.kafka;

import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Where partitions end, and how far groups have come. Blocks until brokers have answered; what they answer instead is thrown as it is, and
 * {@link org.apache.kafka.common.errors.TimeoutException} where they take too long.
 */
final class ClusterOffsets {
    private final Admin admin;
    private final Duration max;

    /**
     * @param max how long a question may take, however long a broker does not answer
     */
    ClusterOffsets(Admin admin, Duration max) {
        this.admin = admin;
        this.max = max;
    }

    /** High watermarks of all partitions of some topics: nobody has been served what is at or beyond them. */
    Map<PartitionRef, Long> ends(Collection<String> topics) throws InterruptedException {
        long endNanos = System.nanoTime() + max.toNanos();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        // asked of brokers each time: a client's own picture of a topic may be minutes old
        answer(admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(millisTo(endNanos)))
                        .allTopicNames())
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(partition -> latest.put(
                                new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest())));
        Map<PartitionRef, Long> ends = new HashMap<>();
        // what is replicated, whether or not its transaction has ended; and not by the consumer, whose question would
        // wait for its fetch
        answer(admin.listOffsets(
                                latest,
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(millisTo(endNanos)))
                        .all())
                .forEach((partition, end) -> ends.put(ref(partition), end.offset()));
        return ends;
    }

    /** What the groups of both sides have committed, where they have. */
    Map<Side, Map<PartitionRef, Long>> committed(Scope scope) throws InterruptedException {
        long endNanos = System.nanoTime() + max.toNanos();
        Map<Side, Map<PartitionRef, Long>> committed = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            var options = new ListConsumerGroupOffsetsOptions().timeoutMs(millisTo(endNanos));
            Map<PartitionRef, Long> offsets = new HashMap<>();
            answer(admin.listConsumerGroupOffsets(scope.group(side), options).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            offsets.put(ref(partition), offset.offset());
                        }
                    });
            committed.put(side, offsets);
        }
        return committed;
    }

    /** Whether nobody is in a group, or it is not there. */
    boolean isEmpty(String group) throws InterruptedException {
        return isEmpty(group, max);
    }

    /** As above, by an answer that comes in time. */
    boolean isEmpty(String group, Duration inTime) throws InterruptedException {
        var options = new DescribeConsumerGroupsOptions().timeoutMs((int) inTime.toMillis());
        try {
            return answer(admin.describeConsumerGroups(List.of(group), options).all()).values().stream()
                    .allMatch(described -> described.members().isEmpty());
        } catch (GroupIdNotFoundException e) {
            return true;
        }
    }

    private static int millisTo(long endNanos) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
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
