package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.registry.FakeRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** INVARIANT: nothing waits for a registry on an event loop. There is one loop here, so whoever held it would hold everybody. */
class SchemaLookupLoopIT {
    private static final String RULES = """
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: payload, owner: test}
            spec: {topics: [payload], value: {registry: main}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: id, owner: test}
            spec: {topics: [id], value: {registry: main, level: id}}
            """;
    private static final byte[] FIRST = {0, 0, 0, 0, 1, 2, 'a'};
    private static final byte[] SECOND = {0, 0, 0, 0, 2, 2, 'a'};

    @Test
    void whoWaitsForARegistryHoldsNoEventLoop() throws Exception {
        try (FakeRegistry registry = FakeRegistry.start();
                EmbeddedKafka kafka = EmbeddedKafka.start();
                ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                        .policy(GuardPolicy.with(RULES, Map.of()))
                        .registries(
                                new SchemaRegistryConfig("main", registry.url(), null, null, null, null, null, 60_000))
                        .eventLoops(1)
                        .start();
                KafkaProducer<byte[], byte[]> payload = producer(weir);
                KafkaProducer<byte[], byte[]> id = producer(weir);
                KafkaProducer<byte[], byte[]> known = producer(weir);
                KafkaProducer<byte[], byte[]> free = producer(weir)) {
            List.of("payload", "id", "free").forEach(topic -> kafka.createTopic(topic, 1));
            for (String subject : List.of("payload-value", "id-value")) {
                registry.register(subject, "\"string\"");
                registry.register(subject, "{\"type\": \"string\"}");
            }
            send(known, "payload", FIRST).get();

            registry.hold();
            Future<RecordMetadata> waitsForASchema = send(payload, "payload", SECOND);
            Future<RecordMetadata> waitsForASubject = send(id, "id", SECOND);
            Patience.awaitAnswer()
                    .until(() -> registry.requests().containsAll(List.of("/schemas/ids/2", "/schemas/ids/2/versions")));

            assertThat(send(free, "free", FIRST).get().offset()).isZero();
            assertThat(send(known, "payload", FIRST).get().offset()).isEqualTo(1);
            assertThat(waitsForASchema.isDone() || waitsForASubject.isDone()).isFalse();

            registry.beWell();
            assertThat(waitsForASchema.get().offset()).isEqualTo(2);
            assertThat(waitsForASubject.get().offset()).isZero();
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer, String topic, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, value));
    }

    private static KafkaProducer<byte[], byte[]> producer(ProxyFixture weir) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", weir.bootstrap(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
