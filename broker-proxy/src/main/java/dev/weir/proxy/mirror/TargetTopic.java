package dev.weir.proxy.mirror;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;

/**
 * A topic that batches go to. One of partition p goes to partition p modulo the topic's number of partitions: what is in one partition
 * stays together, and with it each key. One thread.
 */
final class TargetTopic {
    /** For how long at first, and at last, nothing is copied to what cannot be written to. */
    private static final long GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long GIVEN_UP_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final String name;
    /** What came before it was known which partitions there are. */
    private final Deque<MirrorBatch> unplaced = new ArrayDeque<>();

    private final List<Queue> queues = new ArrayList<>();
    private boolean asking;
    /** Whether it is asked again after a pause. */
    private boolean pausing;

    private final LongSupplier nanoTime;
    private long askedNanos;
    /** When a batch came last. */
    private long usedNanos;
    /** How often in a row nobody answered. */
    private int failures;
    /** How often in a row a broker said that it cannot be written to. */
    private int refusals;
    /** How often in a row it was given up, with no batch taken between. */
    private int givenUp;

    private long givenUpUntilNanos;
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

    /** @param nanoTime as {@link System#nanoTime} */
    TargetTopic(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.askedNanos = nanoTime.getAsLong();
        this.usedNanos = askedNanos;
        this.givenUpUntilNanos = askedNanos;
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
        usedNanos = nanoTime.getAsLong();
        if (queues.isEmpty()) {
            unplaced.add(batch);
            return null;
        }
        Queue queue = queues.get(Math.floorMod(batch.source().partition(), queues.size()));
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

    /** Whether nothing waits, and nothing is on its way. */
    private boolean isIdle() {
        return unplaced.isEmpty()
                && queues.stream().allMatch(queue -> queue.batches().isIdle());
    }

    /** Whether nothing has come for a time, and of what came nothing is left: nobody loses anything when it is forgotten. */
    boolean isUnused(long nanos) {
        return nanoTime.getAsLong() - usedNanos >= nanos && !isBusy() && isIdle();
    }

    /** Whether nobody is to ask: somebody does, or will after a pause. */
    boolean isBusy() {
        return asking || pausing;
    }

    void asks() {
        asking = true;
        askedNanos = nanoTime.getAsLong();
    }

    /** Begins a pause; {@code false} when there is one already. */
    boolean pauses() {
        boolean begins = !pausing;
        pausing = true;
        return begins;
    }

    void paused() {
        pausing = false;
    }

    long askedNanos() {
        return askedNanos;
    }

    /** A broker has said what there is. */
    void learn(MetadataResponseTopic topic) {
        asking = false;
        failures = 0;
        refusals = 0;
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
        refusals = 0;
        unknownBecause = words;
        return ++failures;
    }

    /** Whether nobody could say when it was asked last. */
    boolean isUnknown() {
        return failures > 0;
    }

    /**
     * A broker has said that it cannot be written to.
     *
     * @return how often in a row; 0 where that concerns no batch
     */
    int refused() {
        asking = false;
        failures = 0;
        unknownBecause = "";
        refusals = isIdle() ? 0 : refusals + 1;
        return refusals;
    }

    /**
     * A broker has said that there is no such topic. Its partitions are found anew with the next batch, by which it is made where it is to be.
     *
     * @return {@code false} when nothing was known of them, or is still needed: then all stays as it is
     */
    boolean forget() {
        if (queues.isEmpty() || !isIdle()) {
            return false;
        }
        queues.clear();
        refusals = 0;
        return true;
    }

    /** A batch was taken. */
    void takes() {
        givenUp = 0;
        unknownBecause = "";
    }

    /**
     * Everything that waits is given up, and what comes is not copied for a while: a second first, then twice as long each time that
     * something was. To be called before what was on its way is given up.
     */
    Refusal giveUp(String words) {
        long nowNanos = nanoTime.getAsLong();
        if (nowNanos - givenUpUntilNanos >= 0 && !isIdle()) {
            givenUpUntilNanos = nowNanos + Math.min(GIVEN_UP_NANOS_MAX, GIVEN_UP_NANOS << Math.min(givenUp, 10));
            givenUp++;
        }
        Refusal refusal = new Refusal(words, givenUpUntilNanos, () -> false);
        unplaced.forEach(batch -> batch.refused(refusal));
        unplaced.clear();
        queues.forEach(queue -> queue.batches().end(batch -> batch.refused(refusal)));
        return refusal;
    }

    /**
     * Gives up what has waited for too long. Where that is since nobody answers, more is copied once somebody does.
     *
     * @param unreachable whether still nobody answers; any thread
     */
    void expire(long ageMillisMax, BooleanSupplier unreachable) {
        Refusal refusal = unknownBecause.isEmpty()
                ? null
                : new Refusal(
                        "the cluster of topic " + name + " took nothing in time: " + unknownBecause,
                        nanoTime.getAsLong() + GIVEN_UP_NANOS,
                        unreachable);
        for (MirrorBatch first = unplaced.peek();
                first != null && first.ageMillis() > ageMillisMax;
                first = unplaced.peek()) {
            unplaced.remove();
            if (refusal == null) {
                first.failed("the cluster of topic " + name + " took nothing in time");
            } else {
                first.refused(refusal);
            }
        }
        queues.forEach(
                queue -> queue.batches().expire(ageMillisMax, queue.batches().isPaused() ? refusal : null));
    }

    /** Weir stops. */
    void end(String words) {
        unplaced.forEach(batch -> batch.dropped(words));
        unplaced.clear();
        queues.forEach(queue -> queue.batches().end(batch -> batch.dropped(words)));
    }
}
