package dev.weir.topology.view;

import java.util.List;

/** One service: its node, its edges, the groups that it reads in, and its clients. */
public record ServiceView(Node node, List<Edge> edges, List<GroupLag> groups, List<Client> clients) {

    public ServiceView {
        edges = List.copyOf(edges);
        groups = List.copyOf(groups);
        clients = List.copyOf(clients);
    }

    /** Connections with the same names, seen together. */
    public record Client(
            String clientId,
            String version,
            String principal,
            String mechanism,
            boolean tls,
            String software,
            String source,
            String listener,
            long lastSeenMillis) {}
}
