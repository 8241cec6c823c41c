package dev.weir.topology.metrics;

import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Intake;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.Topology;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the view once and says what every instrument is. */
final class Observation {
    private static final int GROUPS_MAX = 2_000;
    private static final int GROUP_TOPICS_MAX = 100;
    private static final int EDGES_MAX = 2_000;
    private static final AttributeKey<String> CLUSTER = AttributeKey.stringKey("cluster");
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("group");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("topic");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("version");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("operation");
    private static final AttributeKey<String> MODE = AttributeKey.stringKey("mode");
    private static final AttributeKey<String> SLO = AttributeKey.stringKey("slo");
    private static final AttributeKey<String> WINDOW = AttributeKey.stringKey("window");
    private static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("status");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
    private static final AttributeKey<String> ALERT = AttributeKey.stringKey("alert");

    private final MeshView view;
    private final Map<MeshMetric, ObservableDoubleMeasurement> instruments;

    Observation(MeshView view, Map<MeshMetric, ObservableDoubleMeasurement> instruments) {
        this.view = view;
        this.instruments = instruments;
    }

    void observe() {
        Topology topology = view.topology(Moment.NOW);
        List<GroupLag> groups = view.groups(Moment.NOW);
        groups.stream().limit(GROUPS_MAX).forEach(this::group);
        edges(topology);
        view.slos(Moment.NOW).forEach(this::slo);
        known(MeshMetric.COVERAGE, topology.coverage().percentRecords(), Attributes.empty());
        record(MeshMetric.BYPASSES, topology.coverage().bypassedTopics().size(), Attributes.of(KIND, "topic"));
        record(MeshMetric.BYPASSES, topology.coverage().bypassingGroups().size(), Attributes.of(KIND, "group"));
        record(MeshMetric.SIZE, topology.nodes().size(), Attributes.of(KIND, "node"));
        record(MeshMetric.SIZE, topology.edges().size(), Attributes.of(KIND, "edge"));
        record(MeshMetric.SIZE, (double) topology.otherEdges(), Attributes.of(KIND, "other-edge"));
        record(MeshMetric.SIZE, groups.size(), Attributes.of(KIND, "group"));
        record(MeshMetric.OMITTED, Math.max(0, groups.size() - GROUPS_MAX), Attributes.of(KIND, "group"));
        record(MeshMetric.OMITTED, Math.max(0, topology.edges().size() - EDGES_MAX), Attributes.of(KIND, "edge"));
        proxies();
        freshness(view.freshness());
        intake(view.intake());
    }

    private void intake(Intake intake) {
        record(MeshMetric.REPORTS, (double) intake.taken(), Attributes.of(OUTCOME, "taken"));
        record(MeshMetric.REPORTS, (double) intake.duplicate(), Attributes.of(OUTCOME, "duplicate"));
        record(MeshMetric.REPORTS, (double) intake.late(), Attributes.of(OUTCOME, "late"));
        record(MeshMetric.REPORTS, (double) intake.refused(), Attributes.of(OUTCOME, "refused"));
        record(MeshMetric.REPORTS, (double) intake.malformed(), Attributes.of(OUTCOME, "malformed"));
    }

    private void group(GroupLag group) {
        Attributes name = Attributes.of(CLUSTER, group.cluster(), GROUP, group.group());
        record(MeshMetric.GROUP_MEMBERS, group.members().size(), name);
        seconds(MeshMetric.GROUP_HEADROOM, group.headroomMillis(), name);
        record(
                MeshMetric.GROUP_STATUS,
                1,
                name.toBuilder().put(STATUS, lower(group.status())).build());
        Map<String, Lag> topics = new HashMap<>();
        for (GroupLag.PartitionLag partition : group.partitions()) {
            topics.computeIfAbsent(partition.topic(), topic -> new Lag()).add(partition);
        }
        topics.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(GROUP_TOPICS_MAX)
                .forEach(topic -> {
                    Attributes attributes =
                            name.toBuilder().put(TOPIC, topic.getKey()).build();
                    known(MeshMetric.GROUP_LAG, (double) topic.getValue().records, attributes);
                    known(MeshMetric.GROUP_OFFSET_LAG, (double) topic.getValue().offsets, attributes);
                    seconds(MeshMetric.GROUP_LAG_TIME, topic.getValue().millis, attributes);
                });
    }

