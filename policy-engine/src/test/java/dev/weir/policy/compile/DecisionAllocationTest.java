package dev.weir.policy.compile;

import static dev.weir.policy.Policies.compile;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** INVARIANT: a decision allocates nothing, whatever rules it meets. */
class DecisionAllocationTest {
    private static final int DECISIONS = 20_000;
    private static final List<String> NAMES = List.of(
            "orders", "orders.card", "net", "mechanism", "unknown", "_weir-flows", "__consumer_offsets", "g~canary");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void decidesWithoutAllocating() {
        Authorizer authorizer = compile(service("alice")
                        + service("bob")
                        + topicAccess(
                                "t",
                                "id: a, allow: [consume], services: [alice], topics: [\"orders*\"]",
                                "id: b, deny: [consume], services: [\"*\"], except: [bob], topics: [orders.card]",
                                "id: c, allow: [consume], services: [alice], topics: [net], when: {source: [10.0.0.0/8,"
                                        + " 127.0.0.0/8, \"::1\"], tls: true, clientId: [\"a*\"]}",
                                "id: d, deny: [consume], services: [alice], topics: [mechanism], when: {mechanism: [PLAIN],"
                                        + " claims: {team: [red]}}",
                                "id: e, deny: [consume], services: [alice], topics: [\"orders*\"], mode: dry-run"))
                .authorizer(user("alice"), "app");
        decideAll(authorizer);
        long before = threads.getCurrentThreadAllocatedBytes();
        decideAll(authorizer);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // what asking costs; one object in one of the rules would be a hundred times that
        assertThat(allocated).isLessThan(DECISIONS / 5);
    }

    private static void decideAll(Authorizer authorizer) {
        int passed = 0;
        for (int i = 0; i < DECISIONS; i++) {
            for (int name = 0; name < NAMES.size(); name++) {
                passed += authorizer
                                .decide(ResourceType.TOPIC, NAMES.get(name), Operation.READ)
                                .passes()
                        ? 1
                        : 0;
            }
            passed += authorizer.decideAny(ResourceType.TOPIC, Operation.READ).passes() ? 1 : 0;
        }
        assertThat(passed).isGreaterThan(DECISIONS);
    }
}
