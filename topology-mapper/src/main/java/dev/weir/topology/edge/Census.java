package dev.weir.topology.edge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who is in the topology, so that there are not too many. Knows what this instance's tasks have admitted and what the view
 * has of all instances; two instances that admit at the same moment may together go a little above a limit. Any thread.
 */
public final class Census {
    private final int edgesMax;
    private final int clientsMax;
    private final int topicsMax;
    private final Set<Long> edges = new HashSet<>();
    private final Map<String, Integer> clients = new HashMap<>();
    private final Map<String, Integer> topics = new HashMap<>();

    public Census(int edgesMax, int clientsMax, int topicsMax) {
        this.edgesMax = edgesMax;
        this.clientsMax = clientsMax;
        this.topicsMax = topicsMax;
    }

    /** False where a limit is in the way of a new one. */
    synchronized boolean admit(long id, EdgeKey key) {
        if (edges.contains(id)) {
            return true;
        }
        if (edges.size() >= edgesMax
                || (clients.size() >= clientsMax && !clients.containsKey(client(key)))
                || (topics.size() >= topicsMax && !topics.containsKey(topic(key)))) {
            return false;
        }
        add(id, key);
        return true;
    }

    /** It is there, whatever the limits say. */
    synchronized void add(long id, EdgeKey key) {
        if (!key.other() && edges.add(id)) {
            clients.merge(client(key), 1, Integer::sum);
            topics.merge(topic(key), 1, Integer::sum);
        }
    }

    synchronized void remove(long id, EdgeKey key) {
        if (!key.other() && edges.remove(id)) {
            clients.computeIfPresent(client(key), (name, count) -> count == 1 ? null : count - 1);
            topics.computeIfPresent(topic(key), (name, count) -> count == 1 ? null : count - 1);
        }
    }

    private static String client(EdgeKey key) {
        return (key.isService() ? "s" : "p") + key.client();
    }

    private static String topic(EdgeKey key) {
        return key.cluster() + '/' + key.topic();
    }
}
