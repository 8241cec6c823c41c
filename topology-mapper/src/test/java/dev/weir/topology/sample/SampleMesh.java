package dev.weir.topology.sample;

import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.MirrorEdge;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What one sample mesh holds. Everything is derived from names and a seed: it is the same each time. */
public record SampleMesh(
        List<Node> nodes,
        List<Edge> edges,
        List<GroupLag> groups,
        SecurityView security,
        List<SloView> slos,
        List<ProxyView> proxies,
        List<MirrorEdge> mirrors) {
    private static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">";

    static long now() {
        return System.currentTimeMillis();
    }

    /** In the past there is one edge less: replay shows something else than now. */
    Topology topology(Moment moment) {
        boolean replay = moment.at().isPresent();
        List<Edge> shown = replay ? edges.subList(0, edges.size() - 1) : edges;
        return new Topology(
                moment.at().orElse(now()),
                moment.windowMillis(),
                replay,
                nodes,
                shown,
                0,
                new Coverage(
                        98.2,
                        List.of(new Coverage.Bypass("main", "refunds", 4211, now() - 3_600_000, now() - 20_000)),
                        List.of(),
                        now() - 12_000,
                        List.of("archive")),
                mirrors);
    }

    /** Topics whose producers have records that were checked are guarded. */
    SchemaCoverage schemas() {
        List<SchemaCoverage.Topic> topics = nodes.stream()
                .filter(node -> node.kind() == Node.Kind.TOPIC)
                .map(this::guarded)
                .toList();
        return new SchemaCoverage(
                now(),
                60_000,
                topics.size(),
                (int) topics.stream().filter(SchemaCoverage.Topic::hasRule).count(),
                topics.stream().mapToLong(SchemaCoverage.Topic::records).sum(),
                topics.stream().map(SchemaCoverage.Topic::checked).reduce(Edge.Checked.NONE, Edge.Checked::and),
                topics);
    }

    private SchemaCoverage.Topic guarded(Node topic) {
        List<SchemaCoverage.Flow> flows = edges.stream()
                .filter(edge -> edge.to().equals(topic.id()))
                .map(edge -> new SchemaCoverage.Flow(
                        edge.from().substring(edge.from().indexOf(':') + 1),
                        edge.version(),
                        edge.records(),
                        edge.checked()))
                .toList();
        Edge.Checked checked =
                flows.stream().map(SchemaCoverage.Flow::checked).reduce(Edge.Checked.NONE, Edge.Checked::and);
        boolean guarded = checked.checked() > 0;
        return new SchemaCoverage.Topic(
                topic.cluster(),
                topic.name(),
                topic.team(),
                guarded ? topic.name() + "-schema" : "",
                guarded ? "schemas.yaml:3" : "",
                guarded ? "quarantine" : "",
                guarded ? topic.name() + ".bad" : "",
                flows.stream().mapToLong(SchemaCoverage.Flow::records).sum(),
                checked,
                flows);
    }

    /** A shop: eight services of four teams, with everything that can be remarkable about a mesh. */
    public static SampleMesh shop() {
        SampleBuilder mesh = new SampleBuilder();
        mesh.service("storefront", "web", "2.3.0").service("checkout", "orders", "1.4.0", "1.5.0-canary");
        mesh.service("payment", "payments", "3.1.2").service("fraud-check", "payments", "0.9.0");
        mesh.service("warehouse", "logistics", "7.0.1").service("notifications", "web", "1.0.0");
        mesh.service("analytics", "data", "2026.11").service("reporting", "data", "1.2.0");
        mesh.topic("carts", "web")
                .topic("orders", "orders")
                .topic("payments", "payments")
                .topic("shipments", "logistics");
        mesh.topic("audit", "payments", "compacted").topic("clicks", "web").topic("refunds", "payments", "bypassed");
        mesh.node(new Node(
                "principal:User:batch-import",
                Node.Kind.PRINCIPAL,
                "User:batch-import",
                "",
                "",
                List.of(),
                Health.WARN,
                List.of("no-service", "plaintext")));
        mesh.node(new Node(
                "bypass:main/refunds", Node.Kind.BYPASS, "around the mesh", "", "", List.of(), Health.WARN, List.of()));
        mesh.produce("storefront", "clicks", 842.5).produce("storefront", "carts", 61.2);
        mesh.consume("checkout", "carts", "checkout", 48.9, 12, 140)
                .consume("checkout", "carts", "checkout", 12.3, 0, 0, "1.5.0-canary");
        mesh.produce("checkout", "orders", 38.4).consume("payment", "orders", "payment", 38.4, 0, 0);
        mesh.produce("payment", "payments", 37.9).produce("payment", "audit", 75.8);
        mesh.consume("fraud-check", "payments", "fraud", 9.1, 5210, 84_000);
        mesh.consume("warehouse", "orders", "warehouse", 38.4, 3, 210).produce("warehouse", "shipments", 36.0);
        mesh.consume("notifications", "shipments", "notify", 36.0, 0, 0);
        mesh.consume("notifications", "payments", "notify", 37.9, 0, 0);
        mesh.consume("analytics", "clicks", "analytics", 842.5, 90, 320);
        mesh.consume("reporting", "orders", "reporting", 0, 0, 0);
        mesh.denied("analytics", "payments", false).denied("reporting", "audit", true);
        mesh.edge("principal:User:batch-import", "topic:main/orders", Edge.Operation.PRODUCE, "", 2.5);
        mesh.edge("bypass:main/refunds", "topic:main/refunds", Edge.Operation.PRODUCE, "", 1.2);
        mesh.produce("checkout", "refunds", 0.4);
        return mesh.build();
    }

    /** Services, each of which produces for the one after it, to a topic of its own. */
    public static SampleMesh line(String... services) {
        SampleBuilder mesh = new SampleBuilder();
        for (int i = 1; i < services.length; i++) {
            String topic = services[i - 1] + "-" + services[i];
            mesh.service(services[i - 1], "team").service(services[i], "team").topic(topic, "team");
            mesh.produce(services[i - 1], topic, 1).consume(services[i], topic, services[i], 1, 0, 0);
        }
        return mesh.build();
    }

    /** Names that would do harm in a page that takes text for markup. */
    public static SampleMesh hostile() {
        SampleBuilder mesh = new SampleBuilder();
        mesh.service(HOSTILE, "</script><script>document.title='owned'</script>", "1\"><b>")
                .service("a/b c%2F?#&", "team", "1");
        mesh.service("\u202eright-to-left\u0000null", "javascript:alert(1)", "1")
                .service("z".repeat(240), "team", "2");
        mesh.topic("__proto__", "constructor").topic("orders", "team");
        mesh.produce(HOSTILE, "__proto__", 5).produce("a/b c%2F?#&", "orders", 3);
        mesh.consume("\u202eright-to-left\u0000null", "__proto__", HOSTILE, 5, 10, 5_000);
        mesh.consume("z".repeat(240), "orders", "group/with slash", 3, 0, 0);
        return mesh.build();
    }

    /** 1,000 services and 5,000 edges: most traffic stays in one of 25 teams. */
    public static SampleMesh large() {
        Random random = new Random(42);
        SampleBuilder mesh = new SampleBuilder();
        List<String> services = new ArrayList<>();
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            services.add("service-%04d".formatted(i));
            mesh.service(services.get(i), "team-%02d".formatted(i / 40), "1." + i % 7);
        }
        for (int i = 0; i < 800; i++) {
            topics.add("topic-%04d".formatted(i));
            mesh.topic(topics.get(i), "team-%02d".formatted(i / 32));
        }
        for (int i = 0; i < 5_000; i++) {
            int team = random.nextInt(25);
            boolean local = random.nextInt(10) < 8;
            String service = services.get(local ? team * 40 + random.nextInt(40) : random.nextInt(1_000));
            String topic = topics.get(local ? team * 32 + random.nextInt(32) : random.nextInt(800));
            double rate = Math.exp(random.nextDouble() * 8);
            if (i % 5 < 2) {
                mesh.produce(service, topic, rate);
            } else {
                mesh.consume(
                        service,
                        topic,
                        service,
                        rate,
                        random.nextInt(40) == 0 ? 9_000 : 0,
                        random.nextInt(40) == 0 ? 70_000 : 0);
            }
        }
        return mesh.build();
    }

    /** This mesh with one more service that produces to the first topic. */
    public SampleMesh with(String service) {
        List<Node> moreNodes = new ArrayList<>(nodes);
        moreNodes.add(new Node(
                "service:" + service, Node.Kind.SERVICE, service, "", "web", List.of("1"), Health.OK, List.of()));
        List<Edge> moreEdges = new ArrayList<>(edges);
        Node topic = nodes.stream()
                .filter(node -> node.kind() == Node.Kind.TOPIC)
                .findFirst()
                .orElseThrow();
        moreEdges.add(
                0, SampleBuilder.edgeOf("service:" + service, topic.id(), Edge.Operation.PRODUCE, "", "1", 7, -1, -1));
        return new SampleMesh(moreNodes, moreEdges, groups, security, slos, proxies, mirrors);
    }

    /** The shop with a mirror of orders to staging, and one of payments that its target does not take. */
    public static SampleMesh mirroring() {
        SampleMesh shop = shop();
        List<Node> moreNodes = new ArrayList<>(shop.nodes);
        for (String topic : List.of("mirror.orders", "mirror.payments")) {
            moreNodes.add(new Node(
                    "topic:staging/" + topic, Node.Kind.TOPIC, topic, "staging", "", List.of(), Health.OK, List.of()));
        }
        return new SampleMesh(
                moreNodes,
                shop.edges,
                shop.groups,
                shop.security,
                shop.slos,
                shop.proxies,
                List.of(
                        mirror("orders", MirrorEdge.Status.FLOWING, 38.4, 0, ""),
                        mirror("payments", MirrorEdge.Status.LOSING, 0, 37.9, "topic mirror.payments does not exist")));
    }

    private static MirrorEdge mirror(
            String topic, MirrorEdge.Status status, double rate, double failedPerSecond, String lastError) {
        return new MirrorEdge(
                "mirror-" + topic,
                topic + "-to-staging",
                "topic:main/" + topic,
                "topic:staging/mirror." + topic,
                rate,
                rate * 512,
                0,
                failedPerSecond,
                Math.round(rate * 1_000),
                0,
                Math.round(failedPerSecond * 1_000),
                12,
                lastError,
                now() - 3_600_000,
                now() - 900,
                status);
    }

    static List<SloView> objectives() {
        List<Double> good = new ArrayList<>();
        List<Double> bad = new ArrayList<>();
        for (int i = 0; i < 288; i++) {
            good.add(i % 40 == 0 ? 0.0004 : 0.0);
            bad.add(i > 270 ? 0.08 : i % 30 == 0 ? -1 : 0.001);
        }
        return List.of(
                new SloView(
                        "orders-to-warehouse",
                        "logistics",
                        "main",
                        "warehouse",
                        List.of("orders"),
                        0.999,
                        5_000,
                        2_592_000_000L,
                        1_920_441,
                        212,
                        0.99989,
                        0.89,
                        86_400_000,
                        List.of(
                                new SloView.Burn(14.4, 3_600_000, 300_000, 0.1, 0.0, false),
                                new SloView.Burn(6, 21_600_000, 1_800_000, 0.1, 0.1, false),
                                new SloView.Burn(1, 259_200_000, 21_600_000, 0.1, 0.1, false)),
                        SloView.Alert.NONE,
                        good),
                new SloView(
                        "fraud-within-10s",
                        "payments",
                        "main",
                        "fraud",
                        List.of("payments"),
                        0.99,
                        10_000,
                        604_800_000L,
                        80_112,
                        3_405,
                        0.9592,
                        -3.08,
                        86_400_000,
                        List.of(
                                new SloView.Burn(14.4, 3_600_000, 300_000, 31.0, 55.2, true),
                                new SloView.Burn(6, 21_600_000, 1_800_000, 7.7, 48.0, true),
                                new SloView.Burn(1, 259_200_000, 21_600_000, 4.1, 7.7, true)),
                        SloView.Alert.PAGE,
                        bad));
    }

    static List<ProxyView> fleet() {
        long now = now();
        List<ProxyView.Listener> listeners = List.of(
                new ProxyView.Listener(
                        "internal",
                        "main",
                        "kafka.shop.internal:9092",
                        true,
                        true,
                        true,
                        now - 81L * 86_400_000,
                        now + 9L * 86_400_000),
                new ProxyView.Listener("legacy", "main", "kafka.shop.internal:9094", false, false, false, 0, 0));
        return List.of(
                new ProxyView(
                        "weir-0",
                        "0.1.0",
                        ProxyView.State.LIVE,
                        "9f3c2ab",
                        "ok",
                        "",
                        now - 7_200_000,
                        412,
                        0,
                        listeners,
                        now - 86_400_000,
                        now - 600),
                new ProxyView(
                        "weir-1",
                        "0.1.0",
                        ProxyView.State.LIVE,
                        "41d07e9",
                        "stale",
                        "policies/audit.yaml:12: unknown service 'reportin'",
                        now - 10_000_000,
                        398,
                        17,
                        listeners,
                        now - 86_400_000,
                        now - 700),
                new ProxyView(
                        "weir-2",
                        "0.1.0",
                        ProxyView.State.SILENT,
                        "9f3c2ab",
                        "ok",
                        "",
                        now - 7_200_000,
                        0,
                        0,
                        listeners,
                        now - 86_400_000,
                        now - 840_000));
    }

    static GroupStatus status(long lagMillis) {
        return lagMillis > 60_000 ? GroupStatus.STALLED : lagMillis > 10_000 ? GroupStatus.WARN : GroupStatus.OK;
    }

    static Map<String, Long> errors(boolean denied) {
        return denied ? Map.of("TOPIC_AUTHORIZATION_FAILED", 31L) : Map.of();
    }
}
