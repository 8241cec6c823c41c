package dev.weir.topology.progress;

import dev.weir.mesh.report.v1.Acknowledgement;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.OffsetRange;
import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.mesh.report.v1.Span;

/** Reports as one proxy would make them, each a round of its own. */
final class Reports {
    static final String CLUSTER = "main";
    static final String TOPIC = "orders";

    private final String proxy;
    private long sequence;

    Reports(String proxy) {
        this.proxy = proxy;
    }

    Progress.Builder at(long toMillis) {
        return Progress.newBuilder()
                .setHeader(Header.newBuilder()
                        .setProxy(proxy)
                        .setEpochMillis(1)
                        .setSequence(++sequence)
                        .setFromMillis(toMillis - 1_000)
                        .setToMillis(toMillis)
                        .setCluster(CLUSTER))
                .setTopic(TOPIC)
                .setHighWatermark(-1)
                .setLastStableOffset(-1)
                .setLogStartOffset(-1)
                .setLogEndOffset(-1);
    }

    Progress append(long first, long end, long atMillis, boolean transactional) {
        return at(atMillis)
                .addAppends(Append.newBuilder()
                        .setFirstOffset(first)
                        .setEndOffset(end)
                        .setRecords(end - first)
                        .setFromMillis(atMillis)
                        .setToMillis(atMillis)
                        .setTransactional(transactional))
                .build();
    }

    Progress commit(String group, long offset, long atMillis) {
        return at(atMillis).addOffsets(offset(group, offset, atMillis)).build();
    }

    static GroupOffset.Builder offset(String group, long offset, long atMillis) {
        return GroupOffset.newBuilder()
                .setGroup(group)
                .setCommittedOffset(offset)
                .setAtMillis(atMillis)
                .setMember("m");
    }

    /** What a share group is done with: first, end, first, end ... */
    Progress acknowledge(String group, long atMillis, long... bounds) {
        Acknowledgement.Builder acknowledgement =
                Acknowledgement.newBuilder().setGroup(group).setMember("m").setAtMillis(atMillis);
        for (int i = 0; i < bounds.length; i += 2) {
            acknowledgement.addDone(
                    OffsetRange.newBuilder().setFirstOffset(bounds[i]).setEndOffset(bounds[i + 1]));
        }
        return at(atMillis).addAcknowledgements(acknowledgement).build();
    }

    Progress fetch(String group, long offset, long delivered, long endOffset, long stable, long atMillis) {
        return at(atMillis)
                .setHighWatermark(endOffset)
                .setLastStableOffset(stable)
                .addPositions(Position.newBuilder()
                        .setGroup(group)
                        .setFetchOffset(offset)
                        .setDeliveredOffset(delivered)
                        .setAtMillis(atMillis))
                .build();
    }

    Progress span(long first, long end, long records, boolean control, long atMillis) {
        return at(atMillis)
                .setHighWatermark(end)
                .addSpans(Span.newBuilder()
                        .setFirstOffset(first)
                        .setEndOffset(end)
                        .setRecords(records)
                        .setControl(control)
                        .setMaxTimestampMillis(-1))
                .build();
    }
}
