package dev.weir.topology.mesh;

import dev.weir.topology.edge.EdgeKey;

/** Ids of nodes, as {@code Node} describes them. */
final class NodeIds {
    static final String OTHER_CLIENTS = "other";
    static final String OTHER_TOPICS = "other:topics";

    private NodeIds() {}

    static String client(EdgeKey key) {
        if (key.other()) {
            return OTHER_CLIENTS;
        }
        return (key.isService() ? "service:" : "principal:") + key.client();
    }

    static String topic(EdgeKey key) {
        return key.other() ? OTHER_TOPICS : topic(key.cluster(), key.topic());
    }

    static String topic(String cluster, String topic) {
        return "topic:" + cluster + '/' + topic;
    }

    static String bypass(String cluster, String topic) {
        return "bypass:" + cluster + '/' + topic;
    }

    /** Not to be mistaken for a topic of its name: the name of a cluster holds no slash. */
    static String bypassGroup(String cluster, String group) {
        return "bypass:group/" + cluster + '/' + group;
    }
}
