package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A tool of the new version, Kafka's Admin, changes what it calls {@code g}: it is the canary's group that changes, while the stable side's has
 * the same offsets and members as before, and all that the tool is told is about {@code g}.
 */
class CanaryToolsIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition REFUNDS = new TopicPartition("refunds", 0);
    private static final Map<TopicPartition, Long> STABLE_OFFSETS = Map.of(ORDERS, 3L, REFUNDS, 2L);

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ControllerNode controller;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(1).start();
        kafka.createTopic("orders", 1);
        kafka.createTopic("refunds", 1);
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(SharedGroup.policy())
                .start();
        CanaryPolicy canary = SharedGroup.policy().canaries().all().get(0);
        CanaryPlan plan = new CanaryPlan(
                canary.name(),
                canary.scope(),
                RolloutPlan.staying(canary.weight().orElseThrow(), Gates.NONE),
                canary.handover());
        controller = ControllerNode.start(
                kafka::superUserProperties, "test", ChangeTimes.DEFAULT, () -> List.of(plan), Measuring.NONE);
        Patience.awaitSettled().until(() -> {
            CanaryState state = weir.proxy().canary("main", canary.name());
            return state != null
                    && state.pending() == null
                    && state.table().weight().equals(Weight.parse("10%"));
        });
    }

    @AfterAll
    static void stop() {
        controller.close();
        weir.close();
        kafka.close();
    }

    @BeforeEach
    void bothHaveOffsets() throws Exception {
        set("g", STABLE_OFFSETS);
        set("g~canary", Map.of(ORDERS, 1L, REFUNDS, 1L));
    }

    @Test
    void offsetsAreSetInTheCanarysGroup() throws Exception {
        try (Admin tool = tool()) {
            tool.alterConsumerGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(5)))
                    .all()
                    .get();

            assertThat(offsets("g~canary")).isEqualTo(Map.of(ORDERS, 5L, REFUNDS, 1L));
        }
        assertThat(offsets("g")).isEqualTo(STABLE_OFFSETS);
    }

    @Test
    void offsetsAreTakenOutOfTheCanarysGroup() throws Exception {
        try (Admin tool = tool()) {
            tool.deleteConsumerGroupOffsets("g", Set.of(REFUNDS)).all().get();

            assertThat(offsets("g~canary")).isEqualTo(Map.of(ORDERS, 1L));
        }
        assertThat(offsets("g")).isEqualTo(STABLE_OFFSETS);
    }

    @Test
    void theCanarysGroupIsDeleted() throws Exception {
        try (Admin tool = tool()) {
            DeleteConsumerGroupsResult deleted = tool.deleteConsumerGroups(List.of("g"));

            assertThat(deleted.deletedGroups()).containsOnlyKeys("g");
            deleted.all().get();
            assertThat(groups()).contains("g").doesNotContain("g~canary");
            assertThatThrownBy(
                            () -> tool.deleteConsumerGroups(List.of("g")).all().get())
                    .hasCauseInstanceOf(GroupIdNotFoundException.class)
                    .hasMessageNotContaining("~");
        }
        assertThat(offsets("g")).isEqualTo(STABLE_OFFSETS);
    }

    @Test
    void membersAreRemovedFromTheCanarysGroup() throws Exception {
        try (KafkaConsumer<String, String> stable = consumer(SharedGroup.STABLE);
                KafkaConsumer<String, String> canary = consumer(SharedGroup.CANARY);
                Admin tool = tool()) {
            join(stable, "g");
            join(canary, "g~canary");
            List<String> before = members("g");
            assertThat(before).hasSize(1);
            assertThat(members("g~canary")).hasSize(1);
            refusedWhileThereAreMembers(tool);

            // both sides' members have the same instance id: the name of the group alone tells them apart
            tool.removeMembersFromConsumerGroup(
                            "g", new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("one"))))
                    .all()
                    .get();
            assertThat(members("g~canary")).isEmpty();

            join(canary, "g~canary");
            tool.removeMembersFromConsumerGroup("g", new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
            assertThat(members("g~canary")).isEmpty();
            assertThat(members("g")).isEqualTo(before);
        }
        assertThat(offsets("g")).isEqualTo(STABLE_OFFSETS);
        kafka.admin()
                .removeMembersFromConsumerGroup("g", new RemoveMembersFromConsumerGroupOptions())
                .all()
                .get();
    }

    private static void refusedWhileThereAreMembers(Admin tool) {
        assertThatThrownBy(() -> tool.deleteConsumerGroups(List.of("g")).all().get())
                .hasCauseInstanceOf(GroupNotEmptyException.class)
                .hasMessageNotContaining("~");
        assertThatThrownBy(() -> tool.deleteConsumerGroupOffsets("g", Set.of(ORDERS))
                        .all()
                        .get())
                .hasCauseInstanceOf(GroupSubscribedToTopicException.class)
                .hasMessageNotContaining("~");
        assertThatThrownBy(() -> tool.alterConsumerGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(5)))
                        .all()
                        .get())
                .hasCauseInstanceOf(UnknownMemberIdException.class)
                .hasMessageNotContaining("~");
    }

    private static Map<String, Object> settings(String clientId) {
        return Map.of("bootstrap.servers", weir.bootstrap(), "client.id", clientId);
    }

    private static Admin tool() {
        return Admin.create(settings("new-tool"));
    }

    /** A static member: it does not leave by itself. */
    private static KafkaConsumer<String, String> consumer(String clientId) {
        Map<String, Object> settings = new TreeMap<>(settings(clientId));
        settings.putAll(Map.of("group.id", "g", "group.instance.id", "one", "enable.auto.commit", "false"));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static void join(KafkaConsumer<String, String> consumer, String group) {
        consumer.subscribe(List.of("orders"));
        Patience.awaitSettled().until(() -> {
            consumer.poll(Duration.ofMillis(50));
            return consumer.assignment().contains(ORDERS) && !members(group).isEmpty();
        });
    }

    private static void set(String group, Map<TopicPartition, Long> offsets) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> all = offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, offset -> new OffsetAndMetadata(offset.getValue())));
        kafka.admin().alterConsumerGroupOffsets(group, all).all().get();
    }

    /** As the broker has them. */
    private static Map<TopicPartition, Long> offsets(String group) throws Exception {
        return kafka.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    private static Set<String> groups() throws Exception {
        return kafka.admin().listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toSet());
    }

    /** Their ids, as the broker has them. */
    private static List<String> members(String group) throws Exception {
        return kafka
                .admin()
                .describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get()
                .members()
                .stream()
                .map(MemberDescription::consumerId)
                .toList();
    }
}
