package dev.weir.proxy.telemetry;

import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The proxy's own metrics, {@link ProxyMetric}. One per process; any thread. Counts are kept here and read by
 * OpenTelemetry when it collects, so that counting costs the same whether anybody looks or not.
 *
 * <p>For a test, {@code new ProxyMetrics(MeterProvider.noop().get("weir"))}: the counts can be read here all the same.
 */
public final class ProxyMetrics {
    /** More than any configuration has of listeners times reasons or APIs. */
    private static final int CELLS_MAX = 10_000;
    /** Services times operations times resource types; each may come and go with policy. */
    static final int DENIAL_CELLS_MAX = 1_500;
    /** Services of policy, in both modes; they come and go with it, too. */
    static final int SERVICE_CELLS_MAX = 1_500;

    final CounterFamily connectionsOpen;
    final CounterFamily connectionsAccepted;
    final CounterFamily connectionsRefused;
    final CounterFamily logins;
    final CounterFamily sessionsEnded;
    final CounterFamily keyFetches;
    final CounterFamily requests;
    final CounterFamily requestsInFlight;
    final CounterFamily traffic;
    final CounterFamily denials;
    final CounterFamily malformed;
    final CounterFamily propagationRecords;
    final CounterFamily propagationRemoved;
    final CounterFamily propagationRefused;
    final CounterFamily verificationRecords;
    final CounterFamily schemaChecked;
    final CounterFamily schemaViolations;
    final CounterFamily schemaDeadLetters;
    final CounterFamily upstreamConnects;
    final CounterFamily upstreamFailures;
    final CounterFamily upstreamBrokers;
    final CounterFamily reportsSent;
    final CounterFamily reportsDropped;

    private final Map<String, ListenerMetrics> listeners = new ConcurrentHashMap<>();
    private final Map<String, UpstreamMetrics> upstreams = new ConcurrentHashMap<>();
    private final PolicyMetrics policy;
    private final ReportMetrics reports;
    private final CertificateMetrics certificates;
    private final SecretMetrics secrets;
    private final SchemaRegistryMetrics schemaRegistries;
    private final MirrorMetrics mirrors;
    private final FaultMetrics faults;
    private final CanaryMetrics canaries;
    private final QuotaMetrics quotas;

    public ProxyMetrics(Meter meter) {
        connectionsOpen = CounterFamily.levels(meter, ProxyMetric.CONNECTIONS_OPEN, CELLS_MAX);
        connectionsAccepted = CounterFamily.counters(meter, ProxyMetric.CONNECTIONS_ACCEPTED, CELLS_MAX);
        connectionsRefused = CounterFamily.counters(meter, ProxyMetric.CONNECTIONS_REFUSED, CELLS_MAX);
        logins = CounterFamily.counters(meter, ProxyMetric.LOGINS, CELLS_MAX);
        sessionsEnded = CounterFamily.counters(meter, ProxyMetric.SESSIONS_ENDED, CELLS_MAX);
        keyFetches = CounterFamily.counters(meter, ProxyMetric.KEY_FETCHES, CELLS_MAX);
        requests = CounterFamily.counters(meter, ProxyMetric.REQUESTS, CELLS_MAX);
        requestsInFlight = CounterFamily.levels(meter, ProxyMetric.REQUESTS_IN_FLIGHT, CELLS_MAX);
        traffic = CounterFamily.counters(meter, ProxyMetric.TRAFFIC, CELLS_MAX);
        denials = CounterFamily.counters(meter, ProxyMetric.DENIALS, DENIAL_CELLS_MAX);
        malformed = CounterFamily.counters(meter, ProxyMetric.MALFORMED, CELLS_MAX);
        propagationRecords = CounterFamily.counters(meter, ProxyMetric.PROPAGATION_RECORDS, SERVICE_CELLS_MAX);
        propagationRemoved = CounterFamily.counters(meter, ProxyMetric.PROPAGATION_REMOVED, SERVICE_CELLS_MAX);
        propagationRefused = CounterFamily.counters(meter, ProxyMetric.PROPAGATION_REFUSED, CELLS_MAX);
        verificationRecords = CounterFamily.counters(meter, ProxyMetric.VERIFICATION_RECORDS, CELLS_MAX);
        schemaChecked = CounterFamily.counters(meter, ProxyMetric.SCHEMA_CHECKED, SERVICE_CELLS_MAX);
        schemaViolations = CounterFamily.counters(meter, ProxyMetric.SCHEMA_VIOLATIONS, SERVICE_CELLS_MAX);
        schemaDeadLetters = CounterFamily.counters(meter, ProxyMetric.SCHEMA_DEAD_LETTERS, SERVICE_CELLS_MAX);
        upstreamConnects = CounterFamily.counters(meter, ProxyMetric.UPSTREAM_CONNECTS, CELLS_MAX);
        upstreamFailures = CounterFamily.counters(meter, ProxyMetric.UPSTREAM_FAILURES, CELLS_MAX);
        upstreamBrokers = CounterFamily.levels(meter, ProxyMetric.UPSTREAM_BROKERS, CELLS_MAX);
        reportsSent = CounterFamily.counters(meter, ProxyMetric.REPORTS_SENT, CELLS_MAX);
        reportsDropped = CounterFamily.counters(meter, ProxyMetric.REPORTS_DROPPED, CELLS_MAX);
        policy = new PolicyMetrics(meter);
        reports = new ReportMetrics(this);
        certificates = new CertificateMetrics(meter);
        secrets = new SecretMetrics(meter);
        schemaRegistries = new SchemaRegistryMetrics(meter);
        mirrors = new MirrorMetrics(meter);
        faults = new FaultMetrics(meter);
        canaries = new CanaryMetrics(meter);
        quotas = new QuotaMetrics(meter);
    }

    /** The counters of one listener; always the same object for a name. */
    public ListenerMetrics listener(String name) {
        return listeners.computeIfAbsent(name, absent -> new ListenerMetrics(this, absent));
    }

    /** The counters of one cluster; always the same object for a name. */
    public UpstreamMetrics upstream(String cluster) {
        return upstreams.computeIfAbsent(cluster, absent -> new UpstreamMetrics(this, absent));
    }

    public ReportMetrics reports() {
        return reports;
    }

    public CertificateMetrics certificates() {
        return certificates;
    }

    public SecretMetrics secrets() {
        return secrets;
    }

    public SchemaRegistryMetrics schemaRegistries() {
        return schemaRegistries;
    }

    public MirrorMetrics mirrors() {
        return mirrors;
    }

    public FaultMetrics faults() {
        return faults;
    }

    public CanaryMetrics canaries() {
        return canaries;
    }

    public QuotaMetrics quotas() {
        return quotas;
    }

    public PolicyMetrics policy() {
        return policy;
    }
}
