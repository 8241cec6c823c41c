package dev.weir.policy.parse;

import static dev.weir.policy.Policies.access;
import static dev.weir.policy.Policies.file;
import static dev.weir.policy.Policies.problems;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.yaml.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyParserTest {
    private static final String ALICE = service("alice");

    private static String one(String text) {
        assertThat(problems(text)).hasSize(1);
        return problems(text).get(0);
    }

    private static String rule(String rule) {
        return one(ALICE + topicAccess("t", rule));
    }

    private static String admin(String rule) {
        return one(ALICE + access("AdminAccess", "t", "", rule));
    }

    @Test
    void reportsTheMistakesOfAllFilesTogether() {
        List<String> problems = PolicyParser.parse(List.of(
                        file("services.yaml", service("payments") + service("fraud")),
                        file("b.yaml", "apiVersion: weir.dev/v2\nkind: TopicAcess\nmetadata: {name: b}\nspec: {}\n"),
                        file("broken.yaml", "kind: [\n"),
                        file("empty.yaml", ""),
                        file(
                                "orders.yaml",
                                topicAccess(
                                        "orders",
                                        "id: a, allow: [consum], services: [payment]",
                                        "id: a, deny: [produce], services: [\"*\"], expires: 2030-01-01",
                                        "id: b, allow: [produce], services: [fraud], topcs: [x]"))))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
        assertThat(problems)
                .containsExactly(
                        "b.yaml:1:13: unknown apiVersion; did you mean \"weir.dev/v1\"?: found \"weir.dev/v2\", expected"
                                + " weir.dev/v1",
                        "b.yaml:2:7: unknown kind; did you mean \"TopicAccess\"?: found \"TopicAcess\", expected one of"
                                + " AdminAccess, Canary, Fault, GroupAccess, IdentityPropagation, MeshDefaults, Mirror, Quota, SchemaRule, Service, Slo, TopicAccess",
                        "broken.yaml:2:1: not valid YAML while parsing a flow node: expected the node content, but found"
                                + " '<stream end>'",
                        "empty.yaml: file is empty; delete it, or fill it",
                        "orders.yaml:7:23: unknown action; did you mean \"consume\"?: found \"consum\", expected one of"
                                + " consume, describe, produce",
                        "orders.yaml:7:43: unknown Service; did you mean \"payments\"?: found \"payment\", expected one of"
                                + " fraud, payments",
                        "orders.yaml:8:7: two rules with one id; the first is in line 7: found \"a\", expected another id",
                        "orders.yaml:8:49: a deny cannot expire: it would open access; put the date on an allow",
                        "orders.yaml:9:52: unknown key; did you mean \"topics\"?: found \"topcs\", expected one of allow,"
                                + " deny, except, expires, groups, id, mode, services, topics, transactionalIds, when");
    }

    @Test
    void aMisspelledKindIsReportedWhateverElseIsMissing() {
        assertThat(PolicyParser.parse(List.of(file("a.yaml", "apiVersion: weir.dev/v1\nkind: Servise\n")))
                        .problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "a.yaml:1:1: missing key \"metadata\": expected an object",
                        "a.yaml:1:1: missing key \"spec\": expected an object",
                        "a.yaml:2:7: unknown kind; did you mean \"Service\"?: found \"Servise\", expected one of "
                                + String.join(", ", PolicyParser.kinds()));
    }

    @Test
    void refusesRulesThatSayTooMuchOrTooLittle() {
        assertThat(rule("id: r, services: [alice]")).contains("missing key \"allow\" or \"deny\"");
        assertThat(rule("id: r, allow: [consume], deny: [produce], services: [alice]"))
                .contains("a rule has one effect: found allow and deny, expected two rules");
        assertThat(rule("id: r, allow: [consume]")).contains("missing key \"services\"");
        assertThat(rule("id: r, allow: [], services: [alice]")).contains("the list \"allow\" is empty");
        assertThat(rule("allow: [consume], services: [alice]")).contains("missing key \"id\"");
        assertThat(rule("id: r, allow: [consume], services: [alice], except: [alice]"))
                .contains("except leaves Services out of \"*\"");
        assertThat(rule("id: r, allow: [consume], services: [alice], when: {}")).contains("the condition is empty");
        assertThat(rule("id: r, allow: [consume], services: [alice], expires: soon"))
                .contains("not a date");
        assertThat(rule("id: \"no good\", allow: [consume], services: [alice]")).contains("not a name");
    }

    @Test
    void companionsGoWithTheirVerb() {
        assertThat(rule("id: r, allow: [produce], services: [alice], groups: [g]"))
                .contains("groups goes with consume");
        assertThat(rule("id: r, allow: [consume], services: [alice], transactionalIds: [g]"))
                .contains("transactionalIds goes with produce");
        assertThat(rule("id: r, deny: [consume], services: [alice], groups: [g]"))
                .contains("deny groups in a GroupAccess or an AdminAccess");
    }

    @Test
    void rulesStayWithinTheirDocument() {
        String head = "  topics: [orders, \"orders.*\"]\n";
        String rule = "id: r, allow: [consume], services: [alice], topics: [\"orders.card*\", \"ord*\"]";
        assertThat(one(ALICE + access("TopicAccess", "t", head, rule)))
                .contains("a rule stays within the topics of its document: found \"ord*\", expected something within"
                        + " [orders, orders.*]");
    }

    @Test
    void refusesNamesThatCannotBe() {
        assertThat(rule("id: r, allow: [consume], services: [alice], topics: [\"a*b\"]"))
                .contains("* stands in the middle");
        assertThat(rule("id: r, allow: [consume], services: [alice], topics: [\"a b\"]"))
                .contains("no topic can have this name");
        assertThat(rule("id: r, allow: [consume], services: [alice], topics: [\"_weir-flows\"]"))
                .contains("reserved name");
        assertThat(rule("id: r, allow: [consume], services: [alice], groups: [\"g~canary\"]"))
                .contains("reserved name");
        assertThat(rule("id: r, allow: [consume], services: [alice], topics: [12]"))
                .contains("found \"12\", expected text; put it in quotes");
    }

    @Test
    void refusesConditionsThatCannotHold() {
        String head = "id: r, allow: [consume], services: [alice], when: ";
        assertThat(rule(head + "{source: [10.0.0.1/8]}")).contains("expected 10.0.0.0/8");
        assertThat(rule(head + "{source: [localhost]}")).contains("not a network");
        assertThat(rule(head + "{source: [10.0.0.0/33]}")).contains("not a network");
        assertThat(rule(head + "{mechanism: [PLIAN]}")).contains("did you mean \"PLAIN\"?");
        assertThat(rule(head + "{claims: {team: red}}")).contains("found \"red\", expected a list");
    }

    @Test
    void adminRulesNeedResourcesAndOperationsThatExist() {
        assertThat(admin("id: r, allow: [create], services: [alice]")).contains("the rule is about nothing");
        assertThat(admin("id: r, allow: [write, describe], services: [alice], groups: [g]"))
                .contains(
                        "Kafka has no such operation on group: found write, expected alterConfigs, delete, describe,");
        assertThat(admin("id: r, allow: [descibe], services: [alice], cluster: true"))
                .contains("did you mean \"describe\"?");
    }

    @Test
    void identitiesBelongToOneService() {
        String twin = "apiVersion: weir.dev/v1\nkind: Service\nmetadata: {name: twin}\nspec:\n  identities: ";
        assertThat(one(ALICE + twin + "[{sasl: alice, mechanism: PLAIN}]"))
                .contains("an identity of Service twin is one of Service alice too (p.yaml:3:18)");
        assertThat(one(twin + "[{sasl: a, san: b}]")).contains("found san and sasl");
        assertThat(one(twin + "[{mechanism: PLAIN}]")).contains("an identity is one thing: found none of them");
        assertThat(one(twin + "[{san: a, mechanism: PLAIN}]")).contains("mechanism goes with sasl only");
        assertThat(one(twin + "[{dn: \"no name\"}]")).contains("not a distinguished name");
        assertThat(one(twin + "[{anonymous: false}]")).contains("an identity cannot be switched off");
        assertThat(one(twin + "[{claims: {}}]")).contains("every token would match");
        assertThat(one(twin + "[]")).contains("the list \"identities\" is empty");
        assertThat(one(twin.replace("twin", "anonymous") + "[{sasl: a}]")).contains("a Service cannot have this name");
        assertThat(problems(twin + "[{sasl: a, mechanism: PLAIN}, {sasl: a, mechanism: SCRAM-SHA-256}]"))
                .isEmpty();
    }

    @Test
    void namesAreTakenOnce() {
        assertThat(one(ALICE + ALICE.replace("sasl: \"alice\"", "sasl: other")))
                .contains("Service alice is declared twice; first at p.yaml:3:18");
        String group = access("GroupAccess", "t", "  groups: [g]\n", "id: r, allow: [consume], services: [alice]");
        assertThat(one(ALICE + topicAccess("t", "id: r, allow: [consume], services: [alice]") + group))
                .contains("the name t is taken by a TopicAccess");
    }

    @Test
    void testsNameWhatExists() {
        String policy = ALICE
                + topicAccess("t", "id: read, allow: [consume], services: [alice]")
                        .replace("---\n", "");
        String head = policy + "  tests: [{as: alice, do: consume, topic: x, expect: allow";
        assertThat(problems(head + ", by: read}]")).isEmpty();
        assertThat(problems(head + ", by: t/read}]")).isEmpty();
        assertThat(one(head + ", by: raed}]")).contains("unknown rule; did you mean \"read\"?");
        assertThat(one(head.replace("as: alice", "as: alcie") + "}]")).contains("unknown Service");
        assertThat(one(head.replace("topic: x, ", "") + "}]")).contains("nothing is named");
        assertThat(one(head.replace("do: consume", "do: produce").replace("topic: x", "group: x") + "}]"))
                .contains("there is no produce of a group");
    }
}
