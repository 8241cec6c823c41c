package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.OnViolation;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of bad records while their dead-letter topic takes nothing, because one of its brokers is down. */
class QuarantineOutageIT {
    private static final String LETTERS = "busy-letters";

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(2).autoCreateTopics(false).start();
        kafka.createTopic(LETTERS, 1);
        kafka.createTopic("busy-0", 2);
        kafka.stopBroker(2);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static long violations(ProxyFixture proxy) {
        return proxy.metrics().listener("open").schemas().violations(OnViolation.QUARANTINE);
    }

    /** Every replica has to be there: with one broker down, it takes nothing. */
    private static void wantTwo() throws Exception {
        Guarded.configure(kafka, LETTERS, "min.insync.replicas", "2");
        Map<String, Object> properties = new HashMap<>(kafka.superUserProperties());
        properties.putAll(Map.of("acks", "all", "enable.idempotence", "false", "retries", 0));
        try (KafkaProducer<byte[], byte[]> probe =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            Patience.awaitAnswer().until(() -> {
                try {
                    probe.send(new ProducerRecord<>(LETTERS, Guarded.GOOD)).get();
                    return false;
                } catch (ExecutionException e) {
                    return e.getCause() instanceof NotEnoughReplicasException;
                }
            });
        }
    }

    private static void wantOne() throws Exception {
        Guarded.configure(kafka, LETTERS, "min.insync.replicas", "1");
    }

    @Test
    void acceptedMeansKeptAlsoWhenPolicyChangesOrTheProxyEndsMeanwhile() throws Exception {
        String topic = "busy-0";
        try (ProxyFixture own = Guarded.proxy(kafka)) {
            try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(own, "linger.ms", 0, "retries", 0)) {
                wantTwo();
                Future<RecordMetadata> bad = producer.send(Guarded.record(topic, 0, Guarded.BAD));
                Patience.awaitAnswer().until(() -> violations(own) == 1);
                assertThat(bad.isDone()).isFalse();

                own.policy(Guarded.policy("nobody"));
                wantOne();
                assertThat(bad.get().hasOffset()).isFalse();
                assertThatThrownBy(() -> producer.send(Guarded.record(topic, 0, Guarded.GOOD))
                                .get())
                        .hasCauseInstanceOf(TopicAuthorizationException.class);
                own.policy(Guarded.policy("shop"));
            }
            try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(own, "retries", 0)) {
                wantTwo();
                Future<RecordMetadata> good = producer.send(Guarded.record(topic, 1, Guarded.GOOD));
                producer.send(Guarded.record(topic, 1, Guarded.BAD));
                Patience.awaitAnswer().until(() -> violations(own) == 2);
                own.policy(Guarded.policy("nobody"));
                wantOne();
                assertThatThrownBy(good::get).hasCauseInstanceOf(TopicAuthorizationException.class);
                assertThat(Guarded.end(kafka, topic, 1))
                        .as("the right was taken back while it waited")
                        .isZero();
                own.policy(Guarded.policy("shop"));
            }
            try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(own, "linger.ms", 0, "retries", 0)) {
                wantTwo();
                Future<RecordMetadata> bad = producer.send(Guarded.record(topic, 0, Guarded.BAD));
                Patience.awaitAnswer().until(() -> violations(own) == 3);
                CompletableFuture<Void> ending = CompletableFuture.runAsync(own::close);
                wantOne();
                assertThat(bad.get().hasOffset()).isFalse();
                ending.get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
            }
        }
        assertThat(Guarded.read(kafka, LETTERS, 0, (int) Guarded.end(kafka, LETTERS, 0)).stream()
                        .filter(letter -> Guarded.header(letter, "weir-origin-topic") != null))
                .hasSize(3);
    }
}
