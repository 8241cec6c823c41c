package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.TestPolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MirrorLanesTest {
    private final MirrorAccounts accounts = new MirrorAccounts();
    private final MirrorLanes lanes = new MirrorLanes("main", topic -> 4, Map.of(), accounts);

    private static PolicySnapshot policy(String to) {
        return TestPolicy.yaml("""
                apiVersion: weir.dev/v1
                kind: Mirror
                metadata: {name: copies}
                spec: {topics: ["orders-*"], to: {%s}}
                """.formatted(to));
    }

    @Test
    void aTopicHasOneLaneUnderOnePolicy() {
        PolicySnapshot policy = policy("topic: \"mirror.{topic}\"");
        MirrorLane lane = lanes.of(policy, "orders-eu");
        assertThat(lane.targetTopic()).isEqualTo("mirror.orders-eu");
        assertThat(lane.partitions()).isEqualTo(4);
        assertThat(lanes.of(policy, "orders-eu")).isSameAs(lane);
        assertThat(lanes.of(policy, "orders-us")).isNotSameAs(lane);
        assertThat(lanes.concern(policy, "orders-eu")).isTrue();
        assertThat(lanes.of(policy, "payments")).isNull();
        assertThat(lanes.concern(policy, "payments")).isFalse();
    }

    @Test
    void anotherPolicyCountsOnAndTriesAgain() {
        MirrorLane before = lanes.of(policy("topic: \"mirror.{topic}\""), "orders-eu");
        before.refuse(new Refusal("denied", System.nanoTime(), () -> true));
        assertThat(before.refusal()).isEqualTo("denied");
        MirrorLane after = lanes.of(policy("topic: \"mirror.{topic}\""), "orders-eu");
        assertThat(after.refusal()).isNull();
        assertThat(after.account()).isSameAs(before.account());
    }

    @Test
    void aClusterIsNotMirroredIntoItself() {
        PolicySnapshot policy = policy("cluster: main, topic: copies");
        assertThat(lanes.of(policy, "orders-eu")).isNull();
        assertThat(new MirrorLanes("other", topic -> 1, Map.of(), accounts).of(policy, "orders-eu"))
                .isNotNull();
    }

    @Test
    void whatIsTooMuchToBeKeptIsCountedAllTheSame() {
        PolicySnapshot policy = policy("topic: \"mirror.{topic}\"");
        for (int i = 0; i < 2_500; i++) {
            assertThat(lanes.of(policy, "orders-" + i).topic()).isEqualTo("orders-" + i);
        }
        assertThat(lanes.of(policy, "orders-2499").account())
                .isSameAs(lanes.of(policy, "orders-2499").account());
    }
}
