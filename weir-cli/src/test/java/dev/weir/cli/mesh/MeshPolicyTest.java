package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Edge.Allowed;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MeshPolicyTest {
    private static final String POLICY = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: payments, owner: team-payments}
            spec: {identities: [{sasl: payments}]}
            ---
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: fraud}
            spec: {identities: [{sasl: fraud}]}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: all, owner: team-platform}
            spec:
              topics: ["*"]
              rules:
                - {id: secret, deny: [consume], services: ["*"], topics: [secret]}
                - {id: later, allow: [consume], services: [fraud], mode: dry-run}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: orders, owner: team-orders}
            spec:
              topics: ["orders*"]
              rules:
                - {id: read, allow: [consume, produce], services: ["*"], except: [fraud]}
                - {id: tls, allow: [consume], services: [fraud], when: {tls: true}}
            ---
            apiVersion: weir.dev/v1
            kind: Slo
            metadata: {name: in-time, owner: team-payments}
            spec: {service: payments, topics: ["orders*"], objective: 99.9%, within: 30s}
            """;

    private final AtomicReference<CompiledSnapshot> current = new AtomicReference<>(compiled(POLICY));
    private final PolicyView policy = new MeshPolicy(current::get, Clock.systemUTC());

    private static CompiledSnapshot compiled(String text) {
        Parsed parsed = PolicyParser.parse(List.of(new PolicyFile("p.yaml", text.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compile(parsed.policy(), "rev", Instant.EPOCH);
    }

    @Test
    void ownersAreThoseOfWhoNamesThemMostExactly() {
        assertThat(policy.owner(Node.Kind.SERVICE, "payments")).isEqualTo("team-payments");
        assertThat(policy.owner(Node.Kind.SERVICE, "fraud")).isEmpty();
        assertThat(policy.owner(Node.Kind.SERVICE, "nobody")).isEmpty();
        assertThat(policy.owner(Node.Kind.TOPIC, "orders.card")).isEqualTo("team-orders");
        assertThat(policy.owner(Node.Kind.TOPIC, "clicks")).isEqualTo("team-platform");
    }

    @Test
    void whatDependsOnWhatIsNotKnownIsUnknown() {
        assertThat(policy.allowed("payments", Edge.Operation.CONSUME, "orders")).isEqualTo(Allowed.YES);
        assertThat(policy.allowed("payments", Edge.Operation.CONSUME, "secret")).isEqualTo(Allowed.NO);
        assertThat(policy.allowed("fraud", Edge.Operation.CONSUME, "orders")).isEqualTo(Allowed.UNKNOWN);
        assertThat(policy.allowed("fraud", Edge.Operation.CONSUME, "clicks")).isEqualTo(Allowed.NO);
        assertThat(policy.allowed("", Edge.Operation.PRODUCE, "orders")).isEqualTo(Allowed.NO);
    }

    @Test
    void whatRequestsMeetIsSaidOfTheServiceAndOfTheTopicsThatAreNamed() {
        current.set(compiled(POLICY + """
                ---
                apiVersion: weir.dev/v1
                kind: Fault
                metadata: {name: slow-orders}
                spec: {service: payments, topics: ["orders*"], share: 5%, delay: 200ms}
                ---
                apiVersion: weir.dev/v1
                kind: Quota
                metadata: {name: payments-bytes}
                spec: {service: payments, produceBytes: 1MiB, mode: dry-run}
                """));
        assertThat(policy.interventions(Node.Kind.SERVICE, "payments"))
                .containsExactly("fault on purpose: slow-orders", "quota in dry-run: payments-bytes");
        assertThat(policy.interventions(Node.Kind.SERVICE, "fraud")).isEmpty();
        assertThat(policy.interventions(Node.Kind.TOPIC, "orders.card"))
                .containsExactly("fault on purpose: slow-orders");
        assertThat(policy.interventions(Node.Kind.TOPIC, "secret")).isEmpty();
    }

    @Test
    void grantsAreOfEachRuleAndService() {
        assertThat(policy.grants())
                .containsExactly(
                        new PolicyView.Grant(
                                "orders/read", "p.yaml:26", "payments", Edge.Operation.PRODUCE, List.of("orders*")),
                        new PolicyView.Grant(
                                "orders/read", "p.yaml:26", "payments", Edge.Operation.CONSUME, List.of("orders*")),
                        new PolicyView.Grant(
                                "orders/tls", "p.yaml:27", "fraud", Edge.Operation.CONSUME, List.of("orders*")));
    }

    @Test
    void objectivesAreThoseOfThePolicyInForce() {
        assertThat(policy.objectives())
                .containsExactly(new PolicyView.Objective(
                        "in-time",
                        "team-payments",
                        "",
                        "payments",
                        "",
                        List.of("orders*"),
                        0.999,
                        30_000,
                        30L * 24 * 3_600_000));
        current.set(CompiledSnapshot.denyAll());
        assertThat(policy.objectives()).isEmpty();
        assertThat(policy.allowed("payments", Edge.Operation.CONSUME, "orders")).isEqualTo(Allowed.NO);
    }
}
