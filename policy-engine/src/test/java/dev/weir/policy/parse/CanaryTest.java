package dev.weir.policy.parse;

import static dev.weir.policy.Policies.mesh;
import static dev.weir.policy.Policies.parse;
import static dev.weir.policy.Policies.problems;
import static dev.weir.policy.Policies.topicAccess;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Handover;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import dev.weir.policy.Policies;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.CanaryPolicy.Match;
import dev.weir.policy.decide.CanaryPolicy.OnFailure;
import dev.weir.policy.decide.CanaryPolicy.Step;
import dev.weir.policy.decide.CanaryPolicy.Strategy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CanaryTest {
    private static final String HEAD = versions("payments", "v1: {clientId: \"pay*\"}, v2: {clientId: \"pay-v2*\"}")
            + versions("fraud", "v1: {clientId: \"f1*\"}, v2: {clientId: \"f2*\"}")
            + topicAccess(
                    "t",
                    "id: read, allow: [consume], services: [payments, fraud], topics: [orders, refunds], groups: [\"p*\"]");
    private static final String GOOD =
            "group: payments, topics: [orders, refunds], stable: {service: payments, version: v1},"
                    + " canary: {service: payments, version: v2}, weight: 10%";
    private static final String SHADOW = GOOD.replace("weight: 10%", "strategy: shadow");
    private static final String STEPS =
            GOOD.replace("weight: 10%", "steps: [{weight: 1%, hold: 10m}, {weight: 10%, hold: 30m}, {weight: 100%}]");

    private static String versions(String service, String versions) {
        return "apiVersion: weir.dev/v1\nkind: Service\nmetadata: {name: " + service + "}\nspec: {identities: [{sasl: "
                + service + "}], versions: {" + versions + "}}\n---\n";
    }

    private static String canary(String name, String spec) {
        return "apiVersion: weir.dev/v1\nkind: Canary\nmetadata: {name: " + name + ", owner: team}\nspec: {" + spec
                + "}\n---\n";
    }

    private static CanaryPolicy compile(String spec) {
        return Policies.compile(HEAD + canary("next", spec)).canaries().all().get(0);
    }

    private static String one(String spec) {
        List<String> problems = problems(HEAD + canary("next", spec));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).contains("p.yaml:").contains("expected");
        return problems.get(0);
    }

    @Test
    void compilesAWeight() {
        CanaryPolicy canary = compile(GOOD);
        assertThat(canary.name()).isEqualTo("next");
        assertThat(canary.owner()).isEqualTo("team");
        assertThat(canary.rule().toString()).startsWith("next (p.yaml:");
        assertThat(canary.group()).isEqualTo("payments");
        assertThat(canary.canaryGroup()).isEqualTo("payments~canary");
        assertThat(canary.topics()).containsExactlyInAnyOrder("orders", "refunds");
        assertThat(canary.strategy()).isEqualTo(Strategy.SLICE);
        assertThat(canary.handover()).isEqualTo(Handover.ORDERED);
        assertThat(canary.weight()).contains(new Weight(1_000));
        assertThat(canary.steps()).isEmpty();
        assertThat(canary.canary().version()).contains("v2");
        assertThat(canary).as("the same policy compiles to the same canary").isEqualTo(compile(GOOD));
    }

    @Test
    void compilesStepsAndGates() {
        CanaryPolicy canary = compile(STEPS
                + ", handover: unordered, gates: {timeLag: 30s, errorShare: 1%, deadLetterShare: 0.1%, processingTime: 2s,"
                + " rebalances: 3, records: 7, onFailure: pause}");
        assertThat(canary.weight()).isEmpty();
        assertThat(canary.steps())
                .containsExactly(
                        new Step(new Weight(100), Optional.of(Duration.ofMinutes(10))),
                        new Step(new Weight(1_000), Optional.of(Duration.ofMinutes(30))),
                        new Step(new Weight(10_000), Optional.empty()));
        assertThat(canary.handover()).isEqualTo(Handover.UNORDERED);
        CanaryPolicy.Gates gates = canary.gates().orElseThrow();
        assertThat(gates.timeLag()).contains(Duration.ofSeconds(30));
        assertThat(gates.errorShare().orElseThrow()).isEqualByComparingTo(new BigDecimal("0.01"));
        assertThat(gates.deadLetterShare().orElseThrow()).isEqualByComparingTo(new BigDecimal("0.001"));
        assertThat(gates.processingTime()).contains(Duration.ofSeconds(2));
        assertThat(gates.rebalances()).hasValue(3);
        assertThat(gates.records()).isEqualTo(7);
        assertThat(gates.onFailure()).isEqualTo(OnFailure.PAUSE);
        assertThat(compile(STEPS + ", gates: {timeLag: 30s}")
                        .gates()
                        .orElseThrow()
                        .onFailure())
                .isEqualTo(OnFailure.ABORT);
    }

    @Test
    void compilesMatches() {
        assertThat(compile(GOOD + ", strategy: match, match: {keys: [a, b]}").match())
                .contains(new Match.Keys(Set.of("a", "b")));
        assertThat(compile(GOOD + ", strategy: match, match: {header: x-tenant, values: [acme]}")
                        .match())
                .contains(new Match.Header("x-tenant", Set.of("acme")));
    }

    @Test
    void compilesWholePartitions() {
        CanaryPolicy canary = compile(STEPS + ", strategy: partition, gates: {timeLag: 30s}, handover: unordered");
        assertThat(canary.strategy()).isEqualTo(Strategy.PARTITION);
        assertThat(canary.scope().buckets()).isEqualTo(new WholePartitions());
        assertThat(canary.scope().isShadow()).isFalse();
        assertThat(one(GOOD + ", strategy: partition, match: {keys: [a]}"))
                .contains("\"match\" without strategy: match");
        assertThat(one(GOOD + ", strategy: partition, redirect: [receipts]"))
                .contains("only what a shadow writes goes elsewhere");
        assertThat(one(GOOD + ", strategy: partitions"))
                .contains("did you mean")
                .contains("partition");
    }

    @Test
    void refusesClientsThatAreNotOfOneSide() {
        assertThat(one(GOOD.replace("version: v2", "version: v3")))
                .contains("unknown version of Service payments; did you mean", "found \"v3\", expected one of v1, v2");
        assertThat(one(GOOD.replace("canary: {service: payments", "canary: {service: payment")))
                .contains("unknown Service; did you mean \"payments\"?");
        assertThat(one(GOOD.replace("version: v2", "version: v1"))).contains("a client could be on both sides");
        assertThat(one(GOOD.replace("version: v2", "clientId: \"pay-*\"")))
                .contains("a client could be on both sides", "found version v1 and clientId pay-*");
        assertThat(one(GOOD.replace("version: v2", "clientId: pay"))).contains("a client could be on both sides");
        assertThat(problems(HEAD + canary("next", GOOD.replace("version: v2", "clientId: \"pay-v2-*\""))))
                .as("clients of version v2 are none of v1")
                .isEmpty();
        assertThat(one(GOOD.replace("version: v2", "version: v2, clientId: x"))).contains("found version and clientId");
        assertThat(one(GOOD.replace(", version: v2", ""))).contains("found neither, expected version or clientId");
    }

    @Test
    void refusesCanariesThatCouldShareARecord() {
        String other = GOOD.replace("group: payments", "group: pay2");
        assertThat(problems(HEAD
                        + canary("next", GOOD)
                        + canary("other", GOOD.replace("service: payments", "service: fraud"))))
                .as("nobody may be in a group twice, whoever it is")
                .anySatisfy(problem -> assertThat(problem).contains("Canary next (", "is about the same group"));
        assertThat(problems(HEAD + canary("next", GOOD) + canary("other", other)))
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem)
                        .contains("a client could be in this canary and in Canary next (", "does not say which group"));
        assertThat(problems(HEAD
                        + canary("next", GOOD)
                        + canary("other", other.replace("service: payments", "service: fraud"))))
                .isEmpty();
        assertThat(problems(HEAD
                        + canary("next", GOOD.replace("[orders, refunds]", "[orders]"))
                        + canary("other", other.replace("[orders, refunds]", "[refunds]"))))
                .isEmpty();
        assertThat(problems(HEAD + canary("next", GOOD) + canary("next", GOOD)).toString())
                .contains("Canary next is declared twice; first");
    }

    @Test
    void refusesNamesThatHaveNoCanary() {
        assertThat(one(GOOD.replace("group: payments", "group: payments~canary")))
                .contains("reserved name");
        assertThat(one(GOOD.replace("group: payments", "group: \"p*\""))).contains("one group is meant");
        assertThat(one(GOOD.replace("[orders, refunds]", "[_weir-policy, orders]")))
                .contains("reserved name");
        assertThat(one(GOOD.replace("[orders, refunds]", "[\"orders*\"]"))).contains("one topic is meant");
        assertThat(problems(HEAD + canary("next", GOOD.replace("[orders, refunds]", "[__consumer_offsets]"))))
                .anySatisfy(problem -> assertThat(problem).contains("Kafka's internal topics have no canary"));
    }

    @Test
    void refusesWeightsAndStepsThatLeadNowhere() {
        assertThat(one(STEPS.replace("weight: 10%", "weight: 1%"))).contains("weights of steps ascend", "1% after 1%");
        assertThat(one(STEPS.replace(", hold: 30m", ""))).contains("only the last step has nothing to wait for");
        assertThat(one(GOOD + ", steps: [{weight: 100%}]"))
                .contains("found weight and steps, expected weight or steps");
        assertThat(one(GOOD.replace(", weight: 10%", ""))).contains("found neither, expected weight or steps");
        assertThat(one(GOOD.replace("10%", "101%"))).contains("not a weight: found \"101%\"");
        assertThat(one(GOOD.replace("10%", "10"))).contains("not a weight: found \"10\", expected a percentage");
        assertThat(one(GOOD + ", gates: {timeLag: 1s}")).contains("gates stand between steps");
        assertThat(one(STEPS + ", gates: {records: 5}")).contains("no gate is named");
        assertThat(problems(HEAD + canary("next", STEPS + ", gates: {rebalances: 0}")))
                .isEmpty();
        assertThat(one(STEPS + ", gates: {rebalances: 101}")).contains("101", "100");
        assertThat(one(STEPS + ", gates: {errorShare: 100%}")).contains("could never close");
        assertThat(one(STEPS + ", gates: {timeLag: 30}")).contains("a length of time needs a unit");
    }

    @Test
    void refusesWhatThisVersionDoesNotDo() {
        assertThat(one(GOOD + ", mode: dry-run")).contains("a canary cannot be tried dry");
        assertThat(problems(HEAD + canary("next", GOOD + ", mode: enforce"))).isEmpty();
        assertThat(one(GOOD + ", strategy: match")).contains("strategy: match without \"match\"");
        assertThat(one(GOOD + ", match: {keys: [a]}")).contains("\"match\" without strategy: match");
        assertThat(one(GOOD + ", strategy: match, match: {header: x}")).contains("missing key \"values\"");
        assertThat(one(GOOD + ", strategy: match, match: {keys: [a], header: x, values: [b]}"))
                .contains("keys and header");
    }

    @Test
    void compilesAShadow() {
        CanaryPolicy shadow = compile(SHADOW);
        assertThat(shadow.strategy()).isEqualTo(Strategy.SHADOW);
        assertThat(shadow.scope().isShadow()).isTrue();
        assertThat(shadow.scope().shadow().redirected()).isEmpty();
        assertThat(shadow.weight()).isEmpty();
        assertThat(shadow.steps()).isEmpty();
        assertThat(compile(SHADOW + ", redirect: [receipts, alerts]")
                        .scope()
                        .shadow()
                        .redirected())
                .containsExactly("alerts", "receipts");
        assertThat(compile(GOOD).scope().isShadow()).isFalse();
    }

    @Test
    void refusesWhatAShadowDoesNotHave() {
        for (String key :
                List.of("weight: 10%", "steps: [{weight: 10%}]", "gates: {timeLag: 1s}", "handover: ordered")) {
            assertThat(one(SHADOW + ", " + key))
                    .contains("a shadow reads everything", '"' + key.substring(0, key.indexOf(':')) + '"');
        }
        assertThat(one(GOOD + ", redirect: [receipts]")).contains("only what a shadow writes goes elsewhere");
        assertThat(one(SHADOW + ", redirect: [orders]"))
                .contains("a shadow cannot read a topic and have what it writes");
        assertThat(one(SHADOW + ", redirect: [orders.shadow]")).contains("no topic NAME.shadow can be made");
        assertThat(one(SHADOW + ", redirect: [" + "x".repeat(243) + "]")).contains("no topic NAME.shadow can be made");
        assertThat(one(SHADOW + ", redirect: [__consumer_offsets]")).contains("nobody writes to Kafka's internal");
        assertThat(one(SHADOW + ", redirect: [\"r*\"]")).contains("one topic is meant");
        assertThat(one(SHADOW + ", redirect: []")).contains("redirect");
    }

    @Test
    void refusesAShadowThatCouldWorkForOthers() {
        String other = GOOD.replace("group: payments", "group: pay2").replace("[orders, refunds]", "[orders]");
        assertThat(one(canary("shadow", SHADOW.replace("[orders, refunds]", "[refunds]")), other))
                .contains("a client could be a shadow", "Canary shadow (");
        String shadowToo = SHADOW.replace("group: payments", "group: pay2");
        assertThat(problems(HEAD + canary("shadow", SHADOW) + canary("next", shadowToo)))
                .as("one client that is a shadow in two groups")
                .isEmpty();
        assertThat(one(
                        canary("shadow", SHADOW),
                        shadowToo
                                .replace("version: v1", "version: vX")
                                .replace("version: v2", "version: v1")
                                .replace("version: vX", "version: v2")))
                .contains("a client could be a shadow");
    }

    @Test
    void refusesAShadowThatReadsInOneGroupWhatItWritesToInAnother() {
        String other = SHADOW.replace("group: payments", "group: pay2").replace("[orders, refunds]", "[refunds]");
        assertThat(one(
                        canary("shadow", SHADOW.replace("[orders, refunds]", "[orders]")),
                        other + ", redirect: [orders]"))
                .contains(
                        "a client could be a shadow in Canary shadow (", "which reads this topic", "found \"orders\"");
        assertThat(one(
                        canary("shadow", SHADOW.replace("[orders, refunds]", "[orders]") + ", redirect: [refunds]"),
                        other))
                .contains("what it writes to this topic goes elsewhere: it cannot read it", "found \"refunds\"");
    }

    private static String one(String before, String spec) {
        List<String> problems = problems(HEAD + before + canary("next", spec));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void refusesSidesThatMayNotConsume() {
        assertThat(one(GOOD.replace("refunds]", "returns]")))
                .contains("Service payments may not consume from this topic", "found \"returns\"");
        assertThat(problems(HEAD + canary("next", GOOD.replace("group: payments", "group: others"))))
                .anySatisfy(problem -> assertThat(problem).contains("may not consume in this group"));
        assertThat(parse(mesh("dry-run") + HEAD + canary("next", GOOD.replace("refunds]", "returns]")))
                        .canaries())
                .hasSize(1);
    }
}
