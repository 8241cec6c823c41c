package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one mirror takes from one topic, under one policy: where that goes, what it is counted by, and whether it is any use to copy now. Any
 * thread.
 */
final class MirrorLane {
    private final Mirroring mirroring;
    private final MirrorAccount account;
    private final @Nullable MirrorSender sender;
    private final String topic;
    private final String targetTopic;
    private final IntSupplier partitions;
    private volatile @Nullable Refusal refusal;

    /**
     * Makes one.
     *
     * @param sender of the cluster that it leads to; {@code null} where there is no such cluster
     * @param topic that clients write to
     * @param partitions how many that has; 0 while it is not known
     */
    MirrorLane(
            Mirroring mirroring,
            MirrorAccount account,
            @Nullable MirrorSender sender,
            String topic,
            IntSupplier partitions) {
        this.mirroring = mirroring;
        this.account = account;
        this.sender = sender;
        this.topic = topic;
        this.targetTopic = mirroring.target().topicOf(topic);
        this.partitions = partitions;
    }

    Mirroring mirroring() {
        return mirroring;
    }

    MirrorAccount account() {
        return account;
    }

    @Nullable
    MirrorSender sender() {
        return sender;
    }

    String topic() {
        return topic;
    }

    String targetTopic() {
        return targetTopic;
    }

    /** How many the topic has that clients write to; 0 while it is not known. */
    int partitions() {
        return partitions.getAsInt();
    }

    /** Nothing is copied while this stands. */
    void refuse(Refusal because) {
        refusal = because;
    }

    /** Why nothing is copied now; {@code null} when it is. */
    @Nullable
    String refusal() {
        Refusal known = refusal;
        return known != null && known.stands() ? known.words() : null;
    }
}
