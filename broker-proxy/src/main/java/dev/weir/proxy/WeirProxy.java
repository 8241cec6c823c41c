package dev.weir.proxy;

import dev.weir.canary.change.CanaryState;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authenticate.LogInThreads;
import dev.weir.proxy.canary.CanaryCluster;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.connection.ConnectionFactory;
import dev.weir.proxy.connection.ConnectionStatus;
import dev.weir.proxy.connection.EventLoop;
import dev.weir.proxy.connection.Protocol;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.listener.Listeners;
import dev.weir.proxy.mirror.Mirrors;
import dev.weir.proxy.registry.SchemaRegistries;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.report.ReportSettings;
import dev.weir.proxy.report.Reports;
import dev.weir.proxy.rule.RecordRuleSet;
import dev.weir.proxy.rule.SigningKeys;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.tls.HandshakeThreads;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.traffic.Traffic;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: clusters followed, listeners bound, clients served. Stateless: whatever it holds it can learn again.
 * Made by {@link #start}, ended by {@link #close()}; both may be called from any thread.
 */
public final class WeirProxy {
    private static final long DRAIN_MILLIS = 10_000;
    private static final long DRAIN_POLL_MILLIS = 20;

    private final Vertx vertx;
    private final FollowedClusters clusters;
    private final Listeners listeners;
    private final ConnectionFactory connections;
    private final EventLoops loops;
    private final LogInThreads logInThreads;
    private final HandshakeThreads handshakeThreads;
    private final SigningKeys signingKeys;
    private final SchemaRegistries schemaRegistries;
    private final Mirrors mirrors;
    private final Traffic traffic;
    private final Supplier<PolicySnapshot> policy;
    private final @Nullable Reports reports;
    private final String name;

    private WeirProxy(
            Vertx vertx,
            FollowedClusters clusters,
            Listeners listeners,
            ConnectionFactory connections,
            EventLoops loops,
            LogInThreads logInThreads,
            HandshakeThreads handshakeThreads,
            SigningKeys signingKeys,
            SchemaRegistries schemaRegistries,
            Mirrors mirrors,
            Traffic traffic,
            Supplier<PolicySnapshot> policy,
            @Nullable Reports reports,
            String name) {
        this.vertx = vertx;
        this.clusters = clusters;
        this.listeners = listeners;
        this.connections = connections;
        this.loops = loops;
        this.logInThreads = logInThreads;
        this.handshakeThreads = handshakeThreads;
        this.signingKeys = signingKeys;
        this.schemaRegistries = schemaRegistries;
        this.mirrors = mirrors;
        this.traffic = traffic;
        this.policy = policy;
        this.reports = reports;
        this.name = name;
    }

    /**
     * Starts a proxy. The future completes when every listener is bound; it fails, with nothing left running, when one
     * cannot be. Brokers that do not answer are no failure: they are tried again for as long as the proxy runs.
     *
     * @param vertx is not closed with the proxy; best made with {@code preferNativeTransport}
     * @param policy gives the snapshot in force; it is asked at every request, and cheap
     * @param reporting how traffic is reported to the mesh, or {@code null} when it is not
     */
    public static Future<WeirProxy> start(
            Vertx vertx,
            ProxyConfig config,
            Supplier<PolicySnapshot> policy,
            ProxyTelemetry telemetry,
            @Nullable ReportSettings reporting) {
        Protocol protocol = new Protocol(new MessageSpecs());
        HandshakeThreads handshakeThreads = new HandshakeThreads();
        Handshakes handshakes = new Handshakes(handshakeThreads);
        FollowedClusters clusters = new FollowedClusters(
                vertx,
                config.clusters().stream()
                        .map(cluster -> new Cluster(vertx, cluster, protocol.codec(), handshakes))
                        .toList(),
                CanaryCluster.of(config.clusters(), reporting == null ? null : reporting.home())
                        .name());
        ConnectionFactory connections = new ConnectionFactory(reporting == null ? null : reporting.audit());
        ProxySelf self = new ProxySelf(config.listeners(), connections::open);
        Reports reports = reporting == null
                ? null
                : Reports.start(reporting, telemetry.metrics().reports(), self);
        SigningKeys signingKeys = signingKeys(vertx, config);
        SchemaRegistries schemaRegistries = SchemaRegistries.open(vertx, config.schemaRegistries());
        Mirrors mirrors = new Mirrors(vertx, clusters.byName().values());
        self.mirrors(() -> mirrors.flows(policy.get()));
        RecordRuleSet rules = RecordRuleSet.all(signingKeys, schemaRegistries, mirrors);
        Traffic traffic = new Traffic();
        EventLoops loops = EventLoops.start(
                vertx,
                context -> new EventLoop(context, protocol, rules, traffic, reports == null ? null : reports.loop()));
        LogInThreads logInThreads = new LogInThreads();
        Listeners listeners;
        try {
            listeners = new Listeners(
                    vertx,
                    config.listeners(),
                    clusters.byName(),
                    policy,
                    telemetry,
                    protocol,
                    connections,
                    loops.all(),
                    logInThreads,
                    handshakes);
        } catch (RuntimeException e) {
            logInThreads.close();
            handshakeThreads.close();
            schemaRegistries.close();
            signingKeys.close();
            throw e;
        }
        Set<String> served =
                config.listeners().stream().map(ListenerConfig::cluster).collect(Collectors.toSet());
        WeirProxy proxy = new WeirProxy(
                vertx,
                clusters,
                listeners,
                connections,
                loops,
                logInThreads,
                handshakeThreads,
                signingKeys,
                schemaRegistries,
                mirrors,
                traffic,
                policy,
                reports,
                reporting == null ? "weir" : reporting.proxyName());
        self.listensOn(proxy::listeners);
        telemetry.metrics().schemaRegistries().from(schemaRegistries::stats);
        telemetry.metrics().mirrors().from(() -> mirrors.status(policy.get()));
        telemetry.metrics().canaries().problemsFrom(clusters::canaryProblems);
        telemetry.metrics().quotas().from(() -> traffic.quotas().status(policy.get()));
        telemetry.metrics().faults().from(() -> traffic.faults().status(policy.get()));
        telemetry
                .metrics()
                .certificates()
                .from(proxy::certificates, listeners::certificatesRefused, clusters::refusing);
        proxy.policyInForce(policy.get());
        return clusters.start(telemetry.metrics(), served)
                .compose(ignored -> listeners.start())
                .map(proxy)
                .recover(e -> proxy.close().transform(closed -> Future.failedFuture(e)));
    }

    /** As {@link #start(Vertx, ProxyConfig, Supplier, ProxyTelemetry, ReportSettings)}, without reports. */
    public static Future<WeirProxy> start(
            Vertx vertx, ProxyConfig config, Supplier<PolicySnapshot> policy, ProxyTelemetry telemetry) {
        return start(vertx, config, policy, telemetry, null);
    }

    private static SigningKeys signingKeys(Vertx vertx, ProxyConfig config) {
        try {
            return SigningKeys.open(vertx, config.signing());
        } catch (UnusableFileException e) {
            throw new IllegalArgumentException("records cannot be signed or verified: " + e.getMessage(), e);
        }
    }

    /**
     * A policy is in force from now on. To be told after requests are decided by it, which they are as soon as the supplier of
     * {@link #start} gives it. Not for an event loop.
     */
    public void policyInForce(PolicySnapshot snapshot) {
        traffic.inForce(snapshot);
        clusters.enforce(snapshot, name);
    }

    /**
     * What this proxy knows of a cluster's canary.
     *
     * @return {@code null} when it does not know it now, and serves nothing of it
     */
    public @Nullable CanaryState canary(String cluster, String canary) {
        return clusters.canary(cluster, canary);
    }

    public List<BoundListener> listeners() {
        return listeners.status();
    }

    private List<CertificateStatus> certificates() {
        List<CertificateStatus> all = new ArrayList<>(listeners.certificates());
        all.addAll(clusters.certificates());
        return all;
    }

    /**
     * Clients that are connected now.
     *
     * @param after only those with a higher id
     * @param limit how many at most, the lowest ids first
     */
    public Future<List<ConnectionStatus>> connections(long after, int limit) {
        return loops.connections(after, limit);
    }

    /** The connection with this id, if it is open. */
    public Future<Optional<ConnectionStatus>> connection(long id) {
        return loops.connection(id);
    }

    /** What there is to say about this proxy now. */
    public ProxyStatus status() {
        return new ProxyStatus(
                listeners.status(),
                clusters.status(mirrors),
                certificates(),
                signingKeys.problems(),
                schemaRegistries.status(policy.get().schemaRegistries()),
                mirrors.status(policy.get()),
                traffic.faults().status(policy.get()),
                traffic.quotas().status(policy.get()),
                connections.open());
    }

    /**
     * Stops: no new connections, no new requests; what is in flight is answered, for at most ten seconds; then all
     * connections are closed.
     */
    public Future<Void> close() {
        // Vert.x ends a port's connections with the port: ports go last, and meanwhile new connections are closed
        loops.drain();
        return drained(System.nanoTime() + DRAIN_MILLIS * 1_000_000)
                .compose(ignored -> mirrors.close())
                .onComplete(ignored -> {
                    loops.closeAll();
                    clusters.close();
                    logInThreads.close();
                    schemaRegistries.close();
                    signingKeys.close();
                })
                .compose(ignored -> listeners.closePorts())
                .otherwiseEmpty()
                .onComplete(ignored -> handshakeThreads.close())
                .compose(ignored -> clusters.endClients())
                .compose(ignored -> endReports());
    }

    /** After the connections: their last round is reported, too. */
    private Future<Void> endReports() {
        Reports open = reports;
        if (open == null) {
            return Future.succeededFuture();
        }
        return loops.settled()
                .compose(ignored -> vertx.executeBlocking(
                        () -> {
                            open.close();
                            return null;
                        },
                        false));
    }

    private Future<Void> drained(long deadlineNanos) {
        if (connections.open() == 0 || System.nanoTime() - deadlineNanos > 0) {
            return Future.succeededFuture();
        }
        return vertx.timer(DRAIN_POLL_MILLIS, TimeUnit.MILLISECONDS).compose(again -> drained(deadlineNanos));
    }
}
