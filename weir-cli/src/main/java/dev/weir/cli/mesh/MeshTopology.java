package dev.weir.cli.mesh;

import dev.weir.cli.config.TopologyConfig;
import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.upstream.KafkaClientSettings;
import dev.weir.topology.TopologyApp;
import dev.weir.topology.TopologySettings;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.coverage.CoverageSettings;
import dev.weir.topology.login.OidcGate;
import dev.weir.topology.login.OidcSettings;
import dev.weir.topology.progress.LagSettings;
import dev.weir.topology.view.PolicyView;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology beside a proxy, on threads and event loops of its own. It is started in the background and ends with the
 * mesh; whatever becomes of it, the proxy goes on.
 */
final class MeshTopology implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshTopology.class);
    private static final long BIND_SECONDS_MAX = 30;
    private static final long STOP_SECONDS_MAX = 10;

    private final TopologyConfig config;
    private final String instance;
    private final PolicyView policy;
    private final MeshCanaries canaries;
    private final CompletableFuture<String> url = new CompletableFuture<>();
    private final Thread starting = new Thread(this::start, "weir-topology-start");
    // written by the starting thread, which close() waits for
    private @Nullable Vertx vertx;
    private volatile @Nullable TopologyApp app;
    private @Nullable ApiServer api;
    private @Nullable StateFolder state;

    private MeshTopology(TopologyConfig config, String instance, PolicyView policy, MeshCanaries canaries) {
        this.config = config;
        this.instance = instance;
        this.policy = policy;
        this.canaries = canaries;
        starting.setDaemon(true);
    }

    /**
     * Begins to start one, and returns.
     *
     * @param name of the proxy, unique in the mesh
     * @param canaries measured by it, and shown beside it
     */
    static MeshTopology start(TopologyConfig config, String name, PolicyView policy, MeshCanaries canaries) {
        // Kafka takes for a group.instance.id what it takes for a topic's name
        MeshTopology topology = new MeshTopology(config, name.replaceAll("[^A-Za-z0-9._-]", "-"), policy, canaries);
        topology.starting.start();
        return topology;
    }

    /** Address of API and dashboard, once they are there; never, if that fails. */
    CompletableFuture<String> url() {
        return url;
    }

    /** Why clusters do not tell what is compared with what proxies saw, by their names. Any thread. */
    Map<String, String> untoldClusters() {
        TopologyApp running = app;
        return running == null ? Map.of() : running.untoldClusters();
    }

    private void start() {
        try {
            TopologyApp running = TopologyApp.start(settings());
            app = running;
            Vertx loops = Vertx.vertx();
            vertx = loops;
            Endpoint bind = config.bind();
            OidcSettings oidc = config.oidc();
            OidcGate gate = oidc == null ? null : new OidcGate(loops, oidc, Clock.systemUTC());
            ApiServer server = ApiServer.start(
                            loops,
                            bind.host(),
                            bind.port(),
                            running.view(),
                            canaries.desk(running.view()),
                            gate,
                            canaries::refused)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(BIND_SECONDS_MAX, TimeUnit.SECONDS);
            api = server;
            String address = "http://" + new Endpoint(bind.host(), server.port());
            LOG.atInfo().addKeyValue("dashboard", address + "/").log("topology is up");
            url.complete(address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | IOException | RuntimeException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            LOG.atWarn()
                    .addKeyValue("bind", config.bind())
                    .addKeyValue("error", FailureWords.ofItself(cause))
                    .log("there is no topology and no dashboard; the proxy goes on without");
            LOG.atDebug().setCause(e).log("topology cannot be started");
        }
    }

    private TopologySettings settings() throws IOException {
        StateFolder folder = StateFolder.open(config.stateDir());
        state = folder;
        Map<String, Map<String, String>> clusters = new HashMap<>();
        for (ClusterConfig cluster : config.clusters()) {
            clusters.put(cluster.name(), client(cluster));
        }
        return new TopologySettings(
                client(config.home()),
                TopologySettings.APPLICATION_ID,
                instance,
                folder.path(),
                policy,
                TopologySettings.Limits.DEFAULT,
                LagSettings.DEFAULT,
                CoverageSettings.of(clusters),
                Clock.systemUTC());
    }

    private static Map<String, String> client(ClusterConfig cluster) {
        Map<String, String> client = new HashMap<>();
        KafkaClientSettings.of(cluster).forEach((key, value) -> client.put(key, value.toString()));
        return client;
    }

    /** Waits for a start that is under way, and stops what there is. */
    @Override
    public void close() {
        try {
            starting.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS_MAX));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        canaries.withoutView();
        if (api != null) {
            Mesh.stop("topology's API", api.close());
        }
        TopologyApp running = app;
        if (running != null) {
            running.close();
        }
        if (vertx != null) {
            Mesh.stop("topology's event loops", vertx.close());
        }
        if (state != null) {
            state.close();
        }
    }
}
