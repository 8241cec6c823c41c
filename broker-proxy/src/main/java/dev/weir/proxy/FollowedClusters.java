package dev.weir.proxy;

import dev.weir.canary.change.CanaryState;
import dev.weir.canary.kafka.TopicProblem;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.mirror.Mirrors;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.UpstreamMetrics;
import dev.weir.proxy.tls.CertificateStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Kafka clusters of a proxy, by their names in the configuration. Any thread, where nothing else is said. */
final class FollowedClusters {
    /** How long a first broker is waited for before the listeners open without one. */
    private static final long FIRST_BROKER_MILLIS = 5_000;

    private final Vertx vertx;
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final String canaryCluster;

    /** @param canaryCluster the name of the one that canaries of policy are in */
    FollowedClusters(Vertx vertx, List<Cluster> clusters, String canaryCluster) {
        this.vertx = vertx;
        this.canaryCluster = canaryCluster;
        clusters.forEach(cluster -> this.clusters.put(cluster.name(), cluster));
    }

    Map<String, Cluster> byName() {
        return clusters;
    }

    /**
     * Begins to follow them.
     *
     * @param served clusters that listeners lead to: no client waits for those that only mirrors lead to
     * @return completes when those have answered, or have not for some seconds
     */
    Future<Void> start(ProxyMetrics metrics, Set<String> served) {
        List<Future<Void>> first = new ArrayList<>();
        for (Cluster cluster : clusters.values()) {
            UpstreamMetrics upstream = metrics.upstream(cluster.name());
            cluster.onChange(state -> upstream.brokers(state.brokers().size()));
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
     * A policy is in force. Not for an event loop.
     *
     * @param proxy the name of this one among those that serve the canaries
     */
    void enforce(PolicySnapshot snapshot, String proxy) {
        clusters.forEach((name, cluster) ->
                cluster.canaries().enforce(name.equals(canaryCluster) ? snapshot.canaries() : Canaries.EMPTY, proxy));
    }

    /** As {@link WeirProxy#canary}. */
    @Nullable
    CanaryState canary(String cluster, String canary) {
        Cluster of = clusters.get(cluster);
        return of == null ? null : of.canaries().state(canary);
    }

    List<TopicProblem> canaryProblems() {
        return clusters.values().stream()
                .flatMap(cluster -> cluster.canaries().problems().stream())
                .toList();
    }

    /** Those that the proxy shows to brokers. */
    List<CertificateStatus> certificates() {
        return clusters.values().stream()
                .flatMap(cluster -> cluster.connector().secrets().certificates().stream())
                .toList();
    }

    /** For each, whether files of certificates or passwords have changed and could not be taken. */
    Map<String, Boolean> refusing() {
        Map<String, Boolean> refusing = new LinkedHashMap<>();
        clusters.forEach((name, cluster) ->
                refusing.put(name, !cluster.connector().secrets().problems().isEmpty()));
        return refusing;
    }

    List<ProxyStatus.ClusterStatus> status(Mirrors mirrors) {
        return clusters.values().stream()
                .map(cluster -> new ProxyStatus.ClusterStatus(
                        cluster.name(),
                        cluster.state().clusterId(),
                        new TreeMap<>(cluster.state().brokers()),
                        cluster.lastError(),
                        problems(cluster),
                        cluster.canaries().isRead(),
                        mirrors.reservedBytes(cluster.name())))
                .toList();
    }

    private static List<String> problems(Cluster cluster) {
        return Stream.concat(
                        cluster.connector().secrets().problems().stream(),
                        cluster.canaries().problems().stream().map(TopicProblem::problem))
                .toList();
    }

    /** Follows them no longer. */
    void close() {
        clusters.values().forEach(Cluster::close);
    }

    /** Ends the clients of Kafka that connections waited for, after the connections. */
    Future<Void> endClients() {
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
}
