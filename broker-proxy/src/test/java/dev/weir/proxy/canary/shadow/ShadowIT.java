package dev.weir.proxy.canary.shadow;

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
import dev.weir.proxy.canary.group.SharedGroup;
import dev.weir.testkit.await.Patience;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
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

/** Real clients, of which one is the shadow of another. */
class ShadowIT {
    private static final TopicPartition BILLS = new TopicPartition("bills", 0);
    private static final TopicPartition RECEIPTS = new TopicPartition("receipts", 0);

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ControllerNode controller;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(1).start();
        for (String topic : List.of("bills", "receipts", "labels", "labels.shadow", "labels-dlt")) {
            kafka.createTopic(topic, 1);
        }
        kafka.createTopic("receipts.shadow", 2);
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(SharedGroup.policy())
                .start();
        CanaryPolicy dark = SharedGroup.policy().canaries().all().get(1);
        CanaryPlan plan = new CanaryPlan(
                dark.name(), dark.scope(), RolloutPlan.staying(Weight.NONE, Gates.NONE), dark.handover());
        controller = ControllerNode.start(
                kafka::superUserProperties, "test", ChangeTimes.DEFAULT, () -> List.of(plan), Measuring.NONE);
    }

    @AfterAll
    static void stop() {
        controller.close();
        weir.close();
        kafka.close();
    }

    private static Map<String, Object> settings(String clientId, String... more) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("bootstrap.servers", weir.bootstrap(), "client.id", clientId));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /** Whoever is not told where it begins fails. */
    private static KafkaConsumer<String, String> consumer(String clientId, String group, String protocol) {
        return new KafkaConsumer<>(
                settings(
                        clientId,
                        "group.id",
                        group,
                        "group.protocol",
                        protocol,
                        "auto.offset.reset",
                        "none",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static long committed(String group) throws Exception {
        OffsetAndMetadata found = kafka.admin()
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(BILLS);
        return found == null ? -1 : found.offset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aShadowReadsEverythingAndReachesNobody(String protocol) throws Exception {
        long receiptsBefore = end(RECEIPTS);
        kafka.admin()
                .alterConsumerGroupOffsets("h", Map.of(BILLS, new OffsetAndMetadata(0)))
                .all()
                .get();
        try (KafkaConsumer<String, String> light = consumer(SharedGroup.LIGHT, "h", protocol);
                KafkaConsumer<String, String> dark = consumer(SharedGroup.DARK, "h", protocol);
                KafkaProducer<String, String> anybody = producer(SharedGroup.NEITHER);
                KafkaProducer<String, String> lightWriter = producer("light-writer", "transactional.id", "th");
                KafkaProducer<String, String> darkWriter = producer("dark-writer", "transactional.id", "th")) {
            light.subscribe(List.of("bills"));
            dark.subscribe(List.of("bills"));
            long[] read = new long[2];
            // where the shadow begins is known from then on
            Patience.awaitSettled().until(() -> {
                read(light, dark, read);
                return !light.assignment().isEmpty() && !dark.assignment().isEmpty();
            });
            for (int i = 0; i < 5; i++) {
                anybody.send(new ProducerRecord<>("bills", "bill")).get();
            }
            long all = end(BILLS);
            Patience.awaitSettled().until(() -> {
                read(light, dark, read);
                return read[0] == all && read[1] == all;
            });
            lightWriter.initTransactions();
            lightWriter.beginTransaction();
            lightWriter.send(new ProducerRecord<>("receipts", "theirs"));
            lightWriter.flush();

            darkWriter.initTransactions();
            darkWriter.beginTransaction();
            assertThat(darkWriter.partitionsFor("receipts")).hasSize(2);
            RecordMetadata written = darkWriter
                    .send(new ProducerRecord<>("receipts", 1, null, "mine"))
                    .get();
            assertThat(written.topic()).isEqualTo("receipts");
            darkWriter.sendOffsetsToTransaction(Map.of(BILLS, new OffsetAndMetadata(2)), dark.groupMetadata());
            darkWriter.commitTransaction();
            lightWriter.commitTransaction(); // nobody has fenced it

            // markers are written after the transaction is answered
            Patience.awaitAnswer().until(() -> end(RECEIPTS) == receiptsBefore + 2);
            Patience.awaitAnswer().until(() -> end(new TopicPartition("receipts.shadow", 1)) == written.offset() + 2);
            Patience.awaitAnswer().until(() -> committed("h~canary") == 2);
            assertThat(committed("h")).isZero();
            nothingElseIsWritten();
        }
        Patience.awaitSettled()
                .ignoreException(ExecutionException.class) // as long as somebody is there
                .until(() -> {
                    kafka.admin()
                            .deleteConsumerGroups(List.of("h", "h~canary"))
                            .all()
                            .get();
                    return true;
                });
    }

    @Test
    void whatAShadowWritesIsHeldAgainstSchemasAndNeverPutAside() throws Exception {
        try (KafkaProducer<String, String> dark = producer("dark-labels", "enable.idempotence", "false")) {
            assertThatThrownBy(() -> dark.send(new ProducerRecord<>("labels", "no string of Avro's"))
                            .get())
                    .hasCauseInstanceOf(InvalidRecordException.class);
            dark.send(new ProducerRecord<>("labels", "\u0002a")).get();
        }
        assertThat(end(new TopicPartition("labels-dlt", 0))).isZero();
        assertThat(end(new TopicPartition("labels", 0))).isZero();
        assertThat(end(new TopicPartition("labels.shadow", 0))).isEqualTo(1);
    }

    /** Its first client comes before it can have read anything. */
    @Test
    void aProxyThatStartsKnowsAShadowWhoseDocumentIsGone() throws Exception {
        Patience.awaitSettled().until(() -> {
            CanaryState state = weir.proxy().canary("main", "dark");
            return state != null && state.isSeeded();
        });
        long before = end(BILLS);
        try (ProxyFixture anew = ProxyFixture.inFrontOf(kafka.bootstrap())
                        .policy(SharedGroup.withoutCanaries())
                        .start();
                KafkaProducer<String, String> dark =
                        producer("dark-writer", "bootstrap.servers", anew.bootstrap(), "retries", "0")) {
            assertThatThrownBy(() -> dark.send(new ProducerRecord<>("bills", "of nobody"))
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThat(anew.proxy().status().clusters())
                    .allSatisfy(cluster -> assertThat(cluster.canariesRead()).isTrue());
        }
        assertThat(end(BILLS)).isEqualTo(before);
    }

    private static void nothingElseIsWritten() throws Exception {
        long billsBefore = end(BILLS);
        long receiptsBefore = end(RECEIPTS);
        long shadowBefore = end(new TopicPartition("receipts.shadow", 0));
        try (KafkaProducer<String, String> writer = producer("dark-writer");
                KafkaProducer<String, String> unheard = producer("dark-unheard", "acks", "0");
                KafkaConsumer<String, String> elsewhere = consumer(SharedGroup.DARK, "elsewhere", "classic");
                Admin tool = Admin.create(settings("dark-tool"))) {
            assertThatThrownBy(() -> writer.send(new ProducerRecord<>("bills", "of nobody"))
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            unheard.send(new ProducerRecord<>("receipts", 0, null, "mine")).get();
            Patience.awaitAnswer().until(() -> end(new TopicPartition("receipts.shadow", 0)) == shadowBefore + 1);
            unheard.send(new ProducerRecord<>("bills", "of nobody")).get();
            elsewhere.subscribe(List.of("bills"));
            assertThatThrownBy(() -> Patience.awaitSettled()
                            .until(() -> elsewhere.poll(Duration.ofMillis(50)).count() > 0))
                    .isInstanceOf(GroupAuthorizationException.class);
            assertThatThrownBy(() -> tool.deleteRecords(Map.of(BILLS, RecordsToDelete.beforeOffset(1)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> tool.createTopics(List.of(new NewTopic("made-by-nobody", 1, (short) 1)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
        assertThat(end(BILLS)).isEqualTo(billsBefore);
        assertThat(end(RECEIPTS)).isEqualTo(receiptsBefore);
    }

    private static KafkaProducer<String, String> producer(String clientId, String... more) {
        return new KafkaProducer<>(settings(clientId, more), new StringSerializer(), new StringSerializer());
    }

    private static void read(KafkaConsumer<String, String> light, KafkaConsumer<String, String> dark, long[] records) {
        records[0] += light.poll(Duration.ofMillis(20)).count();
        records[1] += dark.poll(Duration.ofMillis(20)).count();
    }

    private static long end(TopicPartition partition) throws Exception {
        return kafka.admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
