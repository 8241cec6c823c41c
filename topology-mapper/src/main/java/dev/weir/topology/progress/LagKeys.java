package dev.weir.topology.progress;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.topology.state.v1.HistoryBlock;
import dev.weir.topology.state.v1.SloBlock;
import dev.weir.topology.stream.RecordKind;
import java.nio.ByteBuffer;

/** Keys on the state topic: the kind, for blocks their start and step, and the key of the partition's reports. */
final class LagKeys {
    private static final int BLOCK_BYTES = 1 + Long.BYTES + Long.BYTES;

    private LagKeys() {}

    static byte[] partition(byte[] reportKey) {
        return ByteBuffer.allocate(1 + reportKey.length)
                .put(RecordKind.PARTITION.code())
                .put(reportKey)
                .array();
    }

    static byte[] history(HistoryBlock block) {
        byte[] reportKey = ReportKeys.progress(block.getCluster(), block.getTopic(), block.getPartition());
        return block(RecordKind.LAG_HISTORY, block.getStartMillis(), 0, reportKey);
    }

    static byte[] slo(SloBlock block) {
        byte[] reportKey = ReportKeys.progress(block.getCluster(), block.getTopic(), block.getPartition());
        return block(RecordKind.SLO, block.getStartMillis(), block.getSlotMillis(), reportKey);
    }

    static byte[] block(RecordKind kind, long startMillis, long stepMillis, byte[] reportKey) {
        return ByteBuffer.allocate(BLOCK_BYTES + reportKey.length)
                .put(kind.code())
                .putLong(startMillis)
                .putLong(stepMillis)
                .put(reportKey)
                .array();
    }

    static long startMillis(byte[] blockKey) {
        return ByteBuffer.wrap(blockKey).getLong(1);
    }

    static long stepMillis(byte[] blockKey) {
        return ByteBuffer.wrap(blockKey).getLong(1 + Long.BYTES);
    }
}
