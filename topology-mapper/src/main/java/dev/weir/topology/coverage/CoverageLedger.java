package dev.weir.topology.coverage;

import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.state.v1.CoverageState.Bypass;
import dev.weir.topology.state.v1.CoverageState.CoverageSlot;
import dev.weir.topology.state.v1.CoverageState.GroupCoverage;
import dev.weir.topology.state.v1.CoverageState.TopicCoverage;
import java.util.HashMap;
import java.util.Map;

/**
 * Says what went around the mesh, and only what is proven. A record counts for a topic when it is in the log, the time
 * for a report about it is over, no record with acks=0 and no copy of a mirror can be it, and no proxy can have lost a report about it; and only
 * once such records were found in two rounds. Records for a group are offsets that it committed, in two rounds, on
 * partitions where no proxy saw it fetch or commit.
 */
final class CoverageLedger {
    private static final long SLOT_MILLIS = 300_000;
    private static final long SLOTS_KEEP_MILLIS = 3_900_000;
    private static final int ROUNDS_MIN = 2;

    private CoverageLedger() {}

    static CoverageState next(CoverageState before, CoverageRound round) {
        Map<String, TopicCoverage> topics = new HashMap<>();
        before.getTopicsList().forEach(topic -> topics.put(topic.getTopic(), topic));
        Map<String, GroupCoverage> groups = new HashMap<>();
        before.getGroupsList().forEach(group -> groups.put(group.getGroup(), group));
        CoverageState.Builder state =
                CoverageState.newBuilder().setCluster(round.cluster()).setCheckedMillis(round.atMillis());
        long reported = 0;
        long bypass = 0;
        for (CoverageRound.Topic topic : round.topics()) {
            TopicCoverage known = topics.getOrDefault(topic.topic(), TopicCoverage.getDefaultInstance());
            TopicCoverage now = topic(known, topic, round);
            state.addTopics(now);
            reported += more(known.getReportedRecords(), topic.reported());
            bypass += more(known.getBypass().getRecords(), now.getBypass().getRecords());
        }
        for (CoverageRound.Group group : round.groups()) {
            GroupCoverage known = groups.getOrDefault(group.group(), GroupCoverage.getDefaultInstance());
            state.addGroups(GroupCoverage.newBuilder()
                    .setGroup(group.group())
                    .setProtocol(group.protocol())
                    .setState(group.state())
                    .setBypass(bypass(known.getBypass(), round.trusted() ? group.advanced() : 0, round.atMillis())));
        }
        slots(before, state, round.atMillis(), reported, bypass);
        return state.build();
    }

    private static TopicCoverage topic(TopicCoverage known, CoverageRound.Topic topic, CoverageRound round) {
        long missed = more(known.getUnreportedRecords(), topic.unreported());
        // where mirrors write too, those with acks=0 are not used up: which records are whose nobody knows
        long excused = topic.mirrored() ? 0 : Math.min(missed, more(known.getExcusedRecords(), topic.unacknowledged()));
        long evidence = topic.mirrored() ? 0 : missed - excused;
        return TopicCoverage.newBuilder()
                .setTopic(topic.topic())
                .setCompacted(topic.compacted())
                .setRetentionMillis(topic.retentionMillis())
                .setReportedRecords(topic.reported())
                .setUnreportedRecords(topic.unreported())
                .setExcusedRecords(known.getExcusedRecords() + excused)
                .setUnexplainedRecords(known.getUnexplainedRecords() + (round.trusted() ? 0 : evidence))
                .setBypass(bypass(known.getBypass(), round.trusted() ? evidence : 0, round.atMillis()))
                .build();
    }

    private static Bypass bypass(Bypass known, long evidence, long atMillis) {
        if (evidence <= 0) {
            return known;
        }
        Bypass.Builder bypass = known.toBuilder()
                .setRounds(known.getRounds() + 1)
                .setSuspectedRecords(known.getSuspectedRecords() + evidence)
                .setLastMillis(atMillis);
        if (known.getRounds() == 0) {
            bypass.setFirstMillis(atMillis);
        }
        if (bypass.getRounds() >= ROUNDS_MIN) {
            bypass.setRecords(known.getRecords() + bypass.getSuspectedRecords()).setSuspectedRecords(0);
        }
        return bypass.build();
    }

    /** A total that is less than before was begun anew. */
    private static long more(long before, long now) {
        return now >= before ? now - before : 0;
    }

    private static void slots(
            CoverageState before, CoverageState.Builder state, long atMillis, long reported, long bypass) {
        long start = atMillis - atMillis % SLOT_MILLIS;
        CoverageSlot.Builder current = CoverageSlot.newBuilder().setStartMillis(start);
        for (CoverageSlot slot : before.getSlotsList()) {
            if (slot.getStartMillis() == start) {
                current.mergeFrom(slot);
            } else if (slot.getStartMillis() > atMillis - SLOTS_KEEP_MILLIS) {
                state.addSlots(slot);
            }
        }
        state.addSlots(current.setReportedRecords(current.getReportedRecords() + reported)
                .setBypassRecords(current.getBypassRecords() + bypass));
    }
}
