package dev.weir.topology;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.WeirProxy;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.report.PolicyInForce;
import dev.weir.proxy.report.ReportSettings;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real proxy in front of a cluster, that allows everything and reports once a second to the cluster itself. */
public final class TestProxy implements AutoCloseable {
    public static final String CLUSTER = "main";

    private final Vertx vertx = Vertx.vertx();
    private final WeirProxy proxy;

    public TestProxy(String bootstrap, String name) {
        int colon = bootstrap.lastIndexOf(':');
        Endpoint broker = new Endpoint(bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
        ClusterConfig cluster = new ClusterConfig(CLUSTER, List.of(broker), null, null);
        ListenerConfig listener = new ListenerConfig(
                "plain",
                CLUSTER,
                new Endpoint("127.0.0.1", 0),
                "127.0.0.1",
                BrokerPorts.ANY,
                null,
                null,
                ListenerLimits.DEFAULT);
        PolicySnapshot policy = new AllowAll();
        proxy = await(WeirProxy.start(
                vertx,
                new ProxyConfig(List.of(cluster), List.of(listener)),
                () -> policy,
                new ProxyTelemetry(new ProxyMetrics(MeterProvider.noop().get("weir")), denial -> {}),
                ReportSettings.of(cluster, name, "test", () -> new PolicyInForce("test", "IN_SYNC", 0, ""))));
    }

    /** What clients connect to. */
    public String bootstrap() {
        return proxy.listeners().get(0).bootstrap().toString();
    }

    @Override
    public void close() {
        await(proxy.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the proxy did not start or stop", e);
        }
    }

    private record AllowAll() implements PolicySnapshot {
        private static final Decision ALLOW =
                new Decision(true, true, new RuleRef("test/rule", "test.yaml", 1, "test"));

        @Override
        public String revision() {
            return "test";
        }

        @Override
        public Authorizer authorizer(Subject subject, String clientId) {
            PolicySnapshot snapshot = this;
            return new Authorizer() {
                @Override
                public PolicySnapshot snapshot() {
                    return snapshot;
                }

                @Override
                public Optional<String> service() {
                    return Optional.of(clientId);
                }

                @Override
                public Optional<String> version() {
                    return Optional.empty();
                }

                @Override
                public Decision decide(ResourceType type, String name, Operation operation) {
                    return ALLOW;
                }

                @Override
                public Decision decideAny(ResourceType type, Operation operation) {
                    return ALLOW;
                }
            };
        }
    }
}
