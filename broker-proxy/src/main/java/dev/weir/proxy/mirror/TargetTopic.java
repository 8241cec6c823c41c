package dev.weir.proxy.mirror;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;

/**
 * A topic that batches go to. One of partition p goes to partition p modulo the topic's number of partitions: what is in one partition
 * stays together, and with it each key. One thread.
 */
final class TargetTopic {
    private final String name;
    /** What came before it was known which partitions there are. */
    private final Deque<MirrorBatch> unplaced = new ArrayDeque<>();

    private final List<Queue> queues = new ArrayList<>();
    private boolean asking;
    private long askedNanos = System.nanoTime();
    private int failures;
    /** Why nobody could say who leads its partitions; empty where somebody could. */
    private String unknownBecause = "";

    /** One partition of it. */
    record Queue(TargetTopic topic, PartitionQueue batches) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Queue queue && queue.batches == batches;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(batches);
        }
    }

    TargetTopic(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    List<Queue> queues() {
        return queues;
    }

    /** Takes a batch; the queue that it is in, or {@code null} while no partition is known. */
    @Nullable
    Queue add(MirrorBatch batch) {
        if (queues.isEmpty()) {
            unplaced.add(batch);
            return null;
        }
        Queue queue = queues.get(batch.source().partition() % queues.size());
        queue.batches().add(batch);
        return queue;
    }

    /** The oldest batch that has no partition yet: by it the topic is made, where it is to be. */
    @Nullable
    MirrorBatch firstUnplaced() {
        return unplaced.peek();
    }

    /** Whether somebody has to find out who leads its partitions. */
    boolean needsLeaders() {
        if (!unplaced.isEmpty()) {
            return true;
        }
        for (Queue queue : queues) {
            if (queue.batches().isPaused() && !queue.batches().isIdle()) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody is to ask, as somebody does. */
    boolean isAsking() {
        return asking;
    }

    void asks() {
        asking = true;
        askedNanos = System.nanoTime();
    }

    long askedNanos() {
        return askedNanos;
    }

    /** A broker has said what there is. */
    void learn(MetadataResponseTopic topic) {
        asking = false;
        failures = 0;
        unknownBecause = "";
        while (queues.size() < topic.partitions().size()) {
            queues.add(new Queue(this, new PartitionQueue(queues.size())));
        }
        for (MetadataResponsePartition partition : topic.partitions()) {
            if (partition.partitionIndex() < queues.size()) {
                queues.get(partition.partitionIndex()).batches().leader(partition.leaderId());
            }
        }
        for (MirrorBatch batch = unplaced.poll(); batch != null; batch = unplaced.poll()) {
            add(batch);
        }
    }

    /**
     * Nobody could say.
     *
     * @param words why
     * @return how often in a row
     */
    int failed(String words) {
        asking = false;
        unknownBecause = words;
        return ++failures;
    }

    /** What has no partition is given up, as far as it was tried often enough. */
    void giveUp(String words, boolean retriable, int attemptsMax) {
        for (int left = unplaced.size(); left > 0; left--) {
            MirrorBatch batch = unplaced.remove();
            if (retriable && batch.tryAgain() < attemptsMax) {
                unplaced.add(batch);
            } else {
                batch.failed(words);
            }
        }
        if (!retriable) {
            queues.forEach(queue -> queue.batches().end(words, false));
        }
    }

    void expire(long ageMillisMax) {
        for (MirrorBatch first = unplaced.peek();
                first != null && first.ageMillis() > ageMillisMax;
                first = unplaced.peek()) {
            unplaced.remove();
            first.failed("the cluster of topic " + name + " took nothing in time"
                    + (unknownBecause.isEmpty() ? "" : ": " + unknownBecause));
        }
        queues.forEach(queue -> queue.batches().expire(ageMillisMax));
    }

    /** Weir stops. */
    void end(String words) {
        unplaced.forEach(batch -> batch.dropped(words));
        unplaced.clear();
        queues.forEach(queue -> queue.batches().end(words, true));
    }
}
