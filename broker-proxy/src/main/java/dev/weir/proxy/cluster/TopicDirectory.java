package dev.weir.proxy.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Names and ids of a cluster's topics (KIP-516). Any thread.
 *
 * <p>INVARIANT: an id never changes its name. A topic that is deleted and made again has a new id, so an old id can
 * never stand for the new topic; it stays known, and the broker answers that it is gone.
 */
public final class TopicDirectory {
    private static final int RESOLVED_IDS_MAX = 100_000;

    private record Topics(
            Map<String, Uuid> idByName, Map<Uuid, String> nameById, Map<String, Integer> partitionsByName) {}

    private volatile Topics topics = new Topics(Map.of(), Map.of(), Map.of());

    /** Ids that were asked for one by one, since the last full picture or before it. */
    private final Map<Uuid, String> resolved = new ConcurrentHashMap<>();

    /** The name behind an id, or {@code null} when it is not known here. */
    public @Nullable String name(Uuid id) {
        String name = topics.nameById().get(id);
        return name != null ? name : resolved.get(id);
    }

    /** The id of a topic, or {@code null} when it is not known here. */
    public @Nullable Uuid id(String name) {
        return topics.idByName().get(name);
    }

    /** How many partitions a topic has; 0 when it is not known here. */
    public int partitionCount(String name) {
        return topics.partitionsByName().getOrDefault(name, 0);
    }

    /** The same collection for as long as no topic comes or goes. */
    public Collection<String> names() {
        return topics.idByName().keySet();
    }

    /** A topic as a broker described it. */
    public record Topic(String name, Uuid id, int partitions) {}

    /** Takes a full picture of the cluster. */
    void replace(List<Topic> all) {
        Map<String, Uuid> idByName = new HashMap<>(all.size() * 2);
        Map<Uuid, String> nameById = new HashMap<>(all.size() * 2);
        Map<String, Integer> partitionsByName = new HashMap<>(all.size() * 2);
        for (Topic topic : all) {
            idByName.put(topic.name(), topic.id());
            nameById.put(topic.id(), topic.name());
            partitionsByName.put(topic.name(), topic.partitions());
        }
        Topics before = topics;
        if (nameById.equals(before.nameById()) && idByName.equals(before.idByName())) {
            // whoever keeps what follows from the names sees by their identity that it still holds
            topics = new Topics(before.idByName(), before.nameById(), partitionsByName);
            return;
        }
        // ids of topics that are gone keep their names, so that requests in flight still find them
        before.nameById().forEach(this::remember);
        topics = new Topics(idByName, nameById, partitionsByName);
    }

    /** Takes one topic that was asked for by its id. */
    void add(Topic topic) {
        remember(topic.id(), topic.name());
    }

    private void remember(Uuid id, String name) {
        if (resolved.size() >= RESOLVED_IDS_MAX) {
            resolved.clear();
        }
        resolved.put(id, name);
    }
}
