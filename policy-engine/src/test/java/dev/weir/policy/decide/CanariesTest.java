package dev.weir.policy.decide;

import static dev.weir.policy.Policies.topicAccess;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.canary.Clients;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.policy.Policies;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanariesTest {
    private static final Canaries CANARIES = Policies.compile(
                    """
                    apiVersion: weir.dev/v1
                    kind: Service
                    metadata: {name: payments}
                    spec:
                      identities: [{sasl: payments}]
                      versions: {v1: {clientId: "pay*"}, v2: {clientId: "pay-v2*"}, v3: {clientId: pay-v2-odd}}
                    ---
                    apiVersion: weir.dev/v1
                    kind: Canary
                    metadata: {name: next}
                    spec:
                      group: payments
                      topics: [orders, refunds]
                      stable: {service: payments, version: v1}
                      canary: {service: payments, version: v2}
                      weight: 10%
                    ---
                    apiVersion: weir.dev/v1
                    kind: Canary
                    metadata: {name: reports}
                    spec:
                      group: reports
                      topics: [sums]
                      stable: {service: payments, version: v1}
                      canary: {service: payments, clientId: pay-v2-odd}
                      weight: 10%
                    ---
                    """ + topicAccess("t", "id: read, allow: [consume], services: [payments], groups: [\"*\"]"))
            .canaries();

    private static String reading(String service, String clientId, String topic) {
        return text(CANARIES.reading(service, clientId, topic));
    }

    private static String inGroup(String service, String clientId, String group) {
        return text(CANARIES.inGroup(service, clientId, group));
    }

    private static String text(CanaryMember member) {
        return member == null ? "none" : member.canary().name() + " " + member.side() + " " + member.group();
    }

    @Test
    void findsTheSideByServiceAndClientId() {
        assertThat(reading("payments", "pay-1", "orders")).isEqualTo("next STABLE payments");
        assertThat(reading("payments", "pay-v2-1", "orders")).isEqualTo("next CANARY payments~canary");
        assertThat(reading("payments", "pay-v2-odd", "orders")).as("version v3").isEqualTo("none");
        assertThat(reading("payments", "other", "orders")).isEqualTo("none");
        assertThat(reading("fraud", "pay-1", "orders")).isEqualTo("none");
        assertThat(reading("", "pay-1", "orders")).isEqualTo("none");
        assertThat(reading("payments", "pay-1", "sums")).isEqualTo("reports STABLE reports");
        assertThat(reading("payments", "pay-v2-odd", "sums")).isEqualTo("reports CANARY reports~canary");
        assertThat(reading("payments", "pay-1", "payments")).isEqualTo("none");
    }

    @Test
    void whatHasBegunGoesOnAsItBeganWhateverPolicySays() {
        Scope first = CANARIES.all().get(0).scope();
        Scope begun = new Scope(
                first.group(),
                first.canaryGroup(),
                List.of("orders"),
                first.buckets(),
                first.stable(),
                new Clients("payments", "other*", List.of()));
        Canaries now = CANARIES.begun(Map.of("next", begun));

        assertThat(now.reading("payments", "other-1", "orders")).isNotNull();
        assertThat(now.reading("payments", "pay-v2-1", "orders")).isNull();
        assertThat(now.reading("payments", "pay-1", "refunds")).isNull();
        assertThat(now.inGroup("payments", "pay-1", "reports")).isNotNull();
        assertThat(Canaries.EMPTY.begun(Map.of("next", begun)).isEmpty()).isFalse();
        assertThat(CANARIES.begun(Map.of("before", begun)).ofGroup("payments").name())
                .as("another canary of the group waits until the one before is done")
                .isEqualTo("before");
    }

    @Test
    void findsTheSideByGroup() {
        assertThat(inGroup("payments", "pay-1", "payments")).isEqualTo("next STABLE payments");
        assertThat(inGroup("payments", "pay-v2-1", "payments")).isEqualTo("next CANARY payments~canary");
        assertThat(inGroup("payments", "pay-v2-1", "reports")).isEqualTo("none");
        assertThat(inGroup("payments", "pay-v2-1", "payments~canary")).isEqualTo("none");
        assertThat(CANARIES.ofGroup("reports").scope())
                .isEqualTo(CANARIES.all().get(1).scope());
        assertThat(CANARIES.ofGroup("orders")).isNull();
        assertThat(CANARIES.isEmpty()).isFalse();
        assertThat(Canaries.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void aShadowIsLimitedToItsGroupsAndToWhatGoesElsewhere() {
        assertThat(CANARIES.shadowing("payments", "pay-v2-1")).isNull();
        Scope shares = CANARIES.all().get(0).scope();
        Map<String, Scope> begun = Map.of(
                "next", shadow(shares, List.of("orders"), "receipts"),
                "reports", shadow(CANARIES.all().get(1).scope(), List.of("sums"), "alerts"));
        Canaries shadows = CANARIES.begun(begun);

        ShadowLimits one = shadows.shadowing("payments", "pay-v2-1");
        assertThat(one.groups()).containsExactly("payments");
        assertThat(one.redirected()).containsExactly("receipts");
        assertThat(one.rule().id()).isEqualTo("next");
        assertThat(one.permits(ResourceType.TOPIC, "receipts", Operation.WRITE)).isTrue();
        assertThat(one.permits(ResourceType.TOPIC, "orders", Operation.WRITE)).isFalse();
        assertThat(one.toBroker("receipts")).isEqualTo("receipts.shadow");
        assertThat(one.toBroker("orders")).isEqualTo("orders");
        assertThat(one.ofBroker("receipts.shadow")).isEqualTo("receipts");
        assertThat(one.ofBroker("orders.shadow")).isNull();
        assertThat(shadows.shadowing("payments", "pay-1")).isNull();
        assertThat(shadows.shadowing("fraud", "pay-v2-1")).isNull();
        assertThat(shadows.reading("payments", "pay-v2-1", "orders")).isNull();
        assertThat(shadows.inGroup("payments", "pay-v2-1", "payments")).isNotNull();
    }

    /** The canary of policy that was a slice before, and is not drained yet. */
    @Test
    void aShadowIsLimitedFromItsFirstMomentOn() {
        Scope shares = CANARIES.all().get(0).scope();
        Canaries wanted = Policies.compile(
                        """
                        apiVersion: weir.dev/v1
                        kind: Service
                        metadata: {name: payments}
                        spec:
                          identities: [{sasl: payments}]
                          versions: {v1: {clientId: "pay*"}, v2: {clientId: "pay-v2*"}}
                        ---
                        apiVersion: weir.dev/v1
                        kind: Canary
                        metadata: {name: next}
                        spec:
                          group: payments
                          topics: [orders, refunds]
                          stable: {service: payments, version: v1}
                          canary: {service: payments, version: v2}
                          strategy: shadow
                        ---
                        """ + topicAccess("t", "id: read, allow: [consume], services: [payments], groups: [\"*\"]"))
                .canaries();
        Canaries now = wanted.begun(Map.of("next", shares));

        assertThat(now.shadowing("payments", "pay-v2-1")).isNotNull();
        assertThat(now.reading("payments", "pay-v2-1", "orders")).isNotNull();
        assertThat(now.shadowing("payments", "pay-1")).isNull();
    }

    @Test
    void ofTwoInAGroupTheShadowCountsOnEveryProxy() {
        Scope shares = CANARIES.all().get(0).scope();
        Scope shadow = shadow(shares, List.of("orders"), "receipts");
        for (String name : List.of("a", "z")) {
            Canaries now = CANARIES.begun(Map.of(name, shadow, "next", shares));
            assertThat(now.ofGroup("payments").name()).isEqualTo(name);
            assertThat(now.shadowing("payments", "pay-v2-1")).isNotNull();
        }
    }

    private static Scope shadow(Scope scope, List<String> topics, String redirected) {
        return new Scope(
                scope.group(),
                scope.canaryGroup(),
                topics,
                scope.buckets(),
                scope.stable(),
                scope.canary(),
                new Shadow(List.of(redirected)));
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        ask(20_000);
        long before = threads.getThreadAllocatedBytes(thread);
        ask(20_000);
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(20_000);
    }

    private static void ask(int times) {
        for (int i = 0; i < times; i++) {
            CANARIES.reading("payments", "pay-v2-1", "orders");
            CANARIES.reading("nobody", "x", "orders");
            CANARIES.inGroup("payments", "pay-v2-odd", "reports");
            CANARIES.shadowing("payments", "pay-v2-1");
        }
    }
}
