package dev.weir.policy.check;

import static dev.weir.policy.Policies.NOW;
import static dev.weir.policy.Policies.compile;
import static dev.weir.policy.Policies.service;
import static dev.weir.policy.Policies.topicAccess;
import static dev.weir.policy.Policies.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.parse.QueryReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private static final String SERVICES = service("alice") + service("bob");

    private static Explanation explain(String who, String action, String topic, String... rules) {
        return new Explainer(compile(SERVICES + topicAccess("t", rules)), NOW)
                .explain(who, Circumstances.UNKNOWN, QueryReader.query(action, Map.of(ResourceType.TOPIC, topic)));
    }

    /** The nearest rule and why it did not decide. */
    private static String nearest(String who, String action, String topic, String... rules) {
        return explain(who, action, topic, rules)
                .deciding()
                .nearest()
                .map(miss -> miss.rule().id() + " " + String.join("; ", miss.reasons()))
                .orElse("none");
    }

    @Test
    void namesTheNearestRuleAndWhatDoesNotFit() {
        String bobOnly = "id: b, allow: [consume], services: [bob], topics: [orders]";
        String produce = "id: p, allow: [produce], services: [alice], topics: [orders]";
        String other = "id: o, allow: [consume], services: [alice], topics: [order, payments]";
        assertThat(nearest("alice", "consume", "orders", bobOnly)).isEqualTo("t/b it is for bob, not for alice");
        assertThat(nearest("alice", "consume", "orders", produce)).isEqualTo("t/p it allows produce, not read");
        assertThat(nearest("alice", "consume", "orders", other))
                .isEqualTo("t/o it is about topic order, payments, not about orders");
        assertThat(nearest("alice", "consume", "orders", bobOnly, other, produce))
                .startsWith("t/o");
        assertThat(nearest("mallory", "consume", "orders", "id: a, allow: [consume], services: [\"*\"]"))
                .isEqualTo("t/a its * means every declared Service, not a caller that is no Service");
        assertThat(nearest("alice", "consume", "orders", "id: d, deny: [consume], services: [bob]"))
                .isEqualTo("none");
    }

    @Test
    void saysWhatOverrulesARuleThatMatches() {
        String allow = "id: a, allow: [consume], services: [alice]";
        assertThat(nearest("alice", "consume", "x", allow, "id: d, deny: [consume], services: [\"*\"]"))
                .isEqualTo("t/a it matches, but a deny beats it");
        assertThat(nearest("alice", "consume", "x", allow + ", expires: 2026-01-01"))
                .isEqualTo("t/a it expired at 2026-01-01T00:00:00Z");
        assertThat(nearest("alice", "consume", "x", allow + ", mode: dry-run"))
                .isEqualTo("t/a its mode is dry-run, and a dry-run allow grants nothing");
        assertThat(nearest("alice", "consume", "x", allow + ", when: {tls: true}"))
                .isEqualTo("t/a its when: asks for what is not known of the caller");
        assertThat(nearest("alice", "consume", "__consumer_offsets", allow))
                .isEqualTo("t/a its pattern * does not match Kafka's internal topics; name the topic");
        assertThat(nearest("alice", "consume", "_weir-flows", allow)).isEqualTo("none");
    }

    @Test
    void namesTheDenyThatAlmostMatchedAnAllow() {
        assertThat(nearest(
                        "bob",
                        "consume",
                        "orders",
                        "id: a, allow: [consume], services: [bob]",
                        "id: d, deny: [consume], services: [\"*\"], except: [bob]"))
                .isEqualTo("t/d it is for all except bob");
    }

    @Test
    void explainsASubjectAsTheProxyDecides() {
        Explainer explainer = new Explainer(
                compile(SERVICES
                        + topicAccess("t", "id: a, allow: [consume], services: [alice], when: {clientId: [\"app*\"]}")),
                NOW);
        var query = QueryReader.query("consume", Map.of(ResourceType.TOPIC, "x"));
        assertThat(explainer
                        .explain(user("alice"), "app-1", query)
                        .deciding()
                        .decision()
                        .allowed())
                .isTrue();
        Explanation no = explainer.explain(user("alice"), "other", query);
        assertThat(no.services()).containsExactly("alice");
        assertThat(no.deciding().nearest().orElseThrow().reasons())
                .containsExactly("its when: does not hold for the caller");
    }

    @Test
    void refusesQuestionsThatMakeNoSense() {
        assertThatThrownBy(() -> QueryReader.query("eat", Map.of(ResourceType.TOPIC, "x")))
                .hasMessageContaining("unknown action eat");
        assertThatThrownBy(() -> QueryReader.query("produce", Map.of(ResourceType.GROUP, "g")))
                .hasMessageContaining("there is no produce of a group");
        assertThatThrownBy(() -> QueryReader.query("consume", Map.of())).hasMessageContaining("nothing is named");
    }
}
