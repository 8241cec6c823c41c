package dev.weir.topology.progress;

import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.view.GroupStatus;

/**
 * How a group does on a partition, from what was seen of it and the time alone. Burrow's ideas, over time and not over
 * numbers of commits, as a group that commits seldom is not one that does not commit. The first rule that fits counts:
 *
 * <ol>
 *   <li>UNKNOWN: it has committed nothing that is known.
 *   <li>REWOUND: within the window it committed less than before, and has not got to where it was.
 *   <li>OK: nothing is pending. An idle topic is not a problem, whatever the group does.
 *   <li>STOPPED: records are pending for more than {@link #PATIENCE_MILLIS}, and no fetch, commit or sign of membership
 *       came within {@link LagSettings#stopMillis}. Of a group that has never come through the mesh nobody can say so.
 *   <li>STALLED: records are pending, and no commit got any further, for the whole window; or for three times its
 *       longest time between commits, where that is longer.
 *   <li>WARN: it commits, and its time lag grows, as {@link LagTrend} tells.
 *   <li>OK.
 * </ol>
 */
final class StatusRules {
    /** A record that has just come is no proof that nobody will fetch it. */
    static final long PATIENCE_MILLIS = 5_000;

    private final LagSettings settings;

    StatusRules(LagSettings settings) {
        this.settings = settings;
    }

    /** @param memberMillis when a member of the group was seen last, on whatever partition; -1 for never */
    GroupStatus status(GroupState group, long memberMillis, long nowMillis) {
        if (group.getCommittedOffset() < 0) {
            return GroupStatus.UNKNOWN;
        }
        if (group.getRewoundMillis() >= 0 && nowMillis - group.getRewoundMillis() < settings.windowMillis()) {
            return GroupStatus.REWOUND;
        }
        if (group.getPendingRecords() == 0) {
            return GroupStatus.OK;
        }
        long pendingForMillis = nowMillis - group.getPendingMillis();
        long seenMillis = Math.max(memberMillis, group.getSeenMillis());
        long unseenMillis = nowMillis - Math.max(seenMillis, group.getAdvancedMillis());
        if (seenMillis >= 0 && unseenMillis > settings.stopMillis() && pendingForMillis > PATIENCE_MILLIS) {
            return GroupStatus.STOPPED;
        }
        long windowMillis = Math.max(settings.windowMillis(), 3 * group.getCommitIntervalMillis());
        long stuckMillis = nowMillis - Math.max(group.getAdvancedMillis(), group.getPendingMillis());
        if (stuckMillis > windowMillis) {
            return GroupStatus.STALLED;
        }
        return group.getGrowing() ? GroupStatus.WARN : GroupStatus.OK;
    }
}
