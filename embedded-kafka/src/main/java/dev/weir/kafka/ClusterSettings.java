package dev.weir.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a cluster is started with. */
record ClusterSettings(
        int brokers,
        List<ClientListener> listeners,
        boolean authorizer,
        List<String> superUsers,
        boolean autoCreateTopics,
        Map<String, String> properties,
        @Nullable Path dataDir) {

    List<String> listenerNames() {
        return listeners.stream().map(ClientListener::name).toList();
    }

    ClientListener listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no listener " + name + "; this cluster has " + listenerNames()));
    }

    Map<String, String> scramUsers() {
        Map<String, String> users = new HashMap<>();
        for (ClientListener listener : listeners) {
            if (listener.sasl() != null) {
                users.putAll(listener.sasl().scramUsers());
            }
        }
        return users;
    }

    /** Ports by listener for a broker that is new: those that were asked for, and 0 for those that the system chooses. */
    Map<String, Integer> firstPorts(int nodeId) {
        Map<String, Integer> chosen = unchosenPorts();
        for (ClientListener listener : listeners) {
            if (listener.firstPort() != 0) {
                chosen.put(listener.name(), listener.firstPort() + nodeId - 1);
            }
        }
        return chosen;
    }

    /** The same, all chosen by the system. */
    Map<String, Integer> unchosenPorts() {
        Map<String, Integer> chosen = new HashMap<>();
        listenerNames().forEach(name -> chosen.put(name, 0));
        chosen.put(NodeProperties.INTERNAL, 0);
        return chosen;
    }
}
