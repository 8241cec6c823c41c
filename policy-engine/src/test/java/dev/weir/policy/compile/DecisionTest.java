package dev.weir.policy.compile;

import static dev.weir.policy.Policies.access;
import static dev.weir.policy.Policies.compile;
import static dev.weir.policy.Policies.mesh;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static dev.weir.policy.Policies.user;
import static dev.weir.policy.decide.Operation.ALTER_CONFIGS;
import static dev.weir.policy.decide.Operation.CREATE;
import static dev.weir.policy.decide.Operation.DELETE;
import static dev.weir.policy.decide.Operation.DESCRIBE;
import static dev.weir.policy.decide.Operation.DESCRIBE_CONFIGS;
import static dev.weir.policy.decide.Operation.READ;
import static dev.weir.policy.decide.Operation.TWO_PHASE_COMMIT;
import static dev.weir.policy.decide.Operation.WRITE;
import static dev.weir.policy.decide.ResourceType.CLUSTER;
import static dev.weir.policy.decide.ResourceType.GROUP;
import static dev.weir.policy.decide.ResourceType.TOPIC;
import static dev.weir.policy.decide.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Principal;
import dev.weir.mesh.Subject;
import dev.weir.policy.Policies;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionTest {
    private static final String ALICE = service("alice");

    /** What a decision says, in one word and the rule's id. */
    private static String say(Authorizer authorizer, ResourceType type, String name, Operation operation) {
        return say(authorizer.decide(type, name, operation));
    }

    private static String say(Decision decision) {
        String word = decision.allowed() ? "allow" : decision.enforced() ? "deny" : "dry-run";
        assertThat(decision.passes()).isEqualTo(!word.equals("deny"));
        assertThat(decision.dryRunDenied()).isEqualTo(word.equals("dry-run"));
        return word + " " + decision.rule().id();
    }

    private static Authorizer alice(String policy) {
        return compile(ALICE + policy).authorizer(user("alice"), "");
    }

    private static String read(String policy, String topic) {
        return say(alice(policy), TOPIC, topic, READ);
    }

    @Test
    void deniesWhatNoRuleAllows() {
        assertThat(read("", "orders")).isEqualTo("deny default-deny");
        assertThat(say(alice(""), CLUSTER, "kafka-cluster", CREATE)).isEqualTo("deny default-deny");
    }

    @Test
    void carriesRuleFileLineAndRevision() {
        Decision decision = alice(topicAccess("t", "id: r, allow: [consume], services: [alice]"))
                .decide(TOPIC, "orders", READ);
        assertThat(decision.rule().toString()).isEqualTo("t/r (p.yaml:12)");
        assertThat(decision.rule().revision()).isEqualTo("rev");
    }

    @Test
    void consumeGivesReadAndDescribeOfTopicsAndGroupsAndNothingElse() {
        Authorizer authorizer = alice(
                topicAccess("t", "id: r, allow: [consume], services: [alice], groups: [\"g*\"], topics: [orders]"));
        assertThat(say(authorizer, TOPIC, "orders", READ)).isEqualTo("allow t/r");
        assertThat(say(authorizer, TOPIC, "orders", DESCRIBE)).isEqualTo("allow t/r");
        assertThat(say(authorizer, GROUP, "g1", READ)).isEqualTo("allow t/r");
        assertThat(say(authorizer, GROUP, "g1", DESCRIBE)).isEqualTo("allow t/r");
        assertThat(say(authorizer, GROUP, "h", READ)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, TOPIC, "orders", WRITE)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, TOPIC, "orders2", READ)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, TRANSACTIONAL_ID, "g1", WRITE)).isEqualTo("deny default-deny");
    }

    @Test
    void produceGivesWriteAndDescribeOfTopicsAndTransactionalIds() {
        Authorizer authorizer = alice(topicAccess(
                "t", "id: r, allow: [produce], services: [alice], transactionalIds: [tx], topics: [\"orders.*\"]"));
        assertThat(say(authorizer, TOPIC, "orders.", WRITE)).isEqualTo("allow t/r");
        assertThat(say(authorizer, TOPIC, "orders.card", DESCRIBE)).isEqualTo("allow t/r");
        assertThat(say(authorizer, TOPIC, "orders", WRITE)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, TOPIC, "orders.card", CREATE)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, TRANSACTIONAL_ID, "tx", WRITE)).isEqualTo("allow t/r");
        assertThat(say(authorizer, TRANSACTIONAL_ID, "tx", DESCRIBE)).isEqualTo("allow t/r");
        assertThat(say(authorizer, TRANSACTIONAL_ID, "tx", TWO_PHASE_COMMIT)).isEqualTo("deny default-deny");
        assertThat(say(authorizer.decideAny(TOPIC, WRITE))).isEqualTo("allow t/r");
        assertThat(say(authorizer.decideAny(TOPIC, READ))).isEqualTo("deny default-deny");
    }

    @Test
    void denyBeatsAllowInAnyOrderAndBySpecificityOfNeither() {
        String allow = "id: a, allow: [consume], services: [alice], topics: [orders]";
        String deny = "id: d, deny: [consume], services: [\"*\"], topics: [\"ord*\"]";
        assertThat(read(topicAccess("t", allow, deny), "orders")).isEqualTo("deny t/d");
        assertThat(read(topicAccess("t", deny, allow), "orders")).isEqualTo("deny t/d");
        assertThat(read(topicAccess("t", deny) + topicAccess("u", allow), "orders"))
                .isEqualTo("deny t/d");
    }

    @Test
    void denyOfConsumeLeavesDescribe() {
        Authorizer authorizer = alice(topicAccess(
                "t",
                "id: a, allow: [consume, produce], services: [alice]",
                "id: d, deny: [consume], services: [alice]"));
        assertThat(say(authorizer, TOPIC, "orders", READ)).isEqualTo("deny t/d");
        assertThat(say(authorizer, TOPIC, "orders", DESCRIBE)).isEqualTo("allow t/a");
        assertThat(say(authorizer, TOPIC, "orders", WRITE)).isEqualTo("allow t/a");
    }

    @Test
    void exceptLeavesServicesOut() {
        String policy = ALICE
                + service("bob")
                + topicAccess(
                        "t",
                        "id: a, allow: [consume], services: [\"*\"]",
                        "id: d, deny: [consume], services: [\"*\"], except: [bob], topics: [orders.card]");
        assertThat(say(compile(policy).authorizer(user("alice"), ""), TOPIC, "orders.card", READ))
                .isEqualTo("deny t/d");
        assertThat(say(compile(policy).authorizer(user("bob"), ""), TOPIC, "orders.card", READ))
                .isEqualTo("allow t/a");
    }

    @Test
    void asteriskMeansEveryServiceInAnAllowAndEveryoneInADeny() {
        CompiledSnapshot snapshot = compile(ALICE
                + topicAccess(
                        "t",
                        "id: a, allow: [consume], services: [\"*\"]",
                        "id: d, deny: [consume], services: [\"*\"], topics: [secret]"));
        Authorizer stranger = snapshot.authorizer(user("mallory"), "");
        Authorizer anonymous = snapshot.authorizer(Subject.anonymous(true, Policies.LOOPBACK), "");
        for (Authorizer nobody : List.of(stranger, anonymous)) {
            assertThat(nobody.service()).isEmpty();
            assertThat(say(nobody, TOPIC, "orders", READ)).isEqualTo("deny default-deny");
            assertThat(say(nobody, TOPIC, "secret", READ)).isEqualTo("deny t/d");
            assertThat(say(nobody.decideAny(TOPIC, READ))).isEqualTo("deny default-deny");
        }
        assertThat(say(snapshot.authorizer(user("alice"), ""), TOPIC, "orders", READ))
                .isEqualTo("allow t/a");
    }

    @Test
    void anonymousNeedsAServiceThatDeclaresIt() {
        String policy = """
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: public}
                spec: {identities: [{anonymous: true}]}
                ---
                """ + ALICE + topicAccess("t", "id: a, allow: [consume], services: [public]");
        CompiledSnapshot snapshot = compile(policy);
        Authorizer anonymous = snapshot.authorizer(Subject.anonymous(false, Policies.LOOPBACK), "");
        assertThat(anonymous.service()).contains("public");
        assertThat(say(anonymous, TOPIC, "orders", READ)).isEqualTo("allow t/a");
        Subject named = user("anonymous");
        assertThat(snapshot.authorizer(named, "").service()).isEmpty();
    }

    @Test
    void mapsEveryKindOfIdentityAndRefusesTwoServices() throws Exception {
        CompiledSnapshot snapshot =
                compile("""
                apiVersion: weir.dev/v1
                kind: Service
                metadata: {name: payments}
                spec:
                  identities:
                    - san: spiffe://shop/payments
                    - {sasl: pay, mechanism: SCRAM-SHA-512}
                    - dn: "CN=payments, O=Shop"
                    - claims: {iss: "https://idp.example", sub: payments}
                  versions:
                    v1: {clientId: "payments-*"}
                    v2: {clientId: "payments-v2*"}
                    exact: {clientId: payments-v2-x}
                ---
                """ + service("pay2") + topicAccess("t", "id: a, allow: [consume], services: [\"*\"]"));
        InetAddress source = Policies.LOOPBACK;
        Principal cn = Principal.user("CN=payments");
        Subject bySan =
                new Subject(cn, Mechanism.MTLS, true, List.of("x", "spiffe://shop/payments"), "", Map.of(), source);
        Subject byName = new Subject(cn, Mechanism.MTLS, true, List.of(), "cn=payments,o=shop", Map.of(), source);
        Subject byClaims = new Subject(
                Principal.user("u"),
                Mechanism.OAUTHBEARER,
                true,
                List.of(),
                "",
                Map.of(
                        "iss", List.of("https://idp.example"),
                        "sub", List.of("payments"),
                        "aud", List.of("kafka", "other")),
                source);
        Subject byScram = Subject.sasl("pay", Mechanism.SCRAM_SHA_512, true, source);
        for (Subject subject : List.of(bySan, byName, byClaims, byScram)) {
            assertThat(snapshot.authorizer(subject, "").service()).contains("payments");
        }
        assertThat(snapshot.authorizer(user("pay"), "").service()).isEmpty();
        assertThat(snapshot.authorizer(bySan, "payments-v1").version()).contains("v1");
        assertThat(snapshot.authorizer(bySan, "payments-v2-y").version()).contains("v2");
        assertThat(snapshot.authorizer(bySan, "payments-v2-x").version()).contains("exact");
        assertThat(snapshot.authorizer(bySan, "other").version()).isEmpty();

        Subject both = new Subject(
                Principal.user("pay2"), Mechanism.PLAIN, true, List.of("spiffe://shop/payments"), "", Map.of(), source);
        Authorizer ambiguous = snapshot.authorizer(both, "");
        assertThat(ambiguous.service()).isEmpty();
        assertThat(say(ambiguous, TOPIC, "orders", READ)).isEqualTo("deny ambiguous-identity");
        assertThat(snapshot.services(both)).containsExactly("pay2", "payments");
    }

    @Test
    void reservedNamesAreDeniedWhateverPolicySays() {
        Authorizer authorizer = alice(mesh("dry-run")
                + topicAccess("t", "id: a, allow: [consume], services: [alice], groups: [\"*\"]")
                + access("AdminAccess", "u", "", "id: a, allow: [all], services: [alice], transactionalIds: [\"*\"]"));
        for (ResourceType type : List.of(TOPIC, GROUP, TRANSACTIONAL_ID)) {
            assertThat(say(authorizer, type, "_weir-flows", READ)).isEqualTo("deny reserved-name");
            assertThat(say(authorizer, type, "g~canary", DESCRIBE)).isEqualTo("deny reserved-name");
            assertThat(say(authorizer, type, "_weir", DESCRIBE))
                    .isEqualTo(type == TOPIC ? "allow t/a" : say(authorizer, type, "_weir", DESCRIBE));
        }
    }

    @Test
    void patternsOfAnAllowNeverMatchKafkasInternalTopics() {
        String patterns = "id: a, allow: [consume], services: [\"*\"], topics: [\"*\", \"__consumer*\"]";
        assertThat(read(topicAccess("t", patterns), "__consumer_offsets")).isEqualTo("deny default-deny");
        assertThat(read(topicAccess("t", patterns), "__share_group_state")).isEqualTo("deny default-deny");
        assertThat(read(topicAccess("t", patterns), "__mine")).isEqualTo("allow t/a");
        String literal = "id: l, allow: [consume], services: [alice], topics: [__consumer_offsets]";
        assertThat(read(topicAccess("t", patterns, literal), "__consumer_offsets"))
                .isEqualTo("allow t/l");
        String deny = "id: d, deny: [consume], services: [\"*\"], topics: [\"__*\"]";
        assertThat(read(topicAccess("t", literal, deny), "__consumer_offsets")).isEqualTo("deny t/d");
    }

    @Test
    void adminAccessImpliesWhatKafkaImplies() {
        Authorizer authorizer = alice(access(
                "AdminAccess",
                "admin",
                "",
                "id: a, allow: [delete], services: [alice], topics: [one]",
                "id: b, allow: [alterConfigs], services: [alice], topics: [two], cluster: true",
                "id: c, allow: [all], services: [alice], groups: [\"g*\"]",
                "id: d, deny: [describe], services: [alice], groups: [g1]"));
        assertThat(say(authorizer, TOPIC, "one", DESCRIBE)).isEqualTo("allow admin/a");
        assertThat(say(authorizer, TOPIC, "two", DESCRIBE_CONFIGS)).isEqualTo("allow admin/b");
        assertThat(say(authorizer, TOPIC, "two", DESCRIBE)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, CLUSTER, "kafka-cluster", ALTER_CONFIGS)).isEqualTo("allow admin/b");
        assertThat(say(authorizer, GROUP, "g2", DELETE)).isEqualTo("allow admin/c");
        assertThat(say(authorizer, GROUP, "g1", DESCRIBE)).isEqualTo("deny admin/d");
        assertThat(say(authorizer, GROUP, "g1", READ)).isEqualTo("allow admin/c");
    }

    @Test
    void expiredAllowsDoNotCount() {
        CompiledSnapshot snapshot = compile(ALICE
                + topicAccess(
                        "t",
                        "id: a, allow: [consume], services: [alice], topics: [old], expires: 2026-06-01",
                        "id: b, allow: [consume], services: [alice], topics: [new], expires: \"2026-06-01T12:00:01Z\"",
                        "id: c, allow: [consume], services: [alice], topics: [newer], expires: 2027-01-31"));
        Authorizer authorizer = snapshot.authorizer(user("alice"), "");
        assertThat(say(authorizer, TOPIC, "old", READ)).isEqualTo("deny default-deny");
        assertThat(say(authorizer, TOPIC, "new", READ)).isEqualTo("allow t/b");
        assertThat(snapshot.nextExpiry()).contains(Policies.NOW.plusSeconds(1));
    }

    @Test
    void whenThatCannotBeEvaluatedMatchesADenyAndFailsAnAllow() throws Exception {
        String policy = ALICE
                + topicAccess(
                        "t",
                        "id: a, allow: [consume], services: [alice], when: {claims: {team: [red]}}, topics: [claim]",
                        "id: b, allow: [consume], services: [alice], topics: [open]",
                        "id: c, deny: [consume], services: [alice], topics: [open], when: {clientId: [\"bad*\"]}",
                        "id: e, allow: [consume], services: [alice], topics: [net], when: {source: [10.0.0.0/8],"
                                + " tls: true, mechanism: [PLAIN]}");
        CompiledSnapshot snapshot = compile(policy);
        assertThat(say(snapshot.authorizer(user("alice"), "x"), TOPIC, "claim", READ))
                .isEqualTo("deny default-deny");
        assertThat(say(snapshot.authorizer(user("alice"), "x"), TOPIC, "open", READ))
                .isEqualTo("allow t/b");
        assertThat(say(snapshot.authorizer(user("alice"), "bad1"), TOPIC, "open", READ))
                .isEqualTo("deny t/c");
        assertThat(say(snapshot.authorizer(user("alice"), ""), TOPIC, "open", READ))
                .isEqualTo("deny t/c");
        Subject inside = Subject.sasl("alice", Mechanism.PLAIN, true, InetAddress.getByName("10.9.9.9"));
        Subject plaintext = Subject.sasl("alice", Mechanism.PLAIN, false, InetAddress.getByName("10.9.9.9"));
        Subject outside = Subject.sasl("alice", Mechanism.PLAIN, true, InetAddress.getByName("11.9.9.9"));
        assertThat(say(snapshot.authorizer(inside, ""), TOPIC, "net", READ)).isEqualTo("allow t/e");
        assertThat(say(snapshot.authorizer(plaintext, ""), TOPIC, "net", READ)).isEqualTo("deny default-deny");
        assertThat(say(snapshot.authorizer(outside, ""), TOPIC, "net", READ)).isEqualTo("deny default-deny");
    }

    @Test
    void dryRunDenyIsCountedAndPasses() {
        String allow = "id: a, allow: [consume], services: [alice]";
        String deny = "id: d, deny: [consume], services: [alice], mode: dry-run";
        assertThat(read(topicAccess("t", allow, deny), "x")).isEqualTo("dry-run t/d");
        assertThat(read(topicAccess("t", deny), "x")).isEqualTo("deny default-deny");
        Authorizer authorizer = alice(topicAccess("t", allow, deny));
        assertThat(say(authorizer.decideAny(TOPIC, READ))).isEqualTo("dry-run t/d");
        String some = "id: d, deny: [consume], services: [alice], mode: dry-run, topics: [y]";
        assertThat(say(alice(topicAccess("t", allow, some)).decideAny(TOPIC, READ)))
                .isEqualTo("allow t/a");
    }

    @Test
    void dryRunAllowGrantsNothingInAnEnforcingMesh() {
        String allow = "id: a, allow: [consume], services: [alice], mode: dry-run";
        assertThat(read(topicAccess("t", allow), "x")).isEqualTo("deny default-deny");
        assertThat(say(alice(topicAccess("t", allow)).decideAny(TOPIC, READ))).isEqualTo("deny default-deny");
        String document = access(
                "TopicAccess",
                "t",
                "  topics: [\"*\"]\n  mode: dry-run\n",
                "id: a, allow: [consume]," + " services: [alice]");
        assertThat(read(document, "x")).isEqualTo("deny default-deny");
    }

    @Test
    void modeOfRuleBeatsDocumentBeatsMesh() {
        String head = "  topics: [\"*\"]\n  mode: enforce\n";
        String policy = mesh("dry-run")
                + access(
                        "TopicAccess",
                        "t",
                        head,
                        "id: d, deny: [consume], services: [alice], topics: [enforced]",
                        "id: e, deny: [consume], services: [alice], topics: [rehearsed], mode: dry-run")
                + topicAccess("u", "id: f, deny: [consume], services: [alice], topics: [mesh]");
        assertThat(read(policy, "enforced")).isEqualTo("deny t/d");
        assertThat(read(policy, "rehearsed")).isEqualTo("dry-run t/e");
        assertThat(read(policy, "mesh")).isEqualTo("dry-run u/f");
        assertThat(read(policy, "other")).isEqualTo("dry-run default-deny");
    }

    @Test
    void dryRunMeshStillSaysWhatIsAllowed() {
        String policy = mesh("dry-run") + topicAccess("t", "id: a, allow: [consume], services: [alice], topics: [x]");
        assertThat(read(policy, "x")).isEqualTo("allow t/a");
        assertThat(read(policy, "y")).isEqualTo("dry-run default-deny");
        Authorizer stranger = compile(ALICE + policy).authorizer(user("mallory"), "");
        assertThat(say(stranger, TOPIC, "x", READ)).isEqualTo("dry-run default-deny");
        assertThat(say(stranger.decideAny(TOPIC, WRITE))).isEqualTo("dry-run default-deny");
    }

    @Test
    void beforeTheFirstPolicyNothingIsOpen() {
        Authorizer authorizer = CompiledSnapshot.denyAll().authorizer(user("alice"), "");
        assertThat(say(authorizer, TOPIC, "orders", DESCRIBE)).isEqualTo("deny default-deny");
        assertThat(authorizer.snapshot().revision()).isEqualTo("none");
    }
}
