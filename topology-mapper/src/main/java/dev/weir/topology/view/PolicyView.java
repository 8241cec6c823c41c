package dev.weir.topology.view;

import java.util.List;
import java.util.Optional;

/**
 * What the topology wants to know of policy. Given from outside, asked often, answers from memory. Without policy,
 * {@link #NONE}: nothing is known to be allowed, and nobody owns anything. Topics are those of clusters that clients reach through the mesh.
 */
public interface PolicyView {

    PolicyView NONE = new PolicyView() {
        @Override
        public String owner(Node.Kind kind, String name) {
            return "";
        }

        @Override
        public List<String> interventions(Node.Kind kind, String name) {
            return List.of();
        }

        @Override
        public Edge.Allowed allowed(String service, Edge.Operation operation, String topic) {
            return Edge.Allowed.UNKNOWN;
        }

        @Override
        public List<Objective> objectives() {
            return List.of();
        }

        @Override
        public List<Grant> grants() {
            return List.of();
        }

        @Override
        public List<AdminPower> adminPowers() {
            return List.of();
        }

        @Override
        public Optional<SchemaGuard> schemaGuard(String topic) {
            return Optional.empty();
        }
    };

    /** Who owns a service or a topic; empty when policy does not say. */
    String owner(Node.Kind kind, String name);

    /** Faults on purpose and quotas that a service's requests meet, or what it does with a topic, in a few words each: {@code fault on purpose: slow-orders}. */
    List<String> interventions(Node.Kind kind, String name);

    Edge.Allowed allowed(String service, Edge.Operation operation, String topic);

    List<Objective> objectives();

    /** What policy lets services do with topics, one line for each allow rule and service. */
    List<Grant> grants();

    /** What {@code AdminAccess} lets services do, one line for each allow rule and service. */
    List<AdminPower> adminPowers();

    /** What guards a topic, if anything does. */
    Optional<SchemaGuard> schemaGuard(String topic);

    /**
     * A {@code SchemaRule}.
     *
     * @param onViolation {@code reject}, {@code tag}, {@code quarantine} or {@code observe}
     * @param deadLetterTopic empty where nothing is quarantined
     */
    record SchemaGuard(String rule, String ruleAt, String onViolation, String deadLetterTopic) {}

    /**
     * An objective of policy.
     *
     * @param group whose commits count; empty for every group of the service
     * @param service whose groups are meant; empty when a group is named
     * @param topics literals, or prefixes with {@code *} at their end
     */
    record Objective(
            String name,
            String owner,
            String cluster,
            String service,
            String group,
            List<String> topics,
            double objective,
            long withinMillis,
            long windowMillis) {}

    /**
     * A power over the cluster and what is in it.
     *
     * @param operations as policy writes them
     * @param resources {@code cluster}, {@code topic orders.*}
     */
    record AdminPower(String rule, String ruleAt, String service, List<String> operations, List<String> resources) {}

    /**
     * What one rule lets one service do.
     *
     * @param topics literals, or prefixes with {@code *} at their end
     */
    record Grant(String rule, String ruleAt, String service, Edge.Operation operation, List<String> topics) {}
}
