package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.config.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The data path end to end: Kafka's own clients, through a listener, to a real cluster of three brokers. */
class ProxyIT {
    private static final int LISTENERS = 200;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().brokers(3).start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void producesAndConsumesThroughTheListener() throws Exception {
        kafka.createTopic("orders", 3);
        try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap()).start();
                KafkaProducer<String, String> producer = producer(weir.bootstrap())) {
            for (int i = 0; i < 1_000; i++) {
                producer.send(new ProducerRecord<>("orders", "key" + i, "value" + i));
            }
            producer.flush();

            assertThat(consume(weir.bootstrap(), "orders", "shop", "classic", 1_000))
                    .hasSize(1_000);
            assertThat(consume(weir.bootstrap(), "orders", "shop848", "consumer", 1_000))
                    .hasSize(1_000);
        }
    }

    @Test
    void showsNoBrokerButThroughItself() throws Exception {
        try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap()).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", weir.bootstrap()))) {
            List<Integer> ports = admin.describeCluster().nodes().get().stream()
                    .map(Node::port)
                    .sorted()
                    .toList();

            assertThat(ports)
                    .containsExactlyElementsOf(weir.listener("plain").brokers().values().stream()
                            .map(endpoint -> endpoint.port())
                            .sorted()
                            .toList());
        }
    }

    /** Were a port shared by two, clients of one would be met by the other, with its certificates and its policy. */
    @Test
    void listenersAtAnyFreePortShareNone() {
        ProxyFixture.Builder builder = ProxyFixture.inFrontOf(kafka.bootstrap());
        IntStream.range(0, LISTENERS).forEach(i -> builder.listener("listener-" + i, null, null));
        try (ProxyFixture weir = builder.start()) {
            List<Endpoint> bound = weir.proxy().listeners().stream()
                    .flatMap(listener ->
                            Stream.concat(Stream.of(listener.bootstrap()), listener.brokers().values().stream()))
                    .toList();

            assertThat(bound).hasSize(4 * LISTENERS).doesNotHaveDuplicates();
        }
    }

    @Test
    void refusesWhatPolicyDenies() throws Exception {
        kafka.createTopic("secret", 1);
        try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                        .policy(TestPolicy.of((subject, type, name, operation) ->
                                type != ResourceType.TOPIC || !name.equals("secret")))
                        .start();
                KafkaProducer<String, String> producer = producer(weir.bootstrap())) {

            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("secret", "a", "b"))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThat(weir.denials()).isNotEmpty();
        }
    }

    @Test
    void stopsAConsumerWhoseRightIsTakenBack() throws Exception {
        kafka.createTopic("revoked", 1);
        try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap()).start();
                KafkaProducer<String, String> producer = producer(kafka.bootstrap());
                KafkaConsumer<String, String> consumer = consumer(weir.bootstrap(), "revoked", "classic")) {
            consumer.subscribe(List.of("revoked"));
            producer.send(new ProducerRecord<>("revoked", "a", "before")).get();
            Awaitility.await()
                    .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());

            weir.policy(TestPolicy.of((subject, type, name, operation) -> type != ResourceType.TOPIC));
            producer.send(new ProducerRecord<>("revoked", "a", "after")).get();

            assertThatThrownBy(() -> Awaitility.await().until(() -> {
                        assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
                        return false;
                    }))
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("linger.ms", "5");
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String group, String protocol) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("group.id", group);
        properties.put("group.protocol", protocol);
        properties.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private static List<ConsumerRecord<String, String>> consume(
            String bootstrap, String topic, String group, String protocol, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap, group, protocol)) {
            consumer.subscribe(List.of(topic));
            Awaitility.await().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= count;
            });
        }
        return records;
    }
}
