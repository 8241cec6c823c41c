package dev.weir.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of group that consumes by itself can be used without any setting. */
class GroupTypesIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("orders", 1);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "shop"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "k", "v")).get(60, TimeUnit.SECONDS);
            producer.commitTransaction();
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void groupConsumes(String protocol) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "group.id",
                "readers-" + protocol,
                "group.protocol",
                protocol,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            assertReceived(() -> consumer.poll(Duration.ofMillis(100)));
        }
    }

    @Test
    void shareGroupConsumes() throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "sharers");
        AlterConfigOp fromTheStart =
                new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
        kafka.admin()
                .incrementalAlterConfigs(Map.of(group, List.of(fromTheStart)))
                .all()
                .get(60, TimeUnit.SECONDS);
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "group.id", "sharers"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            assertReceived(() -> consumer.poll(Duration.ofMillis(100)));
        }
    }

    private static void assertReceived(Supplier<ConsumerRecords<String, String>> poll) {
        List<String> values = new ArrayList<>();
        await().pollInSameThread().atMost(60, TimeUnit.SECONDS).until(() -> {
            for (ConsumerRecord<String, String> received : poll.get()) {
                values.add(received.value());
            }
            return !values.isEmpty();
        });
        assertThat(values).containsExactly("v");
    }
}
