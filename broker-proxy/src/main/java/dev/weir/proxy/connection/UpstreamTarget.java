package dev.weir.proxy.connection;

import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.cluster.ClusterState;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.telemetry.UpstreamMetrics;
import dev.weir.proxy.upstream.BrokerClient;
import dev.weir.proxy.upstream.BrokerConversation;
import dev.weir.proxy.upstream.Credential;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import dev.weir.proxy.upstream.UpstreamCredentials;
import dev.weir.proxy.upstream.UpstreamException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.jspecify.annotations.Nullable;

/** Where the connections to one port go: to one broker, or, from the bootstrap port, to any. Any thread. */
public final class UpstreamTarget {
    private static final int ANY_BROKER = -1;

    private final Cluster cluster;
    private final int nodeId;
    private final UpstreamMetrics metrics;

    private record Versions(ClusterState of, @Nullable ApiVersionsResponseData common) {}

    private volatile Versions versions = new Versions(ClusterState.UNKNOWN, null);

    private UpstreamTarget(Cluster cluster, int nodeId, UpstreamMetrics metrics) {
        this.cluster = cluster;
        this.nodeId = nodeId;
        this.metrics = metrics;
    }

    public static UpstreamTarget anyBroker(Cluster cluster, UpstreamMetrics metrics) {
        return new UpstreamTarget(cluster, ANY_BROKER, metrics);
    }

    public static UpstreamTarget broker(Cluster cluster, int nodeId, UpstreamMetrics metrics) {
        return new UpstreamTarget(cluster, nodeId, metrics);
    }

    /**
     * Opens an authenticated connection. On the event loop that is to have it. A Service's credential that a broker refuses
     * is looked up again, once: it may have been changed a moment ago.
     *
     * @param service the Service that policy knows the client as, if any
     */
    Future<AuthenticatedSocket> connect(UpstreamCredentials credentials, Optional<String> service) {
        return credentials
                .of(service)
                .compose(known -> connect(known)
                        .recover(e -> isRefused(e) && !credentials.shared()
                                ? credentials
                                        .renewed(service)
                                        .compose(renewed ->
                                                renewed.equals(known) ? Future.failedFuture(e) : connect(renewed))
                                : Future.failedFuture(e)))
                .compose(connected -> cluster.opened().map(connected))
                .onSuccess(connected -> metrics.connected())
                .onFailure(e ->
                        failed(e instanceof UpstreamException upstream ? upstream.kind() : UpstreamFailure.CONNECT));
    }

    /** Logs in again on a connection that is in use, with what the Service's credential is now. On its event loop. */
    Future<Long> logInAgain(
            BrokerConversation conversation, UpstreamCredentials credentials, Optional<String> service) {
        return credentials
                .of(service)
                .compose(credential -> cluster.connector()
                        .logInAgain(
                                conversation,
                                credential,
                                nodeId == ANY_BROKER ? "of cluster " + cluster.name() : nodeId));
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof UpstreamException upstream && upstream.kind() == UpstreamFailure.CREDENTIALS;
    }

    private Future<AuthenticatedSocket> connect(Credential credential) {
        return first(candidates(), 0, broker -> cluster.connector().connect(broker, credential));
    }

    /** Opens a connection for a log-in of the client's own. On the event loop that is to have it. */
    Future<BrokerClient> converse() {
        return first(candidates(), 0, cluster.connector()::converse)
                .compose(connected -> cluster.opened().map(connected))
                .onSuccess(connected -> metrics.connected())
                .onFailure(e ->
                        failed(e instanceof UpstreamException upstream ? upstream.kind() : UpstreamFailure.CONNECT));
    }

    private List<Endpoint> candidates() {
        if (nodeId == ANY_BROKER) {
            return cluster.bootstrapCandidates();
        }
        Endpoint broker = cluster.state().brokers().get(nodeId);
        return broker == null ? List.of() : List.of(broker);
    }

    /** A connection that this target opened did not last. */
    void failed(UpstreamFailure kind) {
        metrics.failed(kind);
    }

    /** The first that can be connected to; one that refuses a credential speaks for all. */
    private <T> Future<T> first(List<Endpoint> candidates, int index, Function<Endpoint, Future<T>> connecting) {
        if (index >= candidates.size()) {
            return Future.failedFuture(new UpstreamException(
                    UpstreamFailure.CONNECT,
                    "broker " + nodeId + " of cluster " + cluster.name() + " is not known at the moment"));
        }
        Future<T> attempt = connecting.apply(candidates.get(index));
        return index + 1 == candidates.size()
                ? attempt
                : attempt.recover(
                        e -> isRefused(e) ? Future.failedFuture(e) : first(candidates, index + 1, connecting));
    }

    /** The versions to offer on this port, or {@code null} as long as no broker has been asked. */
    @SuppressWarnings("ReferenceEquality") // each state is a new object, and comparing whole states costs more
    @Nullable
    ApiVersionsResponseData versions() {
        ClusterState state = cluster.state();
        Versions known = versions;
        if (known.of() != state) {
            known = new Versions(state, common(state));
            versions = known;
        }
        return known.common();
    }

    private @Nullable ApiVersionsResponseData common(ClusterState state) {
        ApiVersionsResponseData own = state.versions().get(nodeId);
        if (own != null) {
            return ApiVersionsAnswer.intersect(own);
        }
        // any broker may get the request: what all of them speak
        ApiVersionsResponseData all = null;
        for (ApiVersionsResponseData one : state.versions().values()) {
            all = all == null ? ApiVersionsAnswer.intersect(one) : narrow(all, one);
        }
        return all;
    }

    private static ApiVersionsResponseData narrow(ApiVersionsResponseData all, ApiVersionsResponseData one) {
        ApiVersionsResponseData narrowed = all.duplicate();
        narrowed.apiKeys().removeIf(mine -> {
            ApiVersion other = one.apiKeys().find(mine.apiKey());
            if (other == null) {
                return !ApiVersionsAnswer.answeredHere(mine.apiKey());
            }
            mine.setMinVersion((short) Math.max(mine.minVersion(), other.minVersion()));
            mine.setMaxVersion((short) Math.min(mine.maxVersion(), other.maxVersion()));
            return mine.minVersion() > mine.maxVersion();
        });
        return narrowed;
    }
}
