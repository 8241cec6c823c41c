package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.change.Note;
import dev.weir.canary.kafka.CanaryPlan;
import dev.weir.canary.kafka.ControllerNode;
import dev.weir.canary.kafka.Mandate;
import dev.weir.canary.member.GroupMember;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients of both sides, and of neither, in a group that a canary shares. */
class CanaryGroupIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition REFUNDS = new TopicPartition("refunds", 0);

    private static final Duration GRACE = Duration.ofSeconds(4);

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ProxyFixture other;
    private static ControllerNode controller;
    private static volatile String weight = "10%";

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(1).start();
        kafka.createTopic("orders", 1);
        kafka.createTopic("refunds", 1);
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(SharedGroup.policy())
                .memberGrace(GRACE)
                .start();
        other = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(SharedGroup.policy())
                .memberGrace(GRACE)
                .start();
        controller = ControllerNode.start(
                kafka::superUserProperties,
                "test",
                new Mandate(
                        ChangeTimes.DEFAULT,
                        () -> List.of(plan(weight)),
                        Measuring.NONE,
                        Optional.of(GRACE),
                        told -> {}));
    }

    private static CanaryPlan plan(String weight) {
        CanaryPolicy canary = SharedGroup.policy().canaries().all().get(0);
        return new CanaryPlan(
                canary.name(),
                canary.scope(),
                RolloutPlan.staying(Weight.parse(weight), Gates.NONE),
                canary.handover());
    }

    @AfterAll
    static void stop() {
        controller.close();
        weir.close();
        other.close();
        kafka.close();
    }

    private static Map<String, Object> settings(String clientId, String... more) {
        Map<String, Object> settings = new HashMap<>(
                Map.of("bootstrap.servers", weir.bootstrap(), "client.id", clientId, "enable.auto.commit", "false"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static KafkaConsumer<String, String> consumer(String clientId, String protocol) {
        Map<String, Object> settings = settings(clientId, "group.id", "g", "group.protocol", protocol);
        settings.put("auto.offset.reset", "none"); // whoever is not told where it begins fails
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static Admin admin(String clientId) {
        return Admin.create(settings(clientId));
    }

    private static void join(KafkaConsumer<String, String> consumer) {
        consumer.subscribe(List.of("orders"));
        Patience.awaitSettled().until(() -> {
            consumer.poll(Duration.ofMillis(50));
            return consumer.assignment().contains(ORDERS);
        });
    }

    private static long committed(Admin admin, String group) throws Exception {
        OffsetAndMetadata found = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(ORDERS);
        return found == null ? -1 : found.offset();
    }

    private static Set<String> groups(Admin admin) throws Exception {
        return admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(group -> group.startsWith("g"))
                .collect(Collectors.toSet());
    }

    private static List<String> members(Admin admin, String group) throws Exception {
        ConsumerGroupDescription found = admin.describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get();
        assertThat(found.groupId()).isEqualTo(group);
        return found.members().stream().map(MemberDescription::clientId).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void eachSideHasAGroupOfItsOwn(String protocol) throws Exception {
        kafka.admin()
                .alterConsumerGroupOffsets("g", Map.of(ORDERS, new OffsetAndMetadata(0)))
                .all()
                .get();
        try (KafkaConsumer<String, String> stable = consumer(SharedGroup.STABLE, protocol);
                KafkaConsumer<String, String> canary = consumer(SharedGroup.CANARY, protocol);
                Admin stableTool = admin("old-tool");
                Admin canaryTool = admin("new-tool");
                Admin anybody = admin(SharedGroup.NEITHER)) {
            join(stable);
            join(canary);
            assertThat(canary.position(ORDERS)).as("where it begins").isZero();
            assertThat(canary.groupMetadata().groupId()).isEqualTo("g");
            stable.commitSync(Map.of(ORDERS, new OffsetAndMetadata(3)));
            canary.commitSync(Map.of(ORDERS, new OffsetAndMetadata(5)));
            assertThat(canary.committed(Set.of(ORDERS)).get(ORDERS).offset()).isEqualTo(5);
            assertThat(committed(kafka.admin(), "g")).isEqualTo(3);
            assertThat(committed(kafka.admin(), "g~canary")).isEqualTo(5);

            assertThat(groups(stableTool)).containsExactly("g");
            assertThat(groups(canaryTool)).containsExactly("g");
            assertThat(groups(anybody)).containsExactlyInAnyOrder("g", "g~canary");
            assertThat(members(stableTool, "g")).containsExactly(SharedGroup.STABLE);
            assertThat(members(canaryTool, "g")).containsExactly(SharedGroup.CANARY);
            assertThat(members(anybody, "g")).containsExactly(SharedGroup.STABLE);
            assertThat(members(anybody, "g~canary")).containsExactly(SharedGroup.CANARY);
            assertThat(committed(canaryTool, "g")).isEqualTo(5);
            assertThat(committed(anybody, "g")).isEqualTo(3);
            assertThat(committed(anybody, "g~canary")).isEqualTo(5);
            assertThatThrownBy(() -> members(canaryTool, "g~canary"))
                    .hasCauseInstanceOf(GroupAuthorizationException.class);

            inTransaction(canary, protocol);
            // a transaction's offsets show once its marker is written, which nobody waits for
            Patience.awaitAnswer().until(() -> committed(kafka.admin(), "g~canary") == 7);
            assertThat(committed(kafka.admin(), "g")).isEqualTo(3);
        }
        Patience.awaitSettled()
                .ignoreException(ExecutionException.class) // as long as somebody is there
                .until(() -> {
                    kafka.admin()
                            .deleteConsumerGroups(List.of("g", "g~canary"))
                            .all()
                            .get();
                    return true;
                });
    }

    private static void inTransaction(KafkaConsumer<String, String> canary, String protocol) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                settings("new-writer", "transactional.id", "t-" + protocol),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(ORDERS, new OffsetAndMetadata(7)), canary.groupMetadata());
            producer.commitTransaction();
        }
    }

    @Test
    void whoReadsASharedTopicHasToBeInTheGroup() throws Exception {
        Patience.awaitSettled().until(() -> isSharing(weir) && isSharing(other));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(kafka.superUserProperties(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>("refunds", "key-" + i, "value"));
            }
        }
        try (KafkaConsumer<String, String> member = reader(weir, "old-member", "g", "consumer");
                // to the other proxy it is what connections to other brokers are: the coordinator's is not there
                KafkaConsumer<String, String> elsewhere = reader(other, "old-member", "", "classic");
                KafkaConsumer<String, String> alone = reader(other, "old-alone", "", "classic");
                KafkaConsumer<String, String> stranger = reader(weir, "old-stranger", "reports", "consumer")) {
            member.subscribe(List.of("refunds"));
            int[] records = new int[2];
            Patience.awaitSettled().until(() -> {
                records[0] += count(member);
                return !member.assignment().isEmpty();
            });
            elsewhere.assign(List.of(REFUNDS));
            alone.assign(List.of(REFUNDS));
            stranger.subscribe(List.of("refunds"));
            Set<String> refused = new HashSet<>();
            Patience.awaitSettled().until(() -> {
                records[0] += count(member);
                records[1] += count(elsewhere);
                for (Map.Entry<String, KafkaConsumer<String, String>> reader :
                        Map.of("alone", alone, "stranger", stranger).entrySet()) {
                    try {
                        assertThat(count(reader.getValue())).isZero();
                    } catch (TopicAuthorizationException e) {
                        assertThat(e.unauthorizedTopics()).containsExactly("refunds");
                        refused.add(reader.getKey());
                    }
                }
                return records[0] > 0 && records[1] > 0 && refused.size() == 2;
            });
            assertThat(records[1]).as("the stable side's share").isLessThan(100);
        }
        for (ProxyFixture proxy : List.of(weir, other)) {
            assertThat(proxy.denials())
                    .filteredOn(denial -> denial.resource() == ResourceType.TOPIC)
                    .isNotEmpty()
                    .allSatisfy(denial -> {
                        assertThat(denial.name()).isEqualTo("refunds");
                        assertThat(denial.clientId()).isIn("old-alone", "old-stranger");
                        assertThat(denial.decision().rule().toString()).startsWith("next (policy.yaml:");
                    });
        }
    }

    @Test
    void noWeightIsRaisedWhileAMemberComesToBrokersAroundTheMesh() {
        Patience.awaitSettled().until(() -> isSharing(weir));
        Map<String, Object> direct = settings("old-direct", "group.id", "g", "auto.offset.reset", "earliest");
        direct.put("bootstrap.servers", kafka.bootstrap());
        try (KafkaConsumer<String, String> around =
                new KafkaConsumer<>(direct, new StringDeserializer(), new StringDeserializer())) {
            around.subscribe(List.of("orders"));
            Patience.awaitSettled().until(() -> {
                around.poll(Duration.ofMillis(50));
                return note().strangers().stream()
                        .map(GroupMember::clientId)
                        .toList()
                        .equals(List.of("old-direct"));
            });
            weight = "20%";
            Patience.awaitSettled().until(() -> {
                around.poll(Duration.ofMillis(50));
                return note().problem().contains("client id old-direct at /127.0.0.1 in group g");
            });
            assertThat(weightInForce()).isEqualTo("10%");
        }
        Patience.awaitSettled()
                .until(() -> weightInForce().equals("20%") && note().strangers().isEmpty());
    }

    private static CanaryState state() {
        CanaryState state = weir.proxy().canary("main", "next");
        return state == null ? new ChangeLog().of("next") : state;
    }

    private static Note note() {
        return state().note();
    }

    private static String weightInForce() {
        return state().table().weight().toString();
    }

    private static boolean isSharing(ProxyFixture proxy) {
        CanaryState state = proxy.proxy().canary("main", "next");
        return state != null && state.raised();
    }

    private static int count(KafkaConsumer<String, String> reader) {
        return reader.poll(Duration.ofMillis(20)).count();
    }

    private static KafkaConsumer<String, String> reader(
            ProxyFixture proxy, String clientId, String group, String protocol) {
        Map<String, Object> settings = settings(clientId, "auto.offset.reset", "earliest", "group.protocol", protocol);
        settings.put("bootstrap.servers", proxy.bootstrap());
        if (!group.isEmpty()) {
            settings.put("group.id", group);
        }
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    @Test
    void nobodyElseWorksInTheGroup() {
        for (String protocol : List.of("classic", "consumer")) {
            try (KafkaConsumer<String, String> stranger = consumer(SharedGroup.NEITHER, protocol)) {
                assertThatThrownBy(() -> join(stranger)).isInstanceOf(GroupAuthorizationException.class);
            }
        }
        try (KafkaConsumer<String, String> stranger = consumer(SharedGroup.NEITHER, "classic")) {
            stranger.assign(List.of(ORDERS));
            assertThatThrownBy(() -> stranger.commitSync(Map.of(ORDERS, new OffsetAndMetadata(1))))
                    .isInstanceOf(GroupAuthorizationException.class);
        }
        try (KafkaShareConsumer<String, String> shared = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", weir.bootstrap(), "client.id", SharedGroup.STABLE, "group.id", "g"),
                new StringDeserializer(),
                new StringDeserializer())) {
            shared.subscribe(List.of("orders"));
            assertThatThrownBy(() -> Patience.awaitSettled().until(() -> {
                        shared.poll(Duration.ofMillis(50));
                        return false;
                    }))
                    .isInstanceOf(GroupAuthorizationException.class);
        }
        assertThat(weir.denials())
                .filteredOn(denial -> denial.name().equals("g"))
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(denial ->
                        assertThat(denial.decision().rule().toString()).startsWith("next (policy.yaml:"));
    }
}
