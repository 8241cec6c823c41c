package dev.weir.proxy;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.config.BrokerAddressing;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.CanaryConfig;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.MirrorConfig;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.proxy.config.SigningConfig;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.report.PolicyInForce;
import dev.weir.proxy.report.ReportSettings;
import dev.weir.proxy.telemetry.Denial;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A proxy in this JVM, in front of a cluster that a test brings. On loopback, and on any free ports unless told which. */
public final class ProxyFixture implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final WeirProxy proxy;
    private final ProxyMetrics metrics;
    private final AtomicReference<PolicySnapshot> policy;
    private final Queue<Denial> denials;
    private boolean closed;

    private ProxyFixture(
            Vertx vertx,
            WeirProxy proxy,
            ProxyMetrics metrics,
            AtomicReference<PolicySnapshot> policy,
            Queue<Denial> denials) {
        this.vertx = vertx;
        this.proxy = proxy;
        this.metrics = metrics;
        this.policy = policy;
        this.denials = denials;
    }

    /** In front of these brokers; {@code host:port,...}. */
    public static Builder inFrontOf(String bootstrapServers) {
        return new Builder(bootstrapServers);
    }

    public WeirProxy proxy() {
        return proxy;
    }

    public ProxyMetrics metrics() {
        return metrics;
    }

    /** All denials so far, dry-run ones included. */
    public List<Denial> denials() {
        return List.copyOf(denials);
    }

    /** Swaps the policy, as a new revision does. */
    public void policy(PolicySnapshot next) {
        policy.set(next);
        proxy.policyInForce(next);
    }

    public BoundListener listener(String name) {
        return proxy.listeners().stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener " + name));
    }

    /** What to put into {@code bootstrap.servers}. */
    public String bootstrap(String listener) {
        return listener(listener).bootstrap().toString();
    }

    /** As {@link #bootstrap(String)}, of the one listener. */
    public String bootstrap() {
        return proxy.listeners().get(0).bootstrap().toString();
    }

    /** Ends the proxy as it is ended in production: what is in flight is answered. Closing twice is no mistake. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            await(proxy.close());
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the proxy did not start or stop", e);
        }
    }

    /** Describes a proxy; {@link #start} makes it. */
    public static final class Builder {
        private static final int BROKERS_MAX = 9;

        private final List<Endpoint> bootstrap;
        private final List<ListenerConfig> listeners = new ArrayList<>();
        private final List<ClusterConfig> otherClusters = new ArrayList<>();
        private @Nullable UpstreamTls upstreamTls;
        private @Nullable UpstreamSasl upstreamSasl;
        private PolicySnapshot policy = TestPolicy.allowAll();
        private @Nullable UnaryOperator<ReportSettings> reports;
        private CanaryConfig canaries = CanaryConfig.DEFAULT;
        private SigningConfig signing = SigningConfig.NONE;
        private List<SchemaRegistryConfig> registries = List.of();
        private int eventLoops = VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE;
        private int bootstrapPort;
        private BrokerAddressing brokers = BrokerPorts.ANY;
        private ListenerUpstream credentials = new ListenerUpstream.Shared();

        private Builder(String bootstrapServers) {
            bootstrap = Arrays.stream(bootstrapServers.split(","))
                    .map(server -> new Endpoint(
                            server.substring(0, server.lastIndexOf(':')),
                            Integer.parseInt(server.substring(server.lastIndexOf(':') + 1))))
                    .toList();
        }

        public Builder policy(PolicySnapshot snapshot) {
            policy = snapshot;
            return this;
        }

        public Builder upstream(@Nullable UpstreamTls tls, @Nullable UpstreamSasl sasl) {
            upstreamTls = tls;
            upstreamSasl = sasl;
            return this;
        }

        /** Clusters that mirrors may lead to. */
        public Builder clusters(ClusterConfig... others) {
            otherClusters.addAll(List.of(others));
            return this;
        }

        /** How long clients of canaries are waited for that nobody has seen in a group. */
        public Builder memberGrace(Duration grace) {
            canaries = new CanaryConfig(grace.toMillis());
            return this;
        }

        /** Schema registries that policy may name. */
        public Builder registries(SchemaRegistryConfig... configs) {
            registries = List.of(configs);
            return this;
        }

        /** On how many threads its connections are; on one, a connection that holds its thread holds all of them. */
        public Builder eventLoops(int threads) {
            eventLoops = threads;
            return this;
        }

        /** Signs what policy wants signed. */
        public Builder signingKey(Path pem) {
            signing = new SigningConfig(pem, signing.trusted());
            return this;
        }

        /** Verifies what policy wants verified with these, in place of its own. */
        public Builder trustedKeys(Path pem) {
            signing = new SigningConfig(signing.key(), pem);
            return this;
        }

        /** Reports to the cluster itself; what the operator changes of the settings is changed. */
        public Builder reports(UnaryOperator<ReportSettings> changes) {
            reports = changes;
            return this;
        }

        /** Gives the listeners that follow fixed ports: bootstrap on the first, broker n on the n-th after it, at most nine. */
        public Builder ports(int first) {
            bootstrapPort = first;
            brokers = new BrokerPorts(first + 1, 1, BROKERS_MAX);
            return this;
        }

        /** Has the listeners that follow tell brokers apart by name. */
        public Builder names(BrokerNames names) {
            brokers = names;
            return this;
        }

        /** With whose credentials the clients of the listeners that follow come to brokers. */
        public Builder credentials(ListenerUpstream upstream) {
            credentials = upstream;
            return this;
        }

        public Builder listener(String name, @Nullable ListenerTls tls, @Nullable ListenerSasl sasl) {
            return listener(name, tls, sasl, ListenerLimits.DEFAULT);
        }

        public Builder listener(
                String name, @Nullable ListenerTls tls, @Nullable ListenerSasl sasl, ListenerLimits limits) {
            listeners.add(new ListenerConfig(
                    name,
                    "main",
                    new Endpoint("127.0.0.1", bootstrapPort),
                    tls == null ? "127.0.0.1" : "localhost",
                    brokers,
                    tls,
                    sasl,
                    limits,
                    credentials));
            return this;
        }

        public ProxyFixture start() {
            if (listeners.isEmpty()) {
                listener("plain", null, null);
            }
            Vertx vertx = Vertx.vertx(
                    new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops));
            ProxyMetrics metrics = new ProxyMetrics(MeterProvider.noop().get("weir"));
            AtomicReference<PolicySnapshot> current = new AtomicReference<>(policy);
            Queue<Denial> denials = new ConcurrentLinkedQueue<>();
            ClusterConfig cluster =
                    new ClusterConfig("main", bootstrap, upstreamTls, upstreamSasl, MirrorConfig.DEFAULT, canaries);
            List<ClusterConfig> clusters = new ArrayList<>(List.of(cluster));
            clusters.addAll(otherClusters);
            ReportSettings reporting = reports == null
                    ? null
                    : reports.apply(ReportSettings.of(
                            cluster,
                            "fixture",
                            "test",
                            () -> new PolicyInForce(current.get().revision(), "IN_SYNC", 0, "")));
            WeirProxy proxy = await(WeirProxy.start(
                    vertx,
                    new ProxyConfig(clusters, listeners, signing, registries),
                    current::get,
                    new ProxyTelemetry(metrics, denials::add),
                    reporting));
            return new ProxyFixture(vertx, proxy, metrics, current, denials);
        }
    }
}
