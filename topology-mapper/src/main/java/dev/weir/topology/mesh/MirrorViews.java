package dev.weir.topology.mesh;

import dev.weir.topology.mirror.MirrorCounts;
import dev.weir.topology.mirror.MirrorKey;
import dev.weir.topology.mirror.MirrorSum;
import dev.weir.topology.view.MirrorEdge;

/** Makes edges of mirrors to be shown of sums. */
final class MirrorViews {
    private MirrorViews() {}

    static MirrorEdge view(MirrorSum sum) {
        MirrorKey key = sum.key();
        MirrorCounts counts = sum.counts();
        return new MirrorEdge(
                Long.toHexString(key.id()),
                key.mirror(),
                NodeIds.topic(key.cluster(), key.topic()),
                NodeIds.topic(key.targetCluster(), key.targetTopic()),
                counts.mirrored() / sum.seconds(),
                counts.bytes() / sum.seconds(),
                counts.dropped() / sum.seconds(),
                counts.failed() / sum.seconds(),
                sum.total().mirrored(),
                sum.total().dropped(),
                sum.total().failed(),
                sum.inFlight(),
                sum.lastError(),
                sum.firstSeenMillis(),
                sum.lastSeenMillis(),
                status(counts));
    }

    private static MirrorEdge.Status status(MirrorCounts counts) {
        if (counts.dropped() > 0 || counts.failed() > 0) {
            return MirrorEdge.Status.LOSING;
        }
        return counts.mirrored() > 0 ? MirrorEdge.Status.FLOWING : MirrorEdge.Status.IDLE;
    }
}
