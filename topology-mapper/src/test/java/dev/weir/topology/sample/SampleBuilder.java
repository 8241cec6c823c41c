package dev.weir.topology.sample;

import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a sample mesh together from short sentences. */
final class SampleBuilder {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Edge> edges = new LinkedHashMap<>();
    private final Map<String, GroupLag> groups = new LinkedHashMap<>();

    SampleBuilder node(Node node) {
        nodes.put(node.id(), node);
        return this;
    }

    SampleBuilder service(String name, String team, String... versions) {
        return node(new Node(
                "service:" + name, Node.Kind.SERVICE, name, "", team, List.of(versions), Health.OK, List.of()));
    }

    SampleBuilder topic(String name, String team, String... badges) {
        return node(new Node(
                "topic:main/" + name, Node.Kind.TOPIC, name, "main", team, List.of(), Health.OK, List.of(badges)));
    }

    SampleBuilder produce(String service, String topic, double rate) {
        return put(edgeOf(
                "service:" + service,
                "topic:main/" + topic,
                Edge.Operation.PRODUCE,
                "",
                version(service),
                rate,
                -1,
                -1));
    }

    SampleBuilder consume(String service, String topic, String group, double rate, long lag, long lagMillis) {
        return consume(service, topic, group, rate, lag, lagMillis, version(service));
    }

    SampleBuilder consume(
            String service, String topic, String group, double rate, long lag, long lagMillis, String version) {
        String id = "service:" + service;
        put(edgeOf("topic:main/" + topic, id, Edge.Operation.CONSUME, group, version, rate, lag, lagMillis));
        Node node = nodes.get(id);
        if (node != null && lagMillis > 10_000) {
            nodes.put(
                    id,
                    new Node(
                            id,
                            node.kind(),
                            node.name(),
                            node.cluster(),
                            node.team(),
                            node.versions(),
                            lagMillis > 60_000 ? Health.BAD : Health.WARN,
                            node.badges()));
        }
        GroupLag added = lag(service, topic, group, lag, lagMillis);
        groups.merge(group, added, SampleBuilder::merged);
        return this;
    }

    SampleBuilder denied(String service, String topic, boolean dryRun) {
        Edge edge = edgeOf(
                "topic:main/" + topic,
                "service:" + service,
                Edge.Operation.CONSUME,
                service,
                version(service),
                dryRun ? 1.6 : 0,
                -1,
                -1);
        return put(new Edge(
                edge.id(),
                edge.from(),
                edge.to(),
                edge.operation(),
                edge.version(),
                edge.group(),
                edge.recordsPerSecond(),
                0,
                0,
                dryRun ? 0 : 0.52,
                dryRun ? 1.6 : 0,
                0,
                0,
                dryRun ? 0 : 31,
                dryRun ? 96 : 0,
                0,
                SampleMesh.errors(!dryRun),
                Edge.Latency.UNKNOWN,
                -1,
                -1,
                edge.firstSeenMillis(),
                edge.lastSeenMillis(),
                true,
                "SCRAM-SHA-512",
                dryRun ? Edge.Status.DRY_RUN_DENIED : Edge.Status.DENIED,
                Edge.Allowed.NO,
                Edge.Checked.NONE));
    }

    SampleBuilder edge(String from, String to, Edge.Operation operation, String group, double rate) {
        return put(edgeOf(from, to, operation, group, "", rate, -1, -1));
    }

    SampleMesh build() {
        List<GroupLag> worstFirst = new ArrayList<>(groups.values());
        worstFirst.sort(Comparator.comparing(GroupLag::status)
                .thenComparing(GroupLag::lagMillis)
                .reversed());
        return new SampleMesh(
                List.copyOf(nodes.values()),
                List.copyOf(edges.values()),
                worstFirst,
                SampleSecurity.insights(),
                SampleMesh.objectives(),
                SampleMesh.fleet(),
                List.of());
    }

