package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one fetch session (KIP-227) or share session (KIP-932) as they were decided when the session got them:
 * those that the broker was told of, and those that were refused here and that it never saw. An incremental request
 * names only what changed, so what it does not name must be known here.
 *
 * @param <R> the answer that goes with a refused partition
 */
final class SessionTopics<R> {

    private static final int REFUSALS_MAX = 10_000;

    /** A topic by name, empty when nobody knew it, with its id where the session uses ids. */
    record Key(String name, Object id) {}

    /** Never cleared: responses of the session before may still be on their way. */
    private Set<String> allowed = new HashSet<>(4);

    private final Map<Key, Map<Integer, R>> refused = new LinkedHashMap<>(0);
    private @Nullable Object policyToken;
    private int refusals;

    void begin(Object token) {
        allowed = new HashSet<>(4);
        refused.clear();
        refusals = 0;
        policyToken = token;
    }

    void allow(String topic) {
        allowed.add(topic);
    }

    /** All topics that the broker was told of; grows while the session lasts, and is another object for the next one. */
    Set<String> allowed() {
        return allowed;
    }

    void refuse(Key topic, int partition, R answer) {
        refusals++;
        refused.computeIfAbsent(topic, absent -> new LinkedHashMap<>()).put(partition, answer);
    }

    /** The client asks for the partition no longer. */
    void forget(Object topicId, int partition) {
        refused.forEach((key, partitions) -> {
            if (key.id().equals(topicId)) {
                partitions.remove(partition);
            }
        });
        refused.values().removeIf(Map::isEmpty);
    }

    Map<Key, Map<Integer, R>> refused() {
        return refused;
    }

    boolean anyRefused() {
        return !refused.isEmpty();
    }

    /**
     * Whether everything is still decided as it was when the session got it. When it is not, the session has to begin
     * anew: that is how clients learn of it, and how the broker does.
     */
    boolean stillHolds(RequestContext context) {
        if (refusals > REFUSALS_MAX) {
            return false; // what a client has refused does not grow without bound
        }
        for (Key topic : refused.keySet()) {
            if (topic.name().isEmpty() && topic.id() instanceof Uuid id && context.topicName(id) != null) {
                return false; // nobody knew the topic, and now it is there
            }
        }
        Object token = context.policyToken();
        if (token == policyToken) {
            return true;
        }
        for (String topic : allowed) {
            if (!context.showsTopic(topic, Operation.READ)) {
                return false;
            }
        }
        for (Key topic : refused.keySet()) {
            if (context.showsTopic(topic.name(), Operation.READ)) {
                return false;
            }
        }
        policyToken = token;
        return true;
    }
}
