package dev.weir.policy.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.policy.Policies;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.model.Mode;
import dev.weir.policy.source.PolicyFiles;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityExplainerTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final String POLICY = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: payments}
            spec:
              identities:
                - san: spiffe://shop/payments
                - {sasl: payments, mechanism: SCRAM-SHA-512}
            ---
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: operator}
            spec:
              identities:
                - dn: CN=operator,O=Shop
                - san: spiffe://shop/operator
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: orders}
            spec:
              topics: [orders]
              rules:
                - {id: read, allow: [consume], services: [payments], groups: ["payments*"]}
                - {id: no-one-else, deny: [produce], services: ["*"], except: [operator]}
            ---
            apiVersion: weir.dev/v1
            kind: AdminAccess
            metadata: {name: admins}
            spec:
              rules:
                - {id: topics, allow: [create, delete], services: [operator], topics: ["*"], when: {tls: true}}
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: who-wrote}
            spec:
              topics: [orders, "audit.*"]
              headers: {principal: true}
            """;

    private final IdentityExplainer explainer = new IdentityExplainer(snapshot(), NOW);

    private static CompiledSnapshot snapshot() {
        PolicyBuild build = PolicyBuild.of(new PolicyFiles("r1", List.of(Policies.file("p.yaml", POLICY)), ""), NOW);
        return build.snapshot().orElseThrow(() -> new AssertionError(build.problems()));
    }

    private static Subject certificate(String distinguishedName, String... sans) {
        return new Subject(
                Principal.user(sans.length == 0 ? distinguishedName : sans[0]),
                Mechanism.MTLS,
                true,
                List.of(sans),
                distinguishedName,
                Map.of(),
                HERE);
    }

    @Test
    void saysByWhichLineSomebodyIsAServiceAndWhatThatLetsItDo() {
        IdentityExplanation explanation = explainer.explain(certificate("", "spiffe://shop/payments"));

        assertThat(explanation.service()).contains("payments");
        assertThat(explanation.matches()).singleElement().satisfies(match -> {
            assertThat(match.identity()).isEqualTo("san: spiffe://shop/payments");
            assertThat(match.at().line()).isEqualTo(6);
        });
        assertThat(explanation.nearMisses()).isEmpty();
        assertThat(explanation.rights())
                .extracting(IdentityExplanation.Right::rule)
                .containsExactly("orders/read", "orders/no-one-else");
        assertThat(explanation.rights().get(0).names()).containsExactlyInAnyOrder("topic orders", "group payments*");
    }

    @Test
    void saysWhatRecordsTellOfWhoWroteThem() {
        assertThat(explainer.explain(certificate("", "spiffe://shop/payments")).told())
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.document()).isEqualTo("who-wrote");
                    assertThat(told.topics()).containsExactly("orders", "audit.*");
                    assertThat(told.mode()).isEqualTo(Mode.ENFORCE);
                    assertThat(told.signed()).isFalse();
                });
    }

    @Test
    void tellsPowersOverTheClusterApart() {
        IdentityExplanation explanation = explainer.explain(certificate("O=Shop,CN=operator"));

        assertThat(explanation.services())
                .as("the order of a name's parts counts")
                .isEmpty();
        explanation = explainer.explain(certificate("CN=Operator, O=shop"));
        assertThat(explanation.service()).contains("operator");
        assertThat(explanation.rights()).singleElement().satisfies(right -> {
            assertThat(right.admin()).isTrue();
            assertThat(right.conditional()).isTrue();
            assertThat(right.actions()).containsExactly("create", "delete");
        });
    }

    @Test
    void saysWhatSomebodyNearlyIsAndWhyNot() {
        assertThat(explainer.explain(certificate("", "spiffe://shop/payment")).nearMisses())
                .first()
                .satisfies(miss -> {
                    assertThat(miss.service()).isEqualTo("payments");
                    assertThat(miss.reason()).isEqualTo("the certificate has spiffe://shop/payment");
                });
        assertThat(explainer
                        .explain(Subject.sasl("payments", Mechanism.PLAIN, true, HERE))
                        .nearMisses())
                .first()
                .satisfies(miss -> {
                    assertThat(miss.at().line()).isEqualTo(7);
                    assertThat(miss.reason())
                            .isEqualTo("the name fits, but it has to come by SCRAM-SHA-512, not by PLAIN");
                });
        assertThat(explainer
                        .explain(Subject.sasl("spiffe://shop/operator", Mechanism.PLAIN, true, HERE))
                        .nearMisses())
                .first()
                .satisfies(miss -> assertThat(miss.reason()).contains("it came by SASL: write sasl:"));
        IdentityExplanation stranger = explainer.explain(Subject.anonymous(false, HERE));
        assertThat(stranger.services()).isEmpty();
        assertThat(stranger.nearMisses()).isEmpty();
        assertThat(stranger.rights())
                .extracting(IdentityExplanation.Right::rule)
                .as("a deny for all is about nobody, too")
                .containsExactly("orders/no-one-else");
    }

    @Test
    void whoIsSeveralIsToldByWhatAndMayNothing() {
        IdentityExplanation explanation =
                explainer.explain(certificate("", "spiffe://shop/payments", "spiffe://shop/operator"));

        assertThat(explanation.services()).containsExactlyInAnyOrder("payments", "operator");
        assertThat(explanation.matches()).hasSize(2);
        assertThat(explanation.service()).isEmpty();
        assertThat(explanation.rights()).isEmpty();
    }
}