    static Edge edgeOf(
            String from,
            String to,
            Edge.Operation operation,
            String group,
            String version,
            double rate,
            long lag,
            long lagMillis) {
        long now = SampleMesh.now();
        boolean produces = operation == Edge.Operation.PRODUCE;
        return new Edge(
                from + ">" + to + "#" + group + "@" + version,
                from,
                to,
                operation,
                version,
                group,
                rate,
                rate * 512,
                0,
                0,
                0,
                Math.round(rate * 60),
                produces ? Math.round(rate) : 0,
                0,
                0,
                Math.round(rate * 80_000),
                Map.of(),
                produces ? new Edge.Latency(1.8, 4.2, 9.6) : Edge.Latency.UNKNOWN,
                lag,
                lagMillis,
                now - 86_000_000,
                now - 400,
                !from.startsWith("principal:"),
                "SCRAM-SHA-512",
                rate > 0 ? Edge.Status.FLOWING : Edge.Status.IDLE,
                Edge.Allowed.YES,
                produces && to.equals("topic:main/payments")
                        ? Edge.Checked.of(1_000, 12, Map.of("payload", 9L, "no-schema", 3L))
                        : Edge.Checked.NONE);
    }

    private SampleBuilder put(Edge edge) {
        edges.put(edge.id(), edge);
        return this;
    }

    private String version(String service) {
        Node node = nodes.get("service:" + service);
        return node == null || node.versions().isEmpty() ? "" : node.versions().get(0);
    }

    private static GroupLag lag(String service, String topic, String group, long lag, long lagMillis) {
        long now = SampleMesh.now();
        List<GroupLag.PartitionLag> partitions = new ArrayList<>();
        List<Long> history = new ArrayList<>();
        for (int p = 0; p < 3; p++) {
            long records = lag / 3 + (p < lag % 3 ? 1 : 0);
            partitions.add(new GroupLag.PartitionLag(
                    topic,
                    p,
                    SampleMesh.status(lagMillis),
                    10_000 - records,
                    10_000 - records / 2,
                    10_000,
                    0,
                    records,
                    records,
                    records == 0 ? 0 : lagMillis,
                    records == 0 ? 0 : lagMillis / 2,
                    500_000_000,
                    now - 900,
                    topic.equals("audit"),
                    service + "-" + p,
                    -1));
        }
        for (int i = 0; i < 60; i++) {
            history.add(
                    lagMillis == 0
                            ? 0
                            : i < 3 ? -1 : Math.round(lagMillis * (0.3 + 0.7 * i / 59) * (1 + 0.15 * Math.sin(i))));
        }
        List<GroupLag.Member> members = service.equals("reporting")
                ? List.of()
                : List.of(new GroupLag.Member(
                        service + "-0",
                        service + "-client",
                        service,
                        "1.4.0",
                        "10.1.2.3",
                        "apache-kafka-java 4.3.1",
                        now - 400));
        return new GroupLag(
                "main",
                group,
                List.of(service),
                "CONSUMER",
                SampleMesh.status(lagMillis),
                lag,
                lag,
                lagMillis,
                lagMillis / 2,
                500_000_000,
                members,
                new GroupLag.Rebalances(true, List.of(now - 1_200_000)),
                partitions,
                history,
                now - 400);
    }

    private static GroupLag merged(GroupLag one, GroupLag two) {
        List<GroupLag.PartitionLag> partitions = new ArrayList<>(one.partitions());
        two.partitions().stream()
                .filter(each -> partitions.stream()
                        .noneMatch(
                                known -> known.topic().equals(each.topic()) && known.partition() == each.partition()))
                .forEach(partitions::add);
        return new GroupLag(
                one.cluster(),
                one.group(),
                one.services(),
                one.protocol(),
                one.status().worse(two.status()),
                Math.max(one.lagRecords(), two.lagRecords()),
                Math.max(one.offsetLag(), two.offsetLag()),
                Math.max(one.lagMillis(), two.lagMillis()),
                Math.max(one.fetchLagMillis(), two.fetchLagMillis()),
                one.headroomMillis(),
                one.members(),
                one.rebalances(),
                partitions,
                one.history(),
                one.lastSeenMillis());
    }
}
