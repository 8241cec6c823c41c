package dev.weir.cli.mesh;

import dev.weir.cli.WeirVersion;
import dev.weir.cli.config.WeirConfig;
import dev.weir.policy.store.PolicyStatus;
import dev.weir.policy.store.PolicyStore;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.ProxyStatus;
import dev.weir.proxy.ProxyStatus.ClusterStatus;
import dev.weir.proxy.WeirProxy;
import dev.weir.proxy.admin.StatusReport;
import dev.weir.proxy.admin.StatusReport.BrokerReport;
import dev.weir.proxy.admin.StatusReport.CanaryReport;
import dev.weir.proxy.admin.StatusReport.CertificateReport;
import dev.weir.proxy.admin.StatusReport.ClusterReport;
import dev.weir.proxy.admin.StatusReport.FaultReport;
import dev.weir.proxy.admin.StatusReport.ListenerReport;
import dev.weir.proxy.admin.StatusReport.MirrorReport;
import dev.weir.proxy.admin.StatusReport.MirroredReport;
import dev.weir.proxy.admin.StatusReport.PolicyReport;
import dev.weir.proxy.admin.StatusReport.QuotaReport;
import dev.weir.proxy.admin.StatusReport.SchemaRegistryReport;
import dev.weir.proxy.admin.StatusReport.SigningReport;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.SigningConfig;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.mirror.Amount;
import dev.weir.proxy.mirror.MirrorLedger;
import dev.weir.proxy.mirror.MirrorStatus;
import dev.weir.proxy.registry.RegistryStatus;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.schema.registry.RegistryStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together what a mesh says about itself. Any thread. */
final class StatusReports {
    private static final int PROBLEMS_MAX = 20;

    private final WeirConfig config;
    private final ProxyMetrics metrics;
    private final PolicyStore policy;
    private final ErrorLog errors;
    private final Instant startedAt;
    private final String version = WeirVersion.current();

    StatusReports(WeirConfig config, ProxyMetrics metrics, PolicyStore policy, ErrorLog errors, Instant startedAt) {
        this.config = config;
        this.metrics = metrics;
        this.policy = policy;
        this.errors = errors;
        this.startedAt = startedAt;
    }

    /**
     * What there is to say now.
     *
     * @param proxy {@code null} while the listeners are not open
     * @param canaries what is known of them
     * @param untold why clusters do not tell the topology what it asks their brokers, by their names
     */
    StatusReport report(
            @Nullable WeirProxy proxy, List<CanaryReport> canaries, Map<String, String> untold, boolean closing) {
        PolicyStatus policyStatus = policy.status();
        List<String> unready = new ArrayList<>();
        if (closing) {
            unready.add("Weir is stopping");
        }
        if (!policyStatus.isReady()) {
            unready.add("policy: none is in force; everything would be denied");
        }
        List<ListenerReport> listeners = List.of();
        List<ClusterReport> clusters = List.of();
        List<CertificateReport> certificates = List.of();
        SigningReport signing = null;
        List<SchemaRegistryReport> schemaRegistries = List.of();
        List<MirrorReport> mirrors = List.of();
        List<FaultReport> faults = List.of();
        List<QuotaReport> quotas = List.of();
        if (proxy == null) {
            unready.add("the listeners are not open yet");
        } else {
            ProxyStatus status = proxy.status();
            listeners = status.listeners().stream().map(this::listener).toList();
            clusters = status.clusters().stream()
                    .map(cluster -> cluster(cluster, untold.get(cluster.name())))
                    .toList();
            certificates = status.certificates().stream()
                    .map(StatusReports::certificate)
                    .toList();
            signing = signing(status.signingProblems());
            schemaRegistries = status.schemaRegistries().stream()
                    .map(StatusReports::schemaRegistry)
                    .toList();
            mirrors = status.mirrors().stream().map(StatusReports::mirror).toList();
            quotas = status.quotas().stream().map(TrafficReports::quota).toList();
            faults = status.faults().stream().map(TrafficReports::fault).toList();
            for (ClusterStatus cluster : status.clusters()) {
                if (cluster.brokers().isEmpty() && isServed(cluster.name())) {
                    unready.add("cluster " + cluster.name() + ": no broker is known");
                } else if (!cluster.canariesRead() && isServed(cluster.name())) {
                    unready.add(
                            "cluster " + cluster.name()
                                    + ": it is not known yet which canaries have begun; clients wait for that, for ten seconds at most");
                }
            }
        }
        return new StatusReport(
                version,
                startedAt.toString(),
                unready,
                listeners,
                clusters,
                certificates,
                MeshSecrets.report(config.vault()),
                signing,
                schemaRegistries,
                mirrors,
                faults,
                quotas,
                canaries,
                policyReport(policyStatus),
                errors.newestFirst().get());
    }

