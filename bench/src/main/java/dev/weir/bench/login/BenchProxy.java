package dev.weir.bench.login;

import dev.weir.bench.policy.GeneratedPolicy;
import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.WeirProxy;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.report.PolicyInForce;
import dev.weir.proxy.report.ReportSettings;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Weir, as it is: two listeners with TLS, one for certificates and one for SASL; a policy of 1,000 rules; reports. */
final class BenchProxy implements AutoCloseable {
    private static final long SECONDS_MAX = 60;
    private static final int RULES = 1_000;
    private static final String CERTIFICATES = "certificates";
    private static final String SASL = "sasl";

    private final WeirProxy proxy;
    private final ProxyMetrics metrics;

    private BenchProxy(WeirProxy proxy, ProxyMetrics metrics) {
        this.proxy = proxy;
        this.metrics = metrics;
    }

    static BenchProxy start(Vertx vertx, String bootstrap, Credentials credentials, TokenIssuer issuer) {
        int colon = bootstrap.lastIndexOf(':');
        ClusterConfig cluster = new ClusterConfig(
                "main",
                List.of(new Endpoint(bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)))),
                null,
                null);
        ListenerSasl sasl = new ListenerSasl(
                List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER),
                credentials.users(),
                new OAuthBearerConfig(
                        issuer.issuer(),
                        issuer.keys(),
                        List.of(TokenIssuer.AUDIENCE),
                        OAuthBearerConfig.ALGORITHMS,
                        OAuthBearerConfig.PRINCIPAL_CLAIM_DEFAULT,
                        "",
                        OAuthBearerConfig.CLOCK_SKEW_DEFAULT_MILLIS,
                        OAuthBearerConfig.KEYS_REFRESH_DEFAULT_MILLIS,
                        OAuthBearerConfig.KEYS_KEPT_DEFAULT_MILLIS,
                        null),
                false,
                0);
        ProxyConfig config = new ProxyConfig(
                List.of(cluster),
                List.of(
                        listener(CERTIFICATES, credentials, ClientAuth.REQUIRED, null),
                        listener(SASL, credentials, ClientAuth.NONE, sasl)));
        PolicySnapshot policy = GeneratedPolicy.compile(RULES);
        ProxyMetrics metrics = new ProxyMetrics(MeterProvider.noop().get("weir"));
        ReportSettings reports = ReportSettings.of(
                cluster, "bench", "bench", () -> new PolicyInForce(policy.revision(), "IN_SYNC", 0, ""));
        WeirProxy proxy =
                await(WeirProxy.start(vertx, config, () -> policy, new ProxyTelemetry(metrics, denial -> {}), reports));
        return new BenchProxy(proxy, metrics);
    }

    private static ListenerConfig listener(
            String name, Credentials credentials, ClientAuth clientAuth, @Nullable ListenerSasl sasl) {
        ListenerTls tls = new ListenerTls(
                credentials.listenerCertificate(),
                credentials.listenerKey(),
                clientAuth,
                clientAuth == ClientAuth.NONE ? null : credentials.authorities(),
                List.of(CertificatePrincipal.SAN_URI));
        return new ListenerConfig(
                name,
                "main",
                new Endpoint("127.0.0.1", 0),
                "localhost",
                BrokerPorts.ANY,
                tls,
                sasl,
                ListenerLimits.DEFAULT);
    }

    /** Where clients of this kind begin. */
    Endpoint address(Way way) {
        String name = way == Way.MTLS ? CERTIFICATES : SASL;
        return proxy.listeners().stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow()
                .bootstrap();
    }

    /** Waits until all clients are gone. */
    void awaitEmpty() {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (metrics.listener(CERTIFICATES).connectionsOpen() > 0
                || metrics.listener(SASL).connectionsOpen() > 0) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException("clients have gone, and their connections have not");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void close() {
        await(proxy.close());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Weir did not start or stop", e);
        }
    }
}
