package dev.weir.cli.mesh;

import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.CanaryWatch;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.canary.kafka.Mandate;
import dev.weir.canary.kafka.WatchedCanary;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.proxy.admin.StatusReport.CanaryReport;
import dev.weir.proxy.audit.AuditEvent;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.upstream.KafkaClientSettings;
import dev.weir.topology.view.ApiRefusal;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.MeshView;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The canaries of a mesh: one of their controllers, what it is measured by, and where people look at them. Nothing of it runs before
 * policy has a canary, or there is a log of one; from then on all of it does.
 */
final class MeshCanaries implements AutoCloseable {
    private final Supplier<CompiledSnapshot> policy;
    private final ClusterConfig cluster;
    private final String name;
    private final AuditTrail audit;
    private final CanaryMeasuring measuring;
    private final CanaryBypasses bypasses = new CanaryBypasses();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread looking = new Thread(this::lookForLog, "weir-canary-look");
    private @Nullable ControllerNode controller;
    private @Nullable CanaryWatch watch;
    private boolean closed;

    /**
     * Makes them; {@link #follow} begins what is wanted.
     *
     * @param policy the snapshot in force
     * @param cluster that has the topics of canaries
     * @param name of the proxy, for logs
     * @param audit told of every command
     */
    MeshCanaries(Supplier<CompiledSnapshot> policy, ClusterConfig cluster, String name, AuditTrail audit) {
        this.policy = policy;
        this.cluster = cluster;
        this.name = name;
        this.audit = audit;
        this.measuring = new CanaryMeasuring(this::policies, this::states, Clock.systemUTC());
    }

    private List<CanaryPolicy> policies() {
        return policy.get().canaries().all();
    }

    /** Policy has changed: begins what a first canary needs. Does not wait for Kafka. */
    void follow() {
        if (!policies().isEmpty()) {
            control();
        }
    }

    /**
     * Looks whether there is a log of canaries, which one that policy does not name any more may still need. On a thread that ends when that is
     * known; that Weir's user may not know it, the proxy says.
     */
    void look() {
        looking.setDaemon(true);
        looking.start();
    }

    private void lookForLog() {
        CanaryLogSearch search = new CanaryLogSearch(
                () -> Admin.create(client()), millis -> closing.await(millis, TimeUnit.MILLISECONDS));
        try {
            if (search.finds()) {
                control();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends
        }
    }

    private synchronized void control() {
        if (controller == null && !closed) {
            measuring.start();
            controller = ControllerNode.start(
                    this::client,
                    name,
                    new Mandate(
                            ChangeTimes.DEFAULT,
                            this::plans,
                            measuring,
                            Optional.of(Duration.ofMillis(cluster.canaries().memberGraceMillis())),
                            this::told));
            watch(); // so that whoever looks need not wait until the log was read
        }
    }

    private void told(ChangeEvent event) {
        AuditEvent change = MeshAudit.canaryChange(cluster.name(), name, event);
        if (change != null) {
            audit.add(change, System.currentTimeMillis());
        }
        if (event instanceof ChangeEvent.Noted noted) {
            bypasses.next(noted)
                    .forEach(member -> audit.add(
                            MeshAudit.bypass(cluster.name(), name, noted.canary(), member),
                            System.currentTimeMillis()));
        }
    }

    /**
     * What the log says of all that ever began; nothing as long as there is no controller here.
     */
    List<CanaryReport> reports() {
        synchronized (this) {
            if (controller == null) {
                return List.of();
            }
        }
        return CanaryReports.of(states());
    }

    private Map<String, CanaryState> states() {
        return watch().states();
    }

    /** How far a canary is with its steps; {@code null} when nothing is known of it, or it has not begun. */
    @Nullable
    RolloutState rollout(String canary) {
        synchronized (this) {
            if (controller == null) {
                return null;
            }
        }
        WatchedCanary watched = watch().canaries().get(canary);
        return watched == null ? null : watched.rollout();
    }

    /** How many members of each canary's groups come to brokers around Weir. */
    Map<String, Integer> bypassing() {
        Map<String, Integer> counts = new HashMap<>();
        reports().forEach(report -> counts.put(report.name(), report.bypassing().size()));
        return counts;
    }

    private synchronized CanaryWatch watch() {
        CanaryWatch running = watch;
        if (running == null) {
            running = CanaryWatch.start(this::client, name);
            watch = running;
            if (closed) {
                running.close();
            }
        }
        return running;
    }

    /** Measures by this topology from now on, and shows them beside it. */
    CanaryDesk desk(MeshView view) {
        measuring.by(view);
        return new MeshCanaryDesk(
                this::policies,
                this::watch,
                measuring,
                view,
                (order, answer) ->
                        audit.add(MeshAudit.canary(cluster.name(), order, answer), System.currentTimeMillis()));
    }

    /** Somebody was not let in to the API, or may not say what he said to a canary. */
    void refused(ApiRefusal refusal) {
        List<String> names = policies().stream().map(CanaryPolicy::name).toList();
        audit.add(MeshAudit.refused(cluster.name(), refusal, names), System.currentTimeMillis());
    }

    /** There is no topology any more. */
    void withoutView() {
        measuring.by(null);
    }

    private Map<String, Object> client() {
        return KafkaClientSettings.of(cluster);
    }

    private List<CanaryPlan> plans() {
        return policies().stream().map(MeshCanaries::plan).toList();
    }

    private static CanaryPlan plan(CanaryPolicy policy) {
        return new CanaryPlan(policy.name(), policy.scope(), CanaryRollouts.plan(policy), policy.handover());
    }

    @Override
    public void close() {
        ControllerNode node;
        CanaryWatch watching;
        synchronized (this) {
            closed = true;
            closing.countDown();
            looking.interrupt();
            node = controller;
            watching = watch;
        }
        if (node != null) {
            node.close();
            measuring.close();
        }
        if (watching != null) {
            watching.close();
        }
    }
}