    /** Of one topic; -1 until one partition is known. */
    private static final class Lag {
        private long records = -1;
        private long offsets = -1;
        private long millis = -1;

        void add(GroupLag.PartitionLag partition) {
            records = sum(records, partition.lagRecords());
            offsets = sum(offsets, partition.offsetLag());
            millis = Math.max(millis, partition.lagMillis());
        }

        private static long sum(long known, long more) {
            return more < 0 ? known : Math.max(0, known) + more;
        }
    }

    private void edges(Topology topology) {
        Map<String, Node> nodes = new HashMap<>();
        topology.nodes().forEach(node -> nodes.put(node.id(), node));
        topology.edges().stream()
                .sorted(Comparator.comparingDouble(Edge::recordsPerSecond)
                        .reversed()
                        .thenComparing(Edge::id))
                .limit(EDGES_MAX)
                .forEach(edge -> {
                    boolean produces = edge.operation() == Edge.Operation.PRODUCE;
                    Node service = nodes.get(produces ? edge.from() : edge.to());
                    Node topic = nodes.get(produces ? edge.to() : edge.from());
                    if (service != null && topic != null) {
                        edge(edge, service, topic);
                    }
                });
    }

    private void edge(Edge edge, Node service, Node topic) {
        Attributes attributes = Attributes.builder()
                .put(SERVICE, service.name())
                .put(VERSION, edge.version())
                .put(OPERATION, lower(edge.operation()))
                .put(CLUSTER, topic.cluster())
                .put(TOPIC, topic.name())
                .put(GROUP, edge.group())
                .build();
        record(MeshMetric.EDGE_RECORDS, edge.recordsPerSecond(), attributes);
        record(MeshMetric.EDGE_TRAFFIC, edge.bytesPerSecond(), attributes);
        record(MeshMetric.EDGE_ERRORS, edge.errorsPerSecond(), attributes);
        Attributes enforced = attributes.toBuilder().put(MODE, "enforce").build();
        record(MeshMetric.EDGE_DENIALS, edge.deniedPerSecond(), enforced);
        Attributes dryRun = attributes.toBuilder().put(MODE, "dry-run").build();
        record(MeshMetric.EDGE_DENIALS, edge.dryRunDeniedPerSecond(), dryRun);
    }

    private void slo(SloView slo) {
        Attributes name = Attributes.of(SLO, slo.name());
        record(MeshMetric.SLO_BUDGET_LEFT, slo.budgetLeft(), name);
        known(MeshMetric.SLO_ATTAINED, slo.attained(), name);
        record(
                MeshMetric.SLO_ALERT,
                1,
                name.toBuilder().put(ALERT, lower(slo.alert())).build());
        Map<Long, Double> rates = new HashMap<>();
        slo.burns().forEach(burn -> {
            rates.put(burn.longMillis(), burn.longRate());
            rates.put(burn.shortMillis(), burn.shortRate());
        });
        rates.forEach((millis, rate) -> known(
                MeshMetric.SLO_BURN_RATE,
                rate,
                name.toBuilder().put(WINDOW, millis / 1000 + "s").build()));
    }

    private void proxies() {
        Map<ProxyView.State, Integer> states = new EnumMap<>(ProxyView.State.class);
        for (ProxyView.State state : ProxyView.State.values()) {
            states.put(state, 0);
        }
        view.proxies().forEach(proxy -> states.merge(proxy.state(), 1, Integer::sum));
        states.forEach((state, count) -> record(MeshMetric.PROXIES, count, Attributes.of(STATE, lower(state))));
    }

    private void freshness(Freshness freshness) {
        record(MeshMetric.FRESHNESS, 1, Attributes.of(STATE, lower(freshness.state())));
        if (freshness.reportsMillis() >= 0) {
            double age = (System.currentTimeMillis() - freshness.reportsMillis()) / 1000.0;
            record(MeshMetric.REPORT_AGE, Math.max(0, age), Attributes.empty());
        }
    }

    private void seconds(MeshMetric metric, long millis, Attributes attributes) {
        known(metric, millis < 0 ? -1 : millis / 1000.0, attributes);
    }

    private void known(MeshMetric metric, double value, Attributes attributes) {
        if (value >= 0) {
            record(metric, value, attributes);
        }
    }

    private void record(MeshMetric metric, double value, Attributes attributes) {
        ObservableDoubleMeasurement instrument = instruments.get(metric);
        if (instrument != null) {
            instrument.record(value, attributes);
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
