package dev.weir.proxy;

import dev.weir.canary.change.CanaryState;
import dev.weir.canary.kafka.TopicProblem;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authenticate.LogInThreads;
import dev.weir.proxy.canary.CanaryCluster;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ClusterConfig;
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
import dev.weir.proxy.telemetry.UpstreamMetrics;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.tls.HandshakeThreads;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.traffic.Traffic;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: clusters followed, listeners bound, clients served. Stateless: whatever it holds it can learn again.
 * Made by {@link #start}, ended by {@link #close()}; both may be called from any thread.
 */
public final class WeirProxy {
    /** How long a first broker is waited for before the listeners open without one. */
    private static final long FIRST_BROKER_MILLIS = 5_000;

    private static final long DRAIN_MILLIS = 10_000;
    private static final long DRAIN_POLL_MILLIS = 20;

    private final Vertx vertx;
    private final Map<String, Cluster> clusters;
    private final Listeners listeners;
    private final ConnectionFactory connections;
    private final List<EventLoop> loops;
    private final LogInThreads logInThreads;
    private final HandshakeThreads handshakeThreads;
    private final SigningKeys signingKeys;
    private final SchemaRegistries schemaRegistries;
    private final Mirrors mirrors;
    private final Traffic traffic;
    private final Supplier<PolicySnapshot> policy;
    private final @Nullable Reports reports;
    private final String name;
    private final String canaryCluster;

    private WeirProxy(
            Vertx vertx,
            Map<String, Cluster> clusters,
            Listeners listeners,
            ConnectionFactory connections,
            List<EventLoop> loops,
            LogInThreads logInThreads,
            HandshakeThreads handshakeThreads,
            SigningKeys signingKeys,
            SchemaRegistries schemaRegistries,
            Mirrors mirrors,
            Traffic traffic,
            Supplier<PolicySnapshot> policy,
            @Nullable Reports reports,
            String name,
            String canaryCluster) {
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
        this.canaryCluster = canaryCluster;
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
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        for (ClusterConfig cluster : config.clusters()) {
            clusters.put(cluster.name(), new Cluster(vertx, cluster, protocol.codec(), handshakes));
        }
        ConnectionFactory connections = new ConnectionFactory(reporting == null ? null : reporting.audit());
        ProxySelf self = new ProxySelf(config.listeners(), connections::open);
        Reports reports = reporting == null
                ? null
                : Reports.start(reporting, telemetry.metrics().reports(), self);
        SigningKeys signingKeys = signingKeys(vertx, config);
        SchemaRegistries schemaRegistries = SchemaRegistries.open(vertx, config.schemaRegistries());
        Mirrors mirrors = new Mirrors(vertx, clusters.values());
        self.mirrors(() -> mirrors.flows(policy.get()));
        RecordRuleSet rules = RecordRuleSet.all(signingKeys, schemaRegistries, mirrors);
        Traffic traffic = new Traffic();
        List<EventLoop> loops = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            loops.add(new EventLoop(
                    ((VertxInternal) vertx).createEventLoopContext(),
                    protocol,
                    rules,
                    traffic,
                    reports == null ? null : reports.loop()));
        }
        LogInThreads logInThreads = new LogInThreads();
        Listeners listeners;
        try {
            listeners = new Listeners(
                    vertx,
                    config.listeners(),
                    clusters,
                    policy,
                    telemetry,
                    protocol,
                    connections,
                    loops,
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
                reporting == null ? "weir" : reporting.proxyName(),
                CanaryCluster.of(config.clusters(), reporting == null ? null : reporting.home())
                        .name());
        self.listensOn(proxy::listeners);
        telemetry.metrics().schemaRegistries().from(schemaRegistries::stats);
        telemetry.metrics().mirrors().from(() -> mirrors.status(policy.get()));
        telemetry.metrics().canaries().problemsFrom(proxy::canaryProblems);
        telemetry.metrics().quotas().from(() -> traffic.quotas().status(policy.get()));
        telemetry.metrics().faults().from(() -> traffic.faults().status(policy.get()));
        telemetry
                .metrics()
                .certificates()
                .from(proxy::certificates, proxy.listeners::certificatesRefused, proxy::clustersRefusing);
        proxy.policyInForce(policy.get());
        return proxy.followClusters(telemetry, served)
                .compose(ignored -> proxy.listeners.start())
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
        clusters.forEach((cluster, of) ->
                of.canaries().enforce(cluster.equals(canaryCluster) ? snapshot.canaries() : Canaries.EMPTY, name));
    }

    /** @param served clusters that listeners lead to: no client waits for those that only mirrors lead to */
    private Future<Void> followClusters(ProxyTelemetry telemetry, Set<String> served) {
        List<Future<Void>> first = new ArrayList<>();
        for (Cluster cluster : clusters.values()) {
            UpstreamMetrics metrics = telemetry.metrics().upstream(cluster.name());
            cluster.onChange(state -> metrics.brokers(state.brokers().size()));
            Promise<Void> answered = Promise.promise();
            long patience = vertx.setTimer(FIRST_BROKER_MILLIS, timer -> answered.tryComplete());
            boolean isServed = served.contains(cluster.name());
            cluster.start(isServed).onComplete(known -> {
                vertx.cancelTimer(patience);
                answered.tryComplete();
            });
            if (isServed) {
                first.add(answered.future());
            }
        }
        return Future.join(first).mapEmpty();
    }

    /**
     * What this proxy knows of a cluster's canary.
     *
     * @return {@code null} when it does not know it now, and serves nothing of it
     */
    public @Nullable CanaryState canary(String cluster, String canary) {
        Cluster of = clusters.get(cluster);
        return of == null ? null : of.canaries().state(canary);
    }

    public List<BoundListener> listeners() {
        return listeners.status();
    }

    private List<CertificateStatus> certificates() {
        List<CertificateStatus> all = new ArrayList<>(listeners.certificates());
        clusters.values()
                .forEach(cluster -> all.addAll(cluster.connector().secrets().certificates()));
        return all;
    }

    private Map<String, Boolean> clustersRefusing() {
        Map<String, Boolean> refusing = new LinkedHashMap<>();
        clusters.forEach((name, cluster) ->
                refusing.put(name, !cluster.connector().secrets().problems().isEmpty()));
        return refusing;
    }

    /**
     * Clients that are connected now.
     *
     * @param after only those with a higher id
     * @param limit how many at most, the lowest ids first
     */
    public Future<List<ConnectionStatus>> connections(long after, int limit) {
        return onLoops(loop -> loop.connections(after, limit))
                .map(lists -> lists.stream()
                        .flatMap(List::stream)
                        .sorted(Comparator.comparingLong(ConnectionStatus::id))
                        .limit(limit)
                        .toList());
    }

    /** The connection with this id, if it is open. */
    public Future<Optional<ConnectionStatus>> connection(long id) {
        return onLoops(loop -> loop.connection(id))
                .map(found -> found.stream().flatMap(Optional::stream).findFirst());
    }

    /** Asks each loop on its own thread. */
    private <T> Future<List<T>> onLoops(Function<EventLoop, T> question) {
        List<Future<T>> asked = new ArrayList<>();
        for (EventLoop loop : loops) {
            Promise<T> promise = Promise.promise();
            loop.context().runOnContext(now -> promise.complete(question.apply(loop)));
            asked.add(promise.future());
        }
        return Future.join(asked).map(done -> done.list());
    }

    private static List<String> problems(Cluster cluster) {
        return Stream.concat(
                        cluster.connector().secrets().problems().stream(),
                        cluster.canaries().problems().stream().map(TopicProblem::problem))
                .toList();
    }

    private List<TopicProblem> canaryProblems() {
        return clusters.values().stream()
                .flatMap(cluster -> cluster.canaries().problems().stream())
                .toList();
    }

    /** What there is to say about this proxy now. */
    public ProxyStatus status() {
        List<ProxyStatus.ClusterStatus> known = clusters.values().stream()
                .map(cluster -> new ProxyStatus.ClusterStatus(
                        cluster.name(),
                        cluster.state().clusterId(),
                        new TreeMap<>(cluster.state().brokers()),
                        cluster.lastError(),
                        problems(cluster),
                        cluster.canaries().isRead(),
                        mirrors.reservedBytes(cluster.name())))
                .toList();
        return new ProxyStatus(
                listeners.status(),
                known,
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
        loops.forEach(loop -> loop.context().runOnContext(now -> loop.drain()));
        return drained(System.nanoTime() + DRAIN_MILLIS * 1_000_000)
                .compose(ignored -> mirrors.close())
                .onComplete(ignored -> {
                    loops.forEach(loop -> loop.context().runOnContext(now -> loop.closeAll()));
                    clusters.values().forEach(Cluster::close);
                    logInThreads.close();
                    schemaRegistries.close();
                    signingKeys.close();
                })
                .compose(ignored -> listeners.closePorts())
                .otherwiseEmpty()
                .onComplete(ignored -> handshakeThreads.close())
                .compose(ignored -> endClusterClients())
                .compose(ignored -> endReports());
    }

    /** After the connections that waited for them. */
    private Future<Void> endClusterClients() {
        return vertx.executeBlocking(
                        () -> {
                            clusters.values().forEach(cluster -> {
                                cluster.canaries().close();
                                cluster.deadLetters().close();
                            });
                            return null;
                        },
                        false)
                .mapEmpty();
    }

    /** After the connections: their last round is reported, too. */
    private Future<Void> endReports() {
        Reports open = reports;
        if (open == null) {
            return Future.succeededFuture();
        }
        List<Future<Void>> ended = loops.stream()
                .map(loop -> {
                    Promise<Void> promise = Promise.promise();
                    loop.context().runOnContext(now -> promise.complete());
                    return promise.future();
                })
                .toList();
        return Future.join(ended)
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
