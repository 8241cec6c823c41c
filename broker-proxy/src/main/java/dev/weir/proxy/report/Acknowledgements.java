package dev.weir.proxy.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one request of a share group's member acknowledges (KIP-932), by partition. Event loop only. */
final class Acknowledgements {
    private record Place(String topic, int partition) {}

    private final ReportedClient client;
    private final @Nullable String group;
    private final @Nullable String member;
    private final Map<Place, Acknowledged> partitions = new HashMap<>(0);

    Acknowledgements(ReportedClient client, @Nullable String group, @Nullable String member) {
        this.client = client;
        this.group = group;
        this.member = member;
    }

    /** @param types one for all offsets, or one for each */
    void add(String topic, int partition, long firstOffset, long lastOffset, List<Byte> types) {
        if (lastOffset < firstOffset || types.isEmpty()) {
            return; // no broker takes it
        }
        Acknowledged acknowledged =
                partitions.computeIfAbsent(new Place(topic, partition), absent -> new Acknowledged());
        if (types.size() == 1) {
            acknowledged.add(types.get(0), firstOffset, lastOffset + 1);
        } else {
            for (int i = 0; i < types.size(); i++) {
                acknowledged.add(types.get(i), firstOffset + i, firstOffset + i + 1);
            }
        }
    }

    /** The broker did not take those of the partition. */
    void refuse(String topic, int partition) {
        partitions.remove(new Place(topic, partition));
    }

    void refuseAll() {
        partitions.clear();
    }

    /** Reports what was not refused. */
    void tell(Events events, long nowMillis) {
        if (group != null && member != null) {
            partitions.forEach((place, acknowledged) -> events.acknowledged(
                    new Events.AcknowledgedKey(client, place.topic, place.partition, group, member),
                    acknowledged,
                    nowMillis));
        }
    }
}
