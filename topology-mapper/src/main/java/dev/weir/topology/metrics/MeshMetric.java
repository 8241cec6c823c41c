package dev.weir.topology.metrics;

/**
 * Every metric of the topology: OpenTelemetry name, unit (UCUM) and meaning; all are gauges. Groups, topics and services
 * come from what was seen in the mesh, in a bounded number: the worst groups and the busiest edges; what was left out is
 * counted. What is not known is not there, rather than -1.
 */
public enum MeshMetric {
    /** By {@code cluster}, {@code group} and {@code topic}. */
    GROUP_LAG("kafka.consumer_group.lag", "{record}", "Data records that the group has not committed"),
    /** By {@code cluster}, {@code group} and {@code topic}: what Kafka's own tools show. */
    GROUP_OFFSET_LAG("kafka.consumer_group.offset_lag", "{offset}", "Offsets that the group has not committed"),
    /** By {@code cluster}, {@code group} and {@code topic}: the worst partition. */
    GROUP_LAG_TIME("kafka.consumer_group.lag_time", "s", "Age of the first record that the group has not committed"),
    /** By {@code cluster} and {@code group}: the least of all partitions. */
    GROUP_HEADROOM("kafka.consumer_group.headroom", "s", "Time until retention deletes records that were not read"),
    /** By {@code cluster} and {@code group}. */
    GROUP_MEMBERS("kafka.consumer_group.members", "{member}", "Members of the group"),
    /** Always 1, by {@code cluster}, {@code group} and {@code status}. */
    GROUP_STATUS("kafka.consumer_group.status", "", "How the group does"),
    /** By {@code service}, {@code version}, {@code operation}, {@code cluster}, {@code topic} and {@code group}. */
    EDGE_RECORDS("weir.edge.records", "{record}/s", "Records that a service produces to or consumes from a topic"),
    /** As above. */
    EDGE_TRAFFIC("weir.edge.traffic", "By/s", "Bytes that a service produces to or consumes from a topic"),
    /** As above. */
    EDGE_ERRORS("weir.edge.errors", "{error}/s", "Errors that a service got for a topic"),
    /** As above, and {@code mode}: {@code enforce} or {@code dry-run}. */
    EDGE_DENIALS("weir.edge.denials", "{denial}/s", "Operations of a service on a topic that policy denied"),
    /** By {@code slo} and {@code window} (300s, 3600s, ...). */
    SLO_BURN_RATE("weir.slo.burn_rate", "", "How many times faster than allowed the error budget is used"),
    /** By {@code slo}. */
    SLO_BUDGET_LEFT("weir.slo.budget_left", "", "Share of the error budget that is left; below 0 when it is overspent"),
    /** By {@code slo}. */
    SLO_ATTAINED("weir.slo.attained", "", "Share of records that were committed in time"),
    /** Always 1, by {@code slo} and {@code alert}: none, ticket or page. */
    SLO_ALERT("weir.slo.alert", "", "What the burn rates call for"),
    /** No attributes. */
    COVERAGE("weir.coverage", "%", "Share of appended records that came through the mesh"),
    /** By {@code kind}: topic or group. */
    BYPASSES("weir.coverage.bypasses", "{bypass}", "Topics and groups that were used around the mesh"),
    /** By {@code state}: live, stopped or silent. */
    PROXIES("weir.topology.proxies", "{proxy}", "Proxies that are known"),
    /** By {@code kind}: node, edge, other-edge or group. */
    SIZE("weir.topology.size", "", "How large the topology is"),
    /** Always 1, by {@code state}. */
    FRESHNESS("weir.topology.freshness", "", "Whether the topology is up to date"),
    /** By {@code outcome}: taken, duplicate, late, refused or malformed. */
    REPORTS("weir.topology.reports", "{report}", "Reports that this instance read, and what became of them"),
    /** No attributes. */
    REPORT_AGE("weir.topology.report_age", "s", "Time since the newest report that was taken in"),
    /** By {@code kind}: group or edge. */
    OMITTED("weir.topology.omitted", "", "Groups and edges without metrics of their own, because there are too many");

    private final String metricName;
    private final String unit;
    private final String description;

    MeshMetric(String metricName, String unit, String description) {
        this.metricName = metricName;
        this.unit = unit;
        this.description = description;
    }

    /** The OpenTelemetry name. */
    public String metricName() {
        return metricName;
    }

    /** Whether it only grows, as long as an instance runs, instead of saying how something is now. */
    public boolean counts() {
        return this == REPORTS;
    }

    public String unit() {
        return unit;
    }

    public String description() {
        return description;
    }
}
