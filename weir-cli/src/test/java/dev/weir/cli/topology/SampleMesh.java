package dev.weir.cli.topology;

import com.sun.net.httpserver.HttpServer;
import dev.weir.topology.view.AuditEntry;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Intake;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.MirrorEdge;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.ServiceView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A small mesh that never changes, and an HTTP server that answers for it. */
public final class SampleMesh implements AutoCloseable {
    public static final long NOW = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    public static final long HOUR = 3_600_000;
    private static final String ORDERS = "topic:main/orders";

    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    public SampleMesh() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String answer = answers.get(exchange.getRequestURI().getPath());
            byte[] body = String.valueOf(answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        answers.put("/api/v1/topology", ViewJson.write(topology()));
        answers.put("/api/v1/lag", ViewJson.write(Map.of("groups", groups())));
        answers.put("/api/v1/slos", ViewJson.write(Map.of("slos", slos())));
        answers.put("/api/v1/schemas", ViewJson.write(schemas()));
        answers.put("/api/v1/audit", ViewJson.write(audit()));
        answers.put("/api/v1/security", ViewJson.write(security()));
        answer(Freshness.State.LIVE);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void answer(Freshness.State state) {
        answers.put("/api/v1/status", ViewJson.write(new Freshness(state, NOW - 20_000, NOW, "")));
    }

    void answer(String path, String json) {
        answers.put(path, json);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** The same as a view, as a topology in this JVM would give it. */
    public static MeshView view() {
        return new SampleView();
    }

    private static final class SampleView implements MeshView {
        @Override
        public Topology topology(Moment moment) {
            return SampleMesh.topology();
        }

        @Override
        public List<GroupLag> groups(Moment moment) {
            return SampleMesh.groups();
        }

        @Override
        public Optional<ServiceView> service(String name, Moment moment) {
            return Optional.empty();
        }

        @Override
        public List<TopicView> topics(String name, Moment moment) {
            return List.of();
        }

        @Override
        public SecurityView security(Moment moment) {
            return SampleMesh.security();
        }

        @Override
        public AuditPage audit(AuditQuery query) {
            return SampleMesh.audit();
        }

        @Override
        public SchemaCoverage schemas(Moment moment) {
            return SampleMesh.schemas();
        }

        @Override
        public List<SloView> slos(Moment moment) {
            return SampleMesh.slos();
        }

        @Override
        public List<ProxyView> proxies() {
            return List.of();
        }

        @Override
        public Freshness freshness() {
            return new Freshness(Freshness.State.LIVE, NOW, NOW, "");
        }

        @Override
        public Intake intake() {
            return new Intake(12_000, 40, 3, 2, 1);
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }
    }

    static SchemaCoverage schemas() {
        Edge.Checked checked = Edge.Checked.of(500, 4, Map.of("no-schema", 1L, "payload", 3L));
        return new SchemaCoverage(
                NOW,
                3_600_000,
                2,
                1,
                620,
                checked,
                List.of(
                        new SchemaCoverage.Topic(
                                "main",
                                "orders",
                                "team-checkout",
                                "orders-schema",
                                "schemas.yaml:4",
                                "quarantine",
                                "orders.bad",
                                500,
                                checked,
                                List.of(new SchemaCoverage.Flow("checkout", "v2", 500, checked))),
                        new SchemaCoverage.Topic(
                                "main",
                                "clicks",
                                "",
                                "",
                                "",
                                "",
                                "",
                                120,
                                Edge.Checked.NONE,
                                List.of(new SchemaCoverage.Flow("User:bob", "", 120, Edge.Checked.NONE)))));
    }

    static AuditPage audit() {
        return new AuditPage(
                List.of(
                        audited(AuditEntry.Kind.POLICY_IN_FORCE, "", "Ann <ann@shop.example>", ""),
                        audited(AuditEntry.Kind.LOG_IN, "checkout", "", ""),
                        audited(AuditEntry.Kind.DENIED, "shipping", "", "orders/not-shipping"),
                        audited(AuditEntry.Kind.LOG_IN_FAILED, "", "", "")),
                "0.4",
                false);
    }

    private static AuditEntry audited(AuditEntry.Kind kind, String service, String author, String rule) {
        boolean failed = kind == AuditEntry.Kind.LOG_IN_FAILED;
        return new AuditEntry(
                kind,
                NOW,
                NOW,
                failed ? 7 : 1,
                "weir-1",
                "main",
                "internal",
                failed ? "User:intruder" : "",
                service,
                "",
                "",
                "",
                "PLAIN",
                true,
                "10.1.2.3",
                rule.isEmpty() ? "" : "TOPIC",
                rule.isEmpty() ? "" : "orders",
                rule.isEmpty() ? "" : "READ",
                rule,
                rule.isEmpty() ? "" : "orders.yaml:13",
                "26b6c8c0ffee26b6c8c0ffee",
                "",
                "",
                failed ? "Invalid username or password" : "",
                author,
                "");
    }

    static Topology topology() {
        return new Topology(
                NOW,
                60_000,
                false,
                List.of(
                        service("checkout"),
                        service("payments"),
                        service("shipping"),
                        service("analytics"),
                        topic("main", "orders", "team-checkout"),
                        topic("main", "aside", ""),
                        topic("staging", "mirror.orders", ""),
                        new Node(
                                "principal:User:bob",
                                Node.Kind.PRINCIPAL,
                                "User:bob",
                                "",
                                "",
                                List.of(),
                                Health.OK,
                                List.of("no-service"))),
                List.of(
                        edge("service:checkout", ORDERS, "", "", Edge.Status.FLOWING, 5.0, 500),
                        edge(ORDERS, "service:payments", "v1", "payments-v1", Edge.Status.FLOWING, 4.9, 490),
                        edge(ORDERS, "service:shipping", "", "shipping-2", Edge.Status.DENIED, 0, 0),
                        edge(ORDERS, "service:analytics", "", "analytics", Edge.Status.DRY_RUN_DENIED, 5.0, 500),
                        edge("principal:User:bob", ORDERS, "", "", Edge.Status.DENIED, 0, 0)),
                0,
                new Coverage(
                        99.5,
                        List.of(new Coverage.Bypass("main", "legacy", 12, NOW, NOW)),
                        List.of(),
                        NOW,
                        List.of("archive")),
                List.of(
                        mirror("orders-to-staging", "topic:staging/mirror.orders", MirrorEdge.Status.FLOWING, 0),
                        mirror("orders-aside", "topic:main/aside", MirrorEdge.Status.LOSING, 3.5)));
    }

    private static MirrorEdge mirror(String name, String to, MirrorEdge.Status status, double failedPerSecond) {
        double rate = 5 - failedPerSecond;
        return new MirrorEdge(
                name,
                name,
                ORDERS,
                to,
                rate,
                rate * 250,
                0,
                failedPerSecond,
                1_000,
                0,
                0,
                0,
                "",
                NOW - 3 * HOUR,
                NOW - 2_000,
                status);
    }

    private static Node topic(String cluster, String name, String team) {
        return new Node(
                "topic:" + cluster + "/" + name, Node.Kind.TOPIC, name, cluster, team, List.of(), Health.OK, List.of());
    }

    private static Node service(String name) {
        return new Node("service:" + name, Node.Kind.SERVICE, name, "", "", List.of(), Health.OK, List.of());
    }

    static Edge edge(
            String from, String to, String version, String group, Edge.Status status, double rate, long records) {
        boolean produce = from.equals(ORDERS) ? false : true;
        long late = group.equals("payments-v1") ? 3_200 : 0;
        return new Edge(
                from + ">" + to,
                from,
                to,
                produce ? Edge.Operation.PRODUCE : Edge.Operation.CONSUME,
                version,
                group,
                rate,
                rate * 250,
                0,
                status == Edge.Status.DENIED ? 1.0 : 0,
                status == Edge.Status.DRY_RUN_DENIED ? 5.0 : 0,
                records,
                0,
                status == Edge.Status.DENIED ? 60 : 0,
                status == Edge.Status.DRY_RUN_DENIED ? 300 : 0,
                records,
                Map.of(),
                produce ? new Edge.Latency(1.2, 2.5, 4.0) : Edge.Latency.UNKNOWN,
                produce ? -1 : late / 200,
                produce ? -1 : late,
                NOW - 3 * HOUR,
                NOW - 2_000,
                false,
                "PLAIN",
                status,
                Edge.Allowed.UNKNOWN,
                Edge.Checked.NONE);
    }

    private static List<GroupLag> groups() {
        return List.of(
                group("payments-v1", GroupStatus.STALLED, 16, 3_200),
                group("analytics-with-a-name-that-is-longer-than-its-column", GroupStatus.OK, 0, 0));
    }

    private static GroupLag group(String name, GroupStatus status, long records, long millis) {
        GroupLag.PartitionLag partition = new GroupLag.PartitionLag(
                "orders", 0, status, 474, 490, 490, 0, records, records, millis, 0, -1, NOW, false, "m1", -1);
        GroupLag.Member member =
                new GroupLag.Member("m1", "payments-v1-1", "payments", "v1", "127.0.0.1", "apache-kafka-java", NOW);
        return new GroupLag(
                "main",
                name,
                List.of("payments"),
                "CONSUMER",
                status,
                records,
                records,
                millis,
                0,
                6 * 24 * HOUR,
                List.of(member),
                new GroupLag.Rebalances(true, List.of(NOW - 120_000, NOW - 30_000)),
                List.of(partition),
                List.of(-1L, 0L, 1_000L, 3_200L),
                NOW);
    }

    private static List<SloView> slos() {
        return List.of(new SloView(
                "orders-in-time",
                "team-payments",
                "main",
                "payments-v1",
                List.of("orders"),
                0.999,
                30_000,
                30 * 24 * HOUR,
                900,
                100,
                0.9,
                -99,
                HOUR,
                List.of(new SloView.Burn(14.4, HOUR, HOUR / 12, 100, 100, true)),
                SloView.Alert.PAGE,
                List.of()));
    }

    private static SecurityView security() {
        return new SecurityView(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new SecurityView.UnusedGrant("orders/old", "orders.yaml:7", "fraud", "consume", "orders.*")));
    }
}
