package dev.weir.topology.coverage;

import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.PartitionState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits that no proxy saw: a group's offset went on, and nothing was seen of the group on that partition from before
 * the one answer of the brokers until well after the other. So what is found is of the round before.
 */
final class GroupEvidence {
    /** Signs of life come in steps of ten seconds, and a little late. */
    private static final long SLACK_MILLIS = 15_000;

    private record Place(String group, TopicPartition partition) {}

    private record Advance(long records, long sinceMillis) {}

    private Map<Place, Long> offsets = Map.of();
    private Map<Place, Advance> advances = Map.of();
    private long askedMillis;

    /** By group, how far it went unseen. */
    Map<String, Long> next(BrokerState state, List<PartitionState> seen) {
        Map<Place, Long> seenMillis = new HashMap<>();
        for (PartitionState partition : seen) {
            for (GroupState group : partition.getGroupsList()) {
                seenMillis.put(
                        new Place(group.getGroup(), new TopicPartition(partition.getTopic(), partition.getPartition())),
                        group.getSeenMillis());
            }
        }
        Map<String, Long> unseen = new HashMap<>();
        advances.forEach((place, advance) -> {
            if (seenMillis.getOrDefault(place, -1L) < advance.sinceMillis() - SLACK_MILLIS) {
                unseen.merge(place.group(), advance.records(), Long::sum);
            }
        });
        remember(state);
        return unseen;
    }

    private void remember(BrokerState state) {
        Map<Place, Long> now = new HashMap<>();
        Map<Place, Advance> moved = new HashMap<>();
        state.groups()
                .forEach((name, group) -> group.offsets().forEach((partition, offset) -> {
                    Place place = new Place(name, partition);
                    now.put(place, offset.offset());
                    Long before = offsets.get(place);
                    if (before != null && offset.offset() > before && !group.share()) {
                        moved.put(place, new Advance(offset.offset() - before, askedMillis));
                    }
                }));
        offsets = now;
        advances = moved;
        askedMillis = state.askedMillis();
    }
}
