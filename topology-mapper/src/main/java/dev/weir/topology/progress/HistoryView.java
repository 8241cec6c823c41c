package dev.weir.topology.progress;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.topology.state.v1.HistoryBlock;
import dev.weir.topology.state.v1.HistoryBlock.GroupHistory;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.view.GroupStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The history of all partitions for a day, as {@link LagHistory} writes it. */
final class HistoryView {
    private static final int STEPS = 60;

    private final Map<String, TreeMap<Long, HistoryBlock>> blocks = new HashMap<>();
    private long forgotten;

    record Sample(long lagMillis, long lagRecords, long offsetLag, long committedOffset, GroupStatus status) {}

    void put(String key, @Nullable HistoryBlock block) {
        if (block != null) {
            blocks.computeIfAbsent(
                            partition(block.getCluster(), block.getTopic(), block.getPartition()),
                            ignored -> new TreeMap<>())
                    .put(block.getStartMillis(), block);
        }
    }

    private static String partition(String cluster, String topic, int partition) {
        return new String(ReportKeys.progress(cluster, topic, partition), StandardCharsets.UTF_8);
    }

    /** Once in ten minutes is enough. */
    void forget(long beforeMillis) {
        if (beforeMillis - forgotten > LagHistory.BLOCK_MILLIS) {
            forgotten = beforeMillis;
            blocks.values().forEach(kept -> kept.headMap(beforeMillis).clear());
            blocks.values().removeIf(TreeMap::isEmpty);
        }
    }

    /** How a group did; null where that is not known. */
    @Nullable
    Sample at(PartitionState partition, String group, long atMillis, long nowMillis) {
        TreeMap<Long, HistoryBlock> kept =
                blocks.get(partition(partition.getCluster(), partition.getTopic(), partition.getPartition()));
        long start = atMillis - atMillis % LagHistory.BLOCK_MILLIS;
        HistoryBlock block = kept == null || atMillis > nowMillis + LagHistory.STEP_MILLIS ? null : kept.get(start);
        if (block == null) {
            return null;
        }
        int step = (int) ((atMillis - start) / LagHistory.STEP_MILLIS);
        for (GroupHistory history : block.getGroupsList()) {
            if (history.getGroup().equals(group)) {
                return at(history, step);
            }
        }
        return null;
    }

    /** A value holds until the next while nothing is pending; else there is a next one, or a gap. */
    private static @Nullable Sample at(GroupHistory history, int step) {
        int i = history.getStepCount() - 1;
        while (i >= 0 && history.getStep(i) > step) {
            i--;
        }
        if (i < 0 || (history.getLagRecords(i) != 0 && step - history.getStep(i) > 1)) {
            return null;
        }
        return new Sample(
                history.getLagMillis(i),
                history.getLagRecords(i),
                history.getOffsetLag(i),
                history.getCommittedOffset(i),
                LagHistory.STATUSES.get(Math.min(history.getStatus(i), LagHistory.STATUSES.size() - 1)));
    }

    /** Time lag of the last ten minutes, the worst of all partitions, oldest first. */
    List<Long> last(List<LagFigures.Row> rows, long atMillis) {
        List<Long> lags = new ArrayList<>(STEPS);
        for (int back = STEPS - 1; back >= 0; back--) {
            long worst = -1;
            for (LagFigures.Row row : rows) {
                Sample sample =
                        at(row.partition(), row.group().getGroup(), atMillis - back * LagHistory.STEP_MILLIS, atMillis);
                worst = sample == null ? worst : Math.max(worst, sample.lagMillis());
            }
            lags.add(worst);
        }
        return lags;
    }
}
