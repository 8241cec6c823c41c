package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.OnViolation;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.testkit.registry.FakeRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, records of which only the id counts, and batches that become very large, with every compression. */
class GuardedRecordsIT {
    private static final int RECORDS_BYTES_MAX = 8 << 20;
    private static final String REGISTRY = "{registry: main}";
    private static final String IDS = "{registry: main, level: id}";
    private static final String KEPT = ", onViolation: quarantine, deadLetterTopic: letters";

    private static EmbeddedKafka kafka;
    private static FakeRegistry registry;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("letters", 1);
        registry = FakeRegistry.start();
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("file", "key: {schema: r.avsc}, value: {schema: r.avsc}");
        rules.put("payload", "key: " + REGISTRY + ", value: " + REGISTRY);
        rules.put("idkeys", "key: " + IDS + ", value: " + IDS);
        rules.put("kept", "key: {schema: r.avsc}, value: {schema: r.avsc}" + KEPT);
        rules.put("ids", "value: " + IDS);
        rules.put("idskept", "value: " + IDS + KEPT);
        rules.put("idstagged", "value: " + IDS + ", onViolation: tag");
        rules.put("idswatched", "value: " + IDS + ", onViolation: observe");
        rules.put("idsnone", "value: " + IDS + ", tombstones: refuse, onNoSchema: allow");
        rules.put("bomb", "value: {schema: r.avsc}");
        ListenerLimits small =
                new ListenerLimits(104_857_600, 256, 20_000, 30_000, 30_000, RECORDS_BYTES_MAX, 1_000_000);
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.of(rules))
                .registries(new SchemaRegistryConfig("main", registry.url(), null, null, null, null, null, 8_000))
                .listener("open", null, null, small)
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        registry.close();
        kafka.close();
    }

    /** By what keys and values are held against a schema, and what becomes of those that are something else. */
    private enum Keys {
        FILE,
        PAYLOAD,
        IDKEYS,
        KEPT;

        String topic() {
            String topic = name().toLowerCase(Locale.ROOT) + "-keys";
            kafka.createTopic(topic, 1);
            return topic;
        }

        boolean isOfRegistry() {
            return this == PAYLOAD || this == IDKEYS;
        }
    }

    private static int register(String subject) {
        return registry.register(
                subject, GuardPolicy.SCHEMA.replace("\"R\"", "\"R_" + subject.replace('-', '_') + "\""));
    }

    private static KafkaProducer<byte[], byte[]> producer(Object... more) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("bootstrap.servers", weir.bootstrap("open"), "linger.ms", 0));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void assertTaken(Future<RecordMetadata> sent, long offset) throws Exception {
        assertThat(sent.get().offset()).isEqualTo(offset);
    }

    private static void assertRefused(Future<RecordMetadata> sent, String words) {
        assertThatThrownBy(sent::get)
                .cause()
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @EnumSource(Keys.class)
    void keysAreReadByTheirOwnSchema(Keys by) throws Exception {
        String topic = by.topic();
        int keyId = register(topic + "-key");
        int valueId = register(topic + "-value");
        boolean framed = by.isOfRegistry();
        byte[] key = framed ? GuardPolicy.framed(keyId, GuardPolicy.good("k")) : GuardPolicy.good("k");
        byte[] value = framed ? GuardPolicy.framed(valueId, GuardPolicy.good("v")) : GuardPolicy.good("v");
        byte[] badKey = by == Keys.IDKEYS
                ? GuardPolicy.framed(valueId, GuardPolicy.good("k"))
                : framed ? GuardPolicy.framed(keyId, GuardPolicy.bad("k")) : GuardPolicy.bad("k");
        String why = switch (by) {
            case FILE, KEPT -> "key by schema r.avsc: at id (byte 0): found ";
            case PAYLOAD ->
                "key by schema id " + keyId + " of subject " + topic + "-key (registry main): at id (byte 0): found ";
            case IDKEYS ->
                "key of subject " + topic + "-key (registry main): found schema id " + valueId
                        + ", which is registered for " + topic + "-value, expected a schema of subject " + topic
                        + "-key";
        };
        long letters = Guarded.end(kafka, "letters", 0);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            assertTaken(producer.send(new ProducerRecord<>(topic, key, value)), 0);
            assertRefused(producer.send(new ProducerRecord<>(topic, badKey, value)), why);
            assertTaken(producer.send(new ProducerRecord<>(topic, null, value)), 1);
            assertTaken(producer.send(new ProducerRecord<>(topic, key, null)), 2);
            assertRefused(producer.send(new ProducerRecord<>(topic, badKey, null)), why);
            assertRefused(producer.send(new ProducerRecord<>(topic, new byte[0], value)), "key ");
            assertRefused(producer.send(new ProducerRecord<>(topic, key, new byte[0])), "value ");
            assertTaken(producer.send(new ProducerRecord<>(topic, key, value)), 3);
        }
        if (by == Keys.KEPT) {
            List<ConsumerRecord<byte[], byte[]>> read = Guarded.read(kafka, "letters", letters, 4);
            assertThat(read).extracting(ConsumerRecord::key).containsExactly(badKey, badKey, new byte[0], key);
            assertThat(read).extracting(ConsumerRecord::value).containsExactly(value, null, value, new byte[0]);
            assertThat(Guarded.header(read.get(0), "weir-schema-violation")).startsWith("payload; " + why);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void onlyIdsCountHoweverBatchesAreCompressed(String compression) throws Exception {
        String topic = "ids-" + compression;
        String kept = "idskept-" + compression;
        String tagged = "idstagged-" + compression;
        String watched = "idswatched-" + compression;
        List.of(topic, kept, tagged, watched).forEach(name -> kafka.createTopic(name, 1));
        byte[] unread = GuardPolicy.framed(register(topic + "-value"), GuardPolicy.bad("a"));
        byte[] unknown = GuardPolicy.framed(9_999, GuardPolicy.good("a"));
        String why = " (registry main): found schema id 9999, which the registry does not have";
        long letters = Guarded.end(kafka, "letters", 0);
        // nothing is sent before it is flushed, so that there is one batch
        try (KafkaProducer<byte[], byte[]> producer =
                        producer("compression.type", compression, "linger.ms", 60_000, "batch.size", 100_000);
                KafkaProducer<byte[], byte[]> plain = producer(
                        "compression.type",
                        compression,
                        "linger.ms",
                        60_000,
                        "batch.size",
                        100_000,
                        "enable.idempotence",
                        false)) {
            Future<RecordMetadata> first = null;
            for (int i = 0; i < 20; i++) {
                first = producer.send(new ProducerRecord<>(topic, unread));
            }
            producer.flush();
            assertTaken(first, 19);
            List<Future<RecordMetadata>> mixed = send(producer, topic, unread, unknown, unread);
            assertRefused(mixed.get(1), "value of subject " + topic + "-value" + why);
            assertThatThrownBy(() -> mixed.get(0).get()).hasMessageContaining("it was part of a batch which had");
            assertTaken(send(producer, topic, unread).get(0), 20);

            byte[] ofKept = GuardPolicy.framed(register(kept + "-value"), GuardPolicy.bad("a"));
            send(plain, kept, ofKept, unknown, ofKept)
                    .forEach(sent -> assertThat(sent)
                            .succeedsWithin(Guarded.PATIENCE)
                            .satisfies(at -> assertThat(at.hasOffset()).isFalse()));
            assertThat(Guarded.end(kafka, kept, 0)).isEqualTo(2);
            ConsumerRecord<byte[], byte[]> letter =
                    Guarded.read(kafka, "letters", letters, 1).get(0);
            assertThat(letter.value()).isEqualTo(unknown);
            assertThat(Guarded.header(letter, "weir-schema-violation"))
                    .startsWith("unknown-schema; value of subject " + kept + "-value" + why);

            byte[] ofTagged = GuardPolicy.framed(register(tagged + "-value"), GuardPolicy.bad("a"));
            assertTaken(send(producer, tagged, ofTagged, unknown).get(1), 1);
            assertThat(Guarded.read(kafka, tagged, 0, 2))
                    .extracting(record -> Guarded.header(record, "weir-schema-violation") != null)
                    .containsExactly(false, true);

            byte[] ofWatched = GuardPolicy.framed(register(watched + "-value"), GuardPolicy.bad("a"));
            assertTaken(send(producer, watched, ofWatched, unknown).get(1), 1);
        }
    }

    private static long violations(OnViolation onViolation) {
        return weir.metrics().listener("open").schemas().violations(onViolation);
    }

    private static List<Future<RecordMetadata>> send(
            KafkaProducer<byte[], byte[]> producer, String topic, byte[]... values) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (byte[] value : values) {
            sent.add(producer.send(new ProducerRecord<>(topic, value)));
        }
        producer.flush();
        return sent;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4"})
    void atLevelIdTombstonesAndWhatSaysNoSchemaAreTreatedAsTheRuleSays(String compression) throws Exception {
        String strict = "idsnone-" + compression;
        String lenient = "ids-tombstones-" + compression;
        kafka.createTopic(strict, 1);
        kafka.createTopic(lenient, 1);
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] known = GuardPolicy.framed(register(lenient + "-value"), GuardPolicy.bad("a"));
        try (KafkaProducer<byte[], byte[]> producer = producer("compression.type", compression)) {
            assertTaken(producer.send(new ProducerRecord<>(strict, json)), 0);
            assertRefused(producer.send(new ProducerRecord<>(strict, json, null)), "takes no tombstones");
            assertTaken(producer.send(new ProducerRecord<>(lenient, known)), 0);
            assertTaken(producer.send(new ProducerRecord<>(lenient, json, null)), 1);
            assertRefused(producer.send(new ProducerRecord<>(lenient, json)), "found 2 bytes that begin with 0x7b");
            assertTaken(producer.send(new ProducerRecord<>(lenient, known)), 2);
        }
    }

    @Test
    void whatIsObservedByIdIsCounted() throws Exception {
        kafka.createTopic("idswatched-counted", 1);
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        long before = violations(OnViolation.OBSERVE);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            assertTaken(producer.send(new ProducerRecord<>("idswatched-counted", nothing)), 0);
        }
        assertThat(violations(OnViolation.OBSERVE)).isEqualTo(before + 1);
    }

    /** Of all compressions, the batch is one that the broker would take. */
    @ParameterizedTest
    @CsvSource({
        "gzip, true",
        "gzip, false",
        "snappy, true",
        "snappy, false",
        "lz4, true",
        "lz4, false",
        "zstd, true",
        "zstd, false"
    })
    void aBombIsRefusedAndTheProducerGoesOn(String compression, boolean idempotent) throws Exception {
        String topic = "bomb-" + compression + "-" + idempotent;
        kafka.createTopic(topic, 1);
        byte[] bomb = new byte[2 * RECORDS_BYTES_MAX];
        try (KafkaProducer<byte[], byte[]> producer = producer(
                "compression.type",
                compression,
                "enable.idempotence",
                idempotent,
                "max.request.size",
                2 * bomb.length,
                "buffer.memory",
                2L * bomb.length)) {
            assertTaken(producer.send(new ProducerRecord<>(topic, GuardPolicy.good("a"))), 0);
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>(topic, bomb)).get())
                    .cause()
                    .isInstanceOf(RecordTooLargeException.class)
                    .hasMessageContaining("more than " + RECORDS_BYTES_MAX + " bytes");
            assertTaken(producer.send(new ProducerRecord<>(topic, GuardPolicy.good("a"))), 1);
        }
    }
}