    private @Nullable SigningReport signing(List<String> problems) {
        SigningConfig keys = config.proxy().signing();
        return keys.equals(SigningConfig.NONE) ? null : new SigningReport(keys.key() != null, problems);
    }

    private ListenerReport listener(BoundListener bound) {
        ListenerConfig listener = config.proxy().listeners().stream()
                .filter(candidate -> candidate.name().equals(bound.name()))
                .findFirst()
                .orElseThrow();
        ListenerMetrics counts = metrics.listener(bound.name());
        return new ListenerReport(
                bound.name(),
                bound.cluster(),
                bound.bootstrap().toString(),
                listener.tls() != null,
                listener.sasl() != null,
                brokers(bound.brokers()),
                bound.problems(),
                counts.connectionsOpen(),
                counts.connectionsAccepted(),
                counts.connectionsRefused(),
                counts.requests(),
                counts.requestsInFlight(),
                counts.bytesUp(),
                counts.bytesDown(),
                counts.denials(false),
                counts.denials(true),
                counts.framesMalformed());
    }

    private static ClusterReport cluster(ClusterStatus cluster, @Nullable String untold) {
        List<String> problems = new ArrayList<>(cluster.problems());
        if (untold != null) {
            problems.add(
                    "its brokers do not tell what the mesh compares with, so that nobody notices what goes around Weir: "
                            + untold);
        }
        return new ClusterReport(
                cluster.name(), brokers(cluster.brokers()), cluster.lastError(), problems, cluster.mirrorBytes());
    }

    private static CertificateReport certificate(CertificateStatus certificate) {
        return new CertificateReport(
                certificate.listener() ? certificate.owner() : null,
                certificate.listener() ? null : certificate.owner(),
                certificate.role().attribute(),
                certificate.subject(),
                certificate.notAfter().toString());
    }

    private static SchemaRegistryReport schemaRegistry(RegistryStatus registry) {
        RegistryStats stats = registry.stats();
        if (stats == null) {
            return new SchemaRegistryReport(
                    registry.name(), null, null, null, null, null, null, null, null, registry.problems());
        }
        long failures =
                stats.failures().values().stream().mapToLong(Long::longValue).sum();
        return new SchemaRegistryReport(
                registry.name(),
                registry.url(),
                stats.hits(),
                stats.misses(),
                stats.waiting(),
                stats.kept(),
                stats.keptBytes(),
                failures,
                stats.lastError(),
                registry.problems());
    }

    /** Whether a listener leads there: one that only mirrors lead to keeps no client waiting. */
    private boolean isServed(String cluster) {
        return config.proxy().listeners().stream()
                .anyMatch(listener -> listener.cluster().equals(cluster));
    }

    private static MirrorReport mirror(MirrorStatus mirror) {
        MirrorLedger ledger = mirror.ledger();
        Instant lastErrorAt = mirror.lastErrorAt();
        return new MirrorReport(
                mirror.name(),
                mirror.to().isEmpty() ? null : mirror.to(),
                mirrored(ledger.eligible()),
                mirrored(ledger.mirrored()),
                mirrored(ledger.dropped()),
                mirrored(ledger.failed()),
                mirrored(ledger.inFlight()),
                mirrored(ledger.refused()),
                mirror.delayMillis(),
                mirror.lastError(),
                lastErrorAt == null ? null : lastErrorAt.toString(),
                mirror.untold() ? true : null);
    }

    private static MirroredReport mirrored(Amount amount) {
        return new MirroredReport(amount.records(), amount.bytes());
    }

    private static List<BrokerReport> brokers(Map<Integer, Endpoint> brokers) {
        return brokers.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(broker ->
                        new BrokerReport(broker.getKey(), broker.getValue().toString()))
                .toList();
    }

    private PolicyReport policyReport(PolicyStatus status) {
        boolean ready = status.isReady();
        return new PolicyReport(
                status.source(),
                ready ? status.revision() : null,
                ready ? status.since().toString() : null,
                metrics.policy().changes(),
                status.failures(),
                lastError(status));
    }

    private static @Nullable String lastError(PolicyStatus status) {
        if (!status.error().isEmpty()) {
            return status.error();
        }
        if (status.problems().isEmpty()) {
            return null;
        }
        return "revision " + status.attempted() + ": "
                + status.problems().stream()
                        .limit(PROBLEMS_MAX)
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n"));
    }
}
