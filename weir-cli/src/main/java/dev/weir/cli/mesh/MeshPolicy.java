package dev.weir.cli.mesh;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the topology asks of the policy in force. Any thread; answers from memory. */
public final class MeshPolicy implements PolicyView {
    private final Supplier<CompiledSnapshot> current;
    private final Clock clock;
    // of one snapshot; whoever finds another in force makes them anew
    private volatile PolicyFacts facts;

    /** @param current the snapshot in force */
    public MeshPolicy(Supplier<CompiledSnapshot> current, Clock clock) {
        this.current = current;
        this.clock = clock;
        this.facts = new PolicyFacts(current.get(), clock.instant());
    }

    private PolicyFacts facts() {
        CompiledSnapshot inForce = current.get();
        PolicyFacts known = facts;
        if (known.snapshot() != inForce) {
            known = new PolicyFacts(inForce, clock.instant());
            facts = known;
        }
        return known;
    }

    @Override
    public String owner(Node.Kind kind, String name) {
        return switch (kind) {
            case SERVICE -> facts().serviceOwner(name);
            case TOPIC, BYPASS -> facts().topicOwner(name);
            case PRINCIPAL, OTHER -> "";
        };
    }

    @Override
    public List<String> interventions(Node.Kind kind, String name) {
        return switch (kind) {
            case SERVICE -> facts().interventionsOf(name);
            case TOPIC -> facts().interventionsIn(name);
            case BYPASS, PRINCIPAL, OTHER -> List.of();
        };
    }

    @Override
    public Edge.Allowed allowed(String service, Edge.Operation operation, String topic) {
        return facts().allowed(service, operation, topic);
    }

    @Override
    public List<Objective> objectives() {
        return facts().objectives();
    }

    @Override
    public List<Grant> grants() {
        return facts().grants();
    }

    @Override
    public List<AdminPower> adminPowers() {
        return facts().adminPowers();
    }

    @Override
    public Optional<SchemaGuard> schemaGuard(String topic) {
        return facts().schemaGuard(topic);
    }
}
