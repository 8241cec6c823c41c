package dev.weir.policy.parse;

import static dev.weir.policy.Policies.compile;
import static dev.weir.policy.Policies.mesh;
import static dev.weir.policy.Policies.parse;
import static dev.weir.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.decide.Verification;
import dev.weir.policy.model.IdentityPropagation;
import dev.weir.policy.model.IdentityPropagation.Trace;
import dev.weir.policy.model.NamePattern;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropagationTest {

    private static String propagation(String name, String spec) {
        return "apiVersion: weir.dev/v1\nkind: IdentityPropagation\nmetadata: {name: " + name
                + ", owner: team}\nspec: {" + spec + "}\n---\n";
    }

    private static String one(String spec) {
        List<String> problems = problems(propagation("who", spec));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void readsADocument() {
        IdentityPropagation read = parse(
                        propagation("who", "topics: [orders, \"o.*\"], headers: {principal: false, traceparent: true}"))
                .propagations()
                .get(0);
        assertThat(read.name()).isEqualTo("who");
        assertThat(read.owner()).isEqualTo("team");
        assertThat(read.topics()).containsExactly(new NamePattern("orders", false), new NamePattern("o.", true));
        assertThat(read.principal()).isFalse();
        assertThat(read.trace()).isEqualTo(Trace.ENSURE);
        assertThat(read.mode()).isEmpty();
    }

    @Test
    void tellsThePrincipalAndKeepsTracesIfNothingElseIsWritten() {
        IdentityPropagation read =
                parse(propagation("who", "topics: [orders]")).propagations().get(0);
        assertThat(read.principal()).isTrue();
        assertThat(read.signature()).isFalse();
        assertThat(read.trace()).isEqualTo(Trace.KEEP);
    }

    @Test
    void isFoundByTopicWithTheModeThatHolds() {
        TopicTable<Propagation> table = compile(mesh("dry-run")
                        + propagation("who", "topics: [orders], mode: enforce")
                        + propagation("all", "topics: [\"*\"], headers: {traceparent: true}"))
                .propagation();
        Propagation orders = table.find("orders");
        assertThat(orders.enforced()).isTrue();
        assertThat(orders.traceparent()).isFalse();
        assertThat(orders.rule().id()).isEqualTo("who");
        Propagation other = table.find("payments");
        assertThat(other.enforced()).isFalse();
        assertThat(other.traceparent()).isTrue();
        assertThat(compile(mesh("enforce")).propagation().isEmpty()).isTrue();
    }

    @Test
    void saysWhatBecomesOfRecordsThatProveNothing() {
        assertThat(parse(propagation("who", "topics: [orders]"))
                        .propagations()
                        .get(0)
                        .verify())
                .isEqualTo(Verification.NONE);
        for (String word : List.of("observe", "strip", "refuse")) {
            Propagation compiled = compile(
                            mesh("enforce") + propagation("who", "topics: [orders], onRead: {verify: " + word + "}"))
                    .propagation()
                    .find("orders");
            assertThat(compiled.verify().name()).isEqualToIgnoringCase(word);
        }
        assertThat(one("topics: [orders], onRead: {verify: refused}"))
                .contains("did you mean \"refuse\"?", "expected one of observe, refuse, strip");
        assertThat(one("topics: [orders], onRead: {}")).contains("missing key \"verify\"");
        assertThat(one("topics: [orders], onRead: strip")).contains("expected an object of keys and values");
    }

    @Test
    void refusesWhatIsMisspelledMissingOrTwofold() {
        assertThat(one("headers: {principal: true}")).contains("missing key \"topics\"");
        assertThat(one("topics: []")).contains("the list \"topics\" is empty");
        assertThat(one("topics: [orders], headers: {traceparent: false}"))
                .contains("found \"false\", expected one of keep, true");
        assertThat(one("topics: [orders], headers: {principal: yes}")).contains("expected true or false");
        assertThat(one("topics: [orders], headers: {traceparents: true}")).contains("did you mean \"traceparent\"?");
        assertThat(one("topics: [orders], mode: dryrun")).contains("did you mean \"dry-run\"?");
        assertThat(one("topics: [orders], headers: {principal: false, signature: true}"))
                .contains("a signature says who wrote a record", "expected principal: true");
        assertThat(one("topics: [_weir-flows]")).contains("reserved name");
        assertThat(problems(propagation("a", "topics: [\"o*\"]") + propagation("b", "topics: [p, \"o*\"]"))
                        .toString())
                .contains("IdentityPropagation a (p.yaml:3:18) is about the same topics", "found \"o*\"");
        assertThat(problems(propagation("a", "topics: [o]") + propagation("a", "topics: [p]"))
                        .toString())
                .contains("IdentityPropagation a is declared twice");
    }
}
