package dev.weir.cli.mesh;

import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.CanaryWatch;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.upstream.KafkaClientSettings;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.MeshView;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The canaries of a mesh: one of their controllers, what it is measured by, and where people look at them. Nothing of it runs before
 * policy has a canary; from then on all of it does.
 */
final class MeshCanaries implements AutoCloseable {
    private final Supplier<CompiledSnapshot> policy;
    private final ClusterConfig cluster;
    private final String name;
    private final AuditTrail audit;
    private final CanaryMeasuring measuring;
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
        this.measuring = new CanaryMeasuring(this::policies, Clock.systemUTC());
    }

    private List<CanaryPolicy> policies() {
        return policy.get().canaries().all();
    }

    /** Policy has changed: begins what a first canary needs. Does not wait for Kafka. */
    synchronized void follow() {
        if (controller == null && !closed && !policies().isEmpty()) {
            measuring.start();
            controller = ControllerNode.start(this::client, name, ChangeTimes.DEFAULT, this::plans, measuring);
        }
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
