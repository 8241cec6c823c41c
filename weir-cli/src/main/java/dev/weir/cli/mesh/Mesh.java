package dev.weir.cli.mesh;

import dev.weir.canary.change.CanaryState;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.cli.CommandFailure;
import dev.weir.cli.WeirVersion;
import dev.weir.cli.config.ReportsConfig;
import dev.weir.cli.config.TopologyConfig;
import dev.weir.cli.config.WeirConfig;
import dev.weir.cli.export.OtlpMetrics;
import dev.weir.cli.export.OtlpSettings;
import dev.weir.cli.export.OtlpTraces;
import dev.weir.cli.logging.Logging;
import dev.weir.identity.vault.VaultFiles;
import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.source.PolicySource;
import dev.weir.policy.store.PolicyStatus;
import dev.weir.policy.store.PolicyStore;
import dev.weir.policy.yaml.Problem;
import dev.weir.proxy.WeirProxy;
import dev.weir.proxy.admin.AdminServer;
import dev.weir.proxy.admin.StatusReport;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.canary.CanaryCluster;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.listener.BoundListener;
import dev.weir.proxy.report.ReportSettings;
import dev.weir.proxy.telemetry.Denial;
import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running mesh: policy first, then the proxy, so that no client is denied for want of a policy that is about to
 * come. Where policy cannot be read yet, the admin endpoint is there and says so; the listeners open with the first
 * good policy. {@link #start} and {@link #close} block and are called by threads of the program, never by an event loop.
 */
public final class Mesh implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);
    private static final int START_SECONDS_MAX = 60;
    private static final int STOP_SECONDS_MAX = 20;

    private final WeirConfig config;
    private final Vertx vertx;
    private final PrometheusMetricReader reader = PrometheusMetricReader.create();
    private final SdkMeterProvider meters;
    private final ProxyMetrics metrics;
    private final PolicyStore policy;
    private final CountDownLatch policyInForce = new CountDownLatch(1);
    private final StatusReports reports;
    private volatile @Nullable AdminServer admin;
    private AuditTrail audit = new AuditTrail(null);
    private volatile @Nullable WeirProxy proxy;
    private volatile @Nullable MeshCanaries canaries;
    private volatile @Nullable MeshTopology topology;
    private volatile @Nullable OtlpTraces traces;
    private volatile boolean closing;

    private Mesh(WeirConfig config, PolicySource source, ErrorLog errors) {
        this.config = config;
        this.vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        this.meters = meters(config.otlp(), reader);
        this.metrics = new ProxyMetrics(meters.get("weir"));
        this.policy = new PolicyStore(source, Clock.systemUTC());
        this.reports = new StatusReports(
                config, metrics, policy, errors, Clock.systemUTC().instant());
    }

    /**
     * Starts a mesh, and returns once its listeners are open, or once it is closed from elsewhere.
     *
     * @param denials told of every denial, on event loops
     * @param started given the mesh as soon as it exists, so that a signal can close it while it starts
     * @throws CommandFailure when the first policy has mistakes, or something cannot be bound; nothing is left running
     */
    public static Mesh start(WeirConfig config, ErrorLog errors, Consumer<Denial> denials, Consumer<Mesh> started) {
        Mesh mesh = new Mesh(config, PolicySources.open(config.policy()), errors);
        try {
            started.accept(mesh);
            mesh.followVault();
            mesh.openAdmin();
            mesh.openAudit();
            mesh.takeFirstPolicy();
            mesh.openListeners(new ProxyTelemetry(mesh.metrics, denials));
            mesh.openCanaries();
            mesh.openTopology();
            return mesh;
        } catch (RuntimeException e) {
            mesh.close();
            throw e;
        }
    }

    private static SdkMeterProvider meters(@Nullable OtlpSettings otlp, PrometheusMetricReader prometheus) {
        SdkMeterProviderBuilder builder = SdkMeterProvider.builder().registerMetricReader(prometheus);
        if (otlp != null) {
            Logging.bridgeJavaLogging(); // the exporter's way to say that nobody takes what it sends
            builder.registerMetricReader(OtlpMetrics.reader(otlp))
                    .setResource(OtlpMetrics.resource(otlp, WeirVersion.current()));
        }
        return builder.build();
    }

    public ProxyMetrics metrics() {
        return metrics;
    }

    public PolicyStore policy() {
        return policy;
    }

    /** The listeners as they are bound; none before they are. */
    public List<BoundListener> listeners() {
        WeirProxy running = proxy;
        return running == null ? List.of() : running.listeners();
    }

    /**
     * What is known of a cluster's canary.
     *
     * @return {@code null} when nothing is now
     */
    public @Nullable CanaryState canary(String cluster, String canary) {
        WeirProxy running = proxy;
        return running == null ? null : running.canary(cluster, canary);
    }

    /**
     * How far a canary of policy is with its steps.
     *
     * @return {@code null} when nothing is known of it, or it has not begun
     */
    public @Nullable RolloutState rollout(String canary) {
        MeshCanaries running = canaries;
        return running == null ? null : running.rollout(canary);
    }

    /** URL of the admin endpoint. */
    public String adminUrl() {
        AdminServer running = admin;
        int port = running == null ? config.admin().port() : running.port();
        return "http://" + new Endpoint(config.admin().host(), port);
    }

    private void followVault() {
        VaultFiles vault = config.vault();
        if (vault != null) {
            metrics.secrets().from(() -> MeshSecrets.measured(vault));
            vault.follow();
        }
    }

    private void openAdmin() {
        Endpoint bind = config.admin();
        admin = await(
                AdminServer.start(
                        vertx,
                        bind,
                        this::status,
                        reader,
                        new AdminQuestions(() -> proxy, config.proxy().listeners(), policy, Clock.systemUTC()).pages()),
                "the admin endpoint " + bind);
    }

    private StatusReport status() {
        MeshCanaries controlled = canaries;
        MeshTopology mapping = topology;
        return reports.report(
                proxy,
                controlled == null ? List.of() : controlled.reports(),
                mapping == null ? Map.of() : mapping.untoldClusters(),
                closing);
    }

    private void openAudit() {
        AuditTrail opened = MeshAudit.open(config, Reporting.proxyName(config.reports(), adminPort()));
        audit = opened;
        MeshAudit.follow(policy, opened, config.reports());
    }

    private void takeFirstPolicy() {
        metrics.policy().failuresFrom(() -> policy.status().failures());
        policy.addListener(snapshot -> {
            metrics.policy().inForce(snapshot.revision());
            policyInForce.countDown();
        });
        policy.start();
        PolicyStatus status = policy.status();
        if (status.state() == PolicyStatus.State.REFUSED) {
            throw new CommandFailure("the policy has mistakes; nothing was started.\n"
                    + status.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        if (!status.isReady()) {
            LOG.atWarn()
                    .addKeyValue("source", status.source())
                    .log("no policy can be read yet; the listeners open with the first");
            awaitPolicy();
        }
    }

    private void awaitPolicy() {
        try {
            policyInForce.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while waiting for policy", e);
        }
    }

    private void openListeners(ProxyTelemetry telemetry) {
        if (closing) {
            return;
        }
        ReportSettings reporting = traced(Reporting.settings(config.reports(), policy, adminPort(), audit));
        WeirProxy running =
                await(WeirProxy.start(vertx, config.proxy(), policy::current, telemetry, reporting), "the listeners");
        proxy = running;
        policy.addListener(running::policyInForce);
        running.policyInForce(policy.current()); // there may have been another since it began to start
        for (BoundListener listener : running.listeners()) {
            LOG.atInfo()
                    .addKeyValue("listener", listener.name())
                    .addKeyValue("cluster", listener.cluster())
                    .addKeyValue("bootstrap", listener.bootstrap())
                    .log("listener open");
        }
    }

    private synchronized void openCanaries() {
        if (!closing) {
            ReportsConfig reporting = config.reports();
            ClusterConfig cluster =
                    CanaryCluster.of(config.proxy().clusters(), reporting == null ? null : reporting.home());
            MeshCanaries opened =
                    new MeshCanaries(policy::current, cluster, Reporting.proxyName(reporting, adminPort()), audit);
            canaries = opened;
            metrics.canaries().from(opened::bypassing);
            policy.addListener(snapshot -> opened.follow());
            opened.follow();
            opened.look();
        }
    }

    synchronized void openTopology() {
        TopologyConfig settings = config.topology();
        MeshCanaries shown = canaries;
        if (settings != null && topology == null && shown != null && !closing) {
            String name = Reporting.proxyName(config.reports(), adminPort());
            topology = MeshTopology.start(settings, name, new MeshPolicy(policy::current, Clock.systemUTC()), shown);
        }
    }

    /** Ends the topology only: clients do not notice. */
    synchronized void closeTopology() {
        MeshTopology running = topology;
        topology = null;
        if (running != null) {
            running.close();
        }
    }

    /** Address of the topology's API and the dashboard, once they are there; never, without a topology. */
    public CompletableFuture<String> topologyUrl() {
        MeshTopology running = topology;
        return running == null ? new CompletableFuture<>() : running.url();
    }

    private int adminPort() {
        AdminServer endpoint = admin;
        return endpoint == null ? config.admin().port() : endpoint.port();
    }

    /** Has requests told as spans, too, where OTLP is configured and asks for them. */
    private @Nullable ReportSettings traced(@Nullable ReportSettings reporting) {
        OtlpSettings otlp = config.otlp();
        if (reporting == null || otlp == null || otlp.tracesPerSecond() == 0) {
            return reporting;
        }
        OtlpTraces started = OtlpTraces.start(otlp, WeirVersion.current());
        traces = started;
        return reporting.withTraces(started.traceSettings());
    }

    /** Lets requests in flight be answered, then stops everything. Doing it twice does no harm. */
    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        policyInForce.countDown();
        WeirProxy running = proxy;
        if (running != null) {
            stop("proxy", running.close());
        } else {
            audit.end();
        }
        closeTopology();
        MeshCanaries controlled = canaries;
        if (controlled != null) {
            controlled.close();
        }
        AdminServer endpoint = admin;
        if (endpoint != null) {
            stop("admin endpoint", endpoint.close());
        }
        policy.close();
        OtlpTraces spans = traces;
        if (spans != null) {
            spans.close();
        }
        meters.close();
        VaultFiles vault = config.vault();
        if (vault != null) {
            vault.close();
        }
        stop("event loops", vertx.close());
    }

    private static <T> T await(Future<T> starting, String what) {
        try {
            return starting.toCompletionStage().toCompletableFuture().get(START_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(what + " cannot be started: interrupted", e);
        } catch (TimeoutException e) {
            throw new CommandFailure(what + " cannot be started within " + START_SECONDS_MAX + " s", e);
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailure(what + " cannot be started: " + FailureWords.ofItself(cause), cause);
        }
    }

    static void stop(String what, Future<Void> stopping) {
        try {
            stopping.toCompletionStage().toCompletableFuture().get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("part", what).setCause(e).log("did not stop as it should");
        }
    }
}
