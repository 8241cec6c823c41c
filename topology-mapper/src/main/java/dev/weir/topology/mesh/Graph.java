package dev.weir.topology.mesh;

import dev.weir.topology.edge.EdgeKey;
import dev.weir.topology.mirror.MirrorKey;
import dev.weir.topology.mirror.MirrorSum;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.MirrorEdge;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Nodes of edges: each has the worst of what is known of it. Made for one answer. */
final class Graph {

    /** What is gathered of a node. */
    private static final class Draft {
        private final Node.Kind kind;
        private final String name;
        private final String cluster;
        private final Set<String> versions = new TreeSet<>();
        private final Set<String> badges = new TreeSet<>();
        private Health health = Health.IDLE;

        Draft(Node.Kind kind, String name, String cluster) {
            this.kind = kind;
            this.name = name;
            this.cluster = cluster;
        }
    }

    private final Map<String, Draft> drafts = new TreeMap<>();
    private final List<Edge> edges = new ArrayList<>();
    private final List<MirrorEdge> mirrors = new ArrayList<>();
    private final PolicyView policy;
    private final Predicate<String> isMeshs;
    private final BiPredicate<String, String> compacted;
    private long others;

    /**
     * Makes one that is empty.
     *
     * @param isMeshs whether clients reach a cluster through the mesh: policy is about topics of no other
     * @param compacted of a cluster and a topic, whether it is known to be compacted
     */
    Graph(PolicyView policy, Predicate<String> isMeshs, BiPredicate<String, String> compacted) {
        this.policy = policy;
        this.isMeshs = isMeshs;
        this.compacted = compacted;
    }

    void add(EdgeViews.View view) {
        EdgeKey key = view.key();
        edges.add(view.edge());
        others += view.others();
        Draft client = client(key);
        client.health = client.health.worse(view.health());
        if (!key.version().isEmpty()) {
            client.versions.add(key.version());
        }
        if (view.plaintext()) {
            client.badges.add("plaintext");
        }
        if (view.anonymous()) {
            client.badges.add("anonymous");
        }
        Draft topic = topic(key);
        topic.health = topic.health.worse(ofTopic(view));
    }

    /** That somebody may not do something is no trouble of the topic, and that somebody is late a lesser one. */
    private static Health ofTopic(EdgeViews.View view) {
        return switch (view.edge().status()) {
            case DENIED, DRY_RUN_DENIED, IDLE -> Health.IDLE;
            case FAILING -> Health.BAD;
            case FLOWING -> view.health() == Health.BAD ? Health.WARN : view.health();
        };
    }

    private Draft client(EdgeKey key) {
        return drafts.computeIfAbsent(NodeIds.client(key), absent -> {
            if (key.other()) {
                return new Draft(Node.Kind.OTHER, "other clients", "");
            }
            Draft draft = new Draft(key.isService() ? Node.Kind.SERVICE : Node.Kind.PRINCIPAL, key.client(), "");
            if (!key.isService()) {
                draft.badges.add("no-service");
            }
            return draft;
        });
    }

    private Draft topic(EdgeKey key) {
        if (key.other()) {
            return drafts.computeIfAbsent(
                    NodeIds.OTHER_TOPICS, absent -> new Draft(Node.Kind.OTHER, "other topics", ""));
        }
        return topic(key.cluster(), key.topic());
    }

    private Draft topic(String cluster, String topic) {
        return drafts.computeIfAbsent(NodeIds.topic(cluster, topic), absent -> {
            Draft draft = new Draft(Node.Kind.TOPIC, topic, cluster);
            if (compacted.test(cluster, topic)) {
                draft.badges.add("compacted");
            }
            return draft;
        });
    }

    /** What a mirror brings from topic to topic; that some of it is lost is a lesser trouble of where it should have gone. */
    void add(MirrorSum sum) {
        MirrorKey key = sum.key();
        MirrorEdge edge = MirrorViews.view(sum);
        mirrors.add(edge);
        topic(key.cluster(), key.topic());
        Draft target = topic(key.targetCluster(), key.targetTopic());
        target.health = target.health.worse(
                switch (edge.status()) {
                    case IDLE -> Health.IDLE;
                    case FLOWING -> Health.OK;
                    case LOSING -> Health.WARN;
                });
    }

    /** Those who go around the mesh, and where they are seen. */
    void add(Coverage coverage) {
        for (Coverage.Bypass bypass : coverage.bypassedTopics()) {
            Draft topic = topic(bypass.cluster(), bypass.name());
            topic.badges.add("bypassed");
            topic.health = topic.health.worse(Health.WARN);
            String id = NodeIds.bypass(bypass.cluster(), bypass.name());
            drafts.put(id, bypass(bypass));
            edges.add(bypassEdge(id, NodeIds.topic(bypass.cluster(), bypass.name()), bypass));
        }
        for (Coverage.Bypass bypass : coverage.bypassingGroups()) {
            drafts.put(NodeIds.bypassGroup(bypass.cluster(), bypass.name()), bypass(bypass));
        }
    }

    private static Draft bypass(Coverage.Bypass bypass) {
        Draft draft = new Draft(Node.Kind.BYPASS, bypass.name(), bypass.cluster());
        draft.badges.add("bypassed");
        draft.health = Health.WARN;
        return draft;
    }

    /** Nothing is known of it but how much nobody reported. */
    private static Edge bypassEdge(String from, String to, Coverage.Bypass bypass) {
        return new Edge(
                from,
                from,
                to,
                Edge.Operation.PRODUCE,
                "",
                "",
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                bypass.records(),
                Map.of(),
                Edge.Latency.UNKNOWN,
                -1,
                -1,
                bypass.firstSeenMillis(),
                bypass.lastSeenMillis(),
                false,
                "",
                Edge.Status.FLOWING,
                Edge.Allowed.UNKNOWN,
                Edge.Checked.NONE);
    }

    /** By id. */
    List<Node> nodes() {
        return drafts.entrySet().stream()
                .map(entry -> node(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Node node(String id, Draft draft) {
        boolean owned =
                draft.kind == Node.Kind.SERVICE || (draft.kind == Node.Kind.TOPIC && isMeshs.test(draft.cluster));
        if (owned) {
            draft.badges.addAll(policy.interventions(draft.kind, draft.name));
        }
        return new Node(
                id,
                draft.kind,
                draft.name,
                draft.cluster,
                owned ? policy.owner(draft.kind, draft.name) : "",
                List.copyOf(draft.versions),
                draft.health,
                List.copyOf(draft.badges));
    }

    /** By id. */
    Collection<Edge> edges() {
        edges.sort(Comparator.comparing(Edge::id));
        return edges;
    }

    /** By id. */
    List<MirrorEdge> mirrors() {
        mirrors.sort(Comparator.comparing(MirrorEdge::id));
        return mirrors;
    }

    /** About how many edges are counted in others. */
    long others() {
        return others;
    }
}
