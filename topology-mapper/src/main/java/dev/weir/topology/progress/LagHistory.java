package dev.weir.topology.progress;

import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.HistoryBlock;
import dev.weir.topology.state.v1.HistoryBlock.GroupHistory;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a partition's groups did, every ten seconds, in blocks of ten minutes. While nothing is pending and nothing moves
 * there is no new value: whoever reads it takes the last one for it.
 */
final class LagHistory {
    static final long STEP_MILLIS = GroupLag.HISTORY_STEP_MILLIS;
    static final long BLOCK_MILLIS = 60 * STEP_MILLIS;
    /** Stored by their place. */
    static final List<GroupStatus> STATUSES = List.of(GroupStatus.values());

    private final List<GroupHistory.Builder> groups = new ArrayList<>();
    private final HistoryBlock.Builder block;
    private long sampled = -1;
    private boolean changed;

    LagHistory(String cluster, String topic, int partition) {
        this(HistoryBlock.newBuilder()
                .setCluster(cluster)
                .setTopic(topic)
                .setPartition(partition)
                .setStartMillis(-1));
    }

    private LagHistory(HistoryBlock.Builder block) {
        this.block = block;
    }

    static LagHistory of(HistoryBlock state) {
        LagHistory history = new LagHistory(state.toBuilder().clearGroups());
        state.getGroupsList().forEach(group -> history.groups.add(group.toBuilder()));
        return history;
    }

    /** Takes values when ten seconds are over. */
    void sample(long nowMillis, Supplier<List<GroupState>> states, long end, StatusRules rules) {
        long step = nowMillis / STEP_MILLIS;
        if (step == sampled) {
            return;
        }
        sampled = step;
        long start = nowMillis - nowMillis % BLOCK_MILLIS;
        if (block.getStartMillis() != start) {
            block.setStartMillis(start);
            groups.clear();
        }
        int index = (int) ((nowMillis - start) / STEP_MILLIS);
        for (GroupState state : states.get()) {
            sample(index, state, nowMillis, end, rules);
        }
    }

    private void sample(int index, GroupState state, long nowMillis, long end, StatusRules rules) {
        GroupHistory.Builder group = group(state.getGroup());
        int last = group.getStepCount() - 1;
        boolean still = last >= 0
                && state.getPendingRecords() == 0
                && group.getLagRecords(last) == 0
                && group.getCommittedOffset(last) == state.getCommittedOffset();
        if (still || (last >= 0 && group.getStep(last) >= index)) {
            return;
        }
        boolean known = state.getCommittedOffset() >= 0;
        group.addStep(index)
                .addLagMillis(known ? LagFigures.lagMillis(state, nowMillis) : -1)
                .addLagRecords(known ? state.getPendingRecords() : -1)
                .addOffsetLag(known ? Math.max(0, end - state.getCommittedOffset()) : -1)
                .addCommittedOffset(state.getCommittedOffset())
                .addStatus(STATUSES.indexOf(rules.status(state, -1, nowMillis)));
        changed = true;
    }

    private GroupHistory.Builder group(String name) {
        for (GroupHistory.Builder group : groups) {
            if (group.getGroup().equals(name)) {
                return group;
            }
        }
        GroupHistory.Builder group = GroupHistory.newBuilder().setGroup(name);
        groups.add(group);
        return group;
    }

    /** Whether the block has changed since this was asked last. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    HistoryBlock block() {
        HistoryBlock.Builder whole = block.clone().clearGroups();
        groups.forEach(group -> whole.addGroups(group.build()));
        return whole.build();
    }
}
