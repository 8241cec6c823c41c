package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.testkit.registry.FakeRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Producers that have many batches on their way while one is refused. What they do after a broker's own refusal is the oracle: it takes
 * no record without a key into a compacted topic.
 */
class ProducersGoOnIT {
    private static final int RECORDS = 105;
    private static final int BAD_EVERY = 7;
    private static final String TAKEN = "taken";

    /** Makes a record so long that no second one has room in the smallest batch. */
    private static final byte[] LENGTH = new byte[32];

    private static EmbeddedKafka kafka;
    private static FakeRegistry registry;
    private static ProxyFixture weir;
    private static int schema;

    /** By whom a bad record is refused, and what is bad about it. */
    private enum By {
        BROKER(false),
        FILE(false),
        PAYLOAD(true),
        IDS(true),
        KEPT(false),
        KEPT_BY_ID(true);

        private final boolean framed;

        By(boolean framed) {
            this.framed = framed;
        }

        String topic(String more) {
            return name().toLowerCase(Locale.ROOT).replace("_", "") + "-" + more;
        }

        boolean keeps() {
            return this == KEPT || this == KEPT_BY_ID;
        }

        ProducerRecord<byte[], byte[]> record(String topic, String id, boolean bad) {
            byte[] key = bad && this == BROKER ? null : GuardPolicy.good(id);
            byte[] payload = bad && this != BROKER ? GuardPolicy.bad(id) : GuardPolicy.good(id);
            boolean byId = this == IDS || this == KEPT_BY_ID;
            byte[] value = framed ? GuardPolicy.framed(bad && byId ? 9_999 : schema, payload) : payload;
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, value);
            record.headers().add("length", LENGTH);
            return record;
        }
    }

    /**
     * What came of a run.
     *
     * @param told of each record, or of each transaction
     * @param inTopic the ids of what readers see, in order
     * @param retries batches that were on their way behind one that was refused, and had to be sent again
     */
    private record Outcome(List<String> told, List<String> inTopic, double retries) {}

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("letters", 1);
        registry = FakeRegistry.start();
        schema = registry.register("all", GuardPolicy.SCHEMA);
        String inRegistry = "value: {registry: main, subject: all";
        String kept = "onViolation: quarantine, deadLetterTopic: letters";
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.of(Map.of(
                        "file", "value: {schema: r.avsc}",
                        "payload", inRegistry + "}",
                        "ids", inRegistry + ", level: id}",
                        "kept", "value: {schema: r.avsc}, " + kept,
                        "keptbyid", inRegistry + ", level: id}, " + kept)))
                .registries(new SchemaRegistryConfig("main", registry.url(), null, null, null, null, null, 8_000))
                .listener("open", null, null)
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        registry.close();
        kafka.close();
    }

    private static String topic(By by, String more) {
        String topic = by.topic(more);
        kafka.createTopic(topic, 1, by == By.BROKER ? Map.of("cleanup.policy", "compact") : Map.of());
        return topic;
    }

    private static KafkaProducer<byte[], byte[]> producer(By by, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                by == By.BROKER ? kafka.bootstrap() : weir.bootstrap("open"),
                "linger.ms",
                0,
                "max.in.flight.requests.per.connection",
                5,
                "retry.backoff.ms",
                1,
                "retry.backoff.max.ms",
                5));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String told(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return TAKEN + " at " + sent.get().offset();
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }

    private static String id(int i) {
        return "number-" + i;
    }

    private static boolean isBad(int i) {
        return i % BAD_EVERY == BAD_EVERY - 2;
    }

    private static List<String> ids(String topic, int count) {
        return Guarded.read(kafka, topic, 0, count).stream()
                .map(record -> GuardPolicy.id(record.value()))
                .toList();
    }

    private static double retries(KafkaProducer<?, ?> producer) {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("record-retry-total")
                        && metric.metricName().group().equals("producer-metrics"))
                .mapToDouble(metric -> (double) metric.metricValue())
                .sum();
    }

    /** All records at once, one or several in a batch. */
    private static Outcome idempotent(By by, String topic, Map<String, Object> settings) throws Exception {
        List<String> told = new ArrayList<>();
        double retries;
        try (KafkaProducer<byte[], byte[]> producer = producer(by, settings)) {
            producer.partitionsFor(topic);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(by.record(topic, id(i), isBad(i))));
            }
            for (Future<RecordMetadata> one : sent) {
                told.add(told(one));
            }
            retries = retries(producer);
            // and once all is told, it is as good as new
            told.add(told(producer.send(by.record(topic, "last", false))));
        }
        return new Outcome(told, ids(topic, (int) Guarded.end(kafka, topic, 0)), retries);
    }

    /** What there is to be, whoever refuses: exactly the good ones, once, in order. */
    private static Outcome goodOnesOnly() {
        List<String> told = new ArrayList<>();
        List<String> inTopic = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            if (isBad(i)) {
                told.add("InvalidRecordException");
            } else {
                told.add(TAKEN + " at " + inTopic.size());
                inTopic.add(id(i));
            }
        }
        told.add(TAKEN + " at " + inTopic.size());
        inTopic.add("last");
        return new Outcome(told, inTopic, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "BROKER, none",
        "FILE, none",
        "FILE, zstd",
        "PAYLOAD, gzip",
        "IDS, none",
        "IDS, lz4",
        "KEPT, none",
        "KEPT, snappy",
        "KEPT_BY_ID, none"
    })
    void anIdempotentProducerLosesNoneOfTheBatchesThatFollowARefusedOne(By by, String compression) throws Exception {
        String topic = topic(by, compression);
        long letters = Guarded.end(kafka, "letters", 0);
        Outcome outcome = idempotent(by, topic, Map.of("batch.size", 1, "compression.type", compression));
        assertThat(outcome.told()).isEqualTo(goodOnesOnly().told());
        assertThat(outcome.inTopic()).isEqualTo(goodOnesOnly().inTopic());
        assertThat(outcome.retries()).isPositive();
        if (by.keeps()) {
            assertThat(Guarded.read(kafka, "letters", letters, RECORDS / BAD_EVERY))
                    .extracting(ConsumerRecord::key)
                    .containsExactlyElementsOf(IntStream.range(0, RECORDS)
                            .filter(ProducersGoOnIT::isBad)
                            .mapToObj(i -> GuardPolicy.good(id(i)))
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = By.class,
            names = {"BROKER", "FILE", "IDS", "KEPT"})
    void whatFailsOfManyBatchesOfSeveralRecordsIsNotThereAndAllElseIsInOrder(By by) throws Exception {
        String topic = topic(by, "several");
        Outcome outcome = idempotent(by, topic, Map.of("batch.size", 250));
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            String told = outcome.told().get(i);
            if (told.startsWith(TAKEN)) {
                assertThat(told).isEqualTo(TAKEN + " at " + taken.size());
                assertThat(isBad(i)).isFalse();
                taken.add(id(i));
            } else {
                assertThat(told).isEqualTo(isBad(i) ? "InvalidRecordException" : "KafkaException");
            }
        }
        taken.add("last");
        assertThat(outcome.inTopic()).isEqualTo(taken);
    }

    /** Every second transaction has a bad record, with many behind it, and is aborted. */
    private static Outcome transactional(By by, String topic) throws Exception {
        List<String> told = new ArrayList<>();
        double retries;
        try (KafkaProducer<byte[], byte[]> producer =
                producer(by, Map.of("transactional.id", topic, "batch.size", 1))) {
            producer.initTransactions();
            for (int round = 0; round < 6; round++) {
                producer.beginTransaction();
                String bad = "";
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 15; i++) {
                    boolean isBad = round % 2 == 0 && i == 4;
                    try {
                        sent.add(producer.send(by.record(topic, "round-" + round + "-" + i, isBad)));
                    } catch (KafkaException e) {
                        break; // it has learnt that the transaction fails
                    }
                }
                if (round % 2 == 0) {
                    bad = told(sent.get(4));
                }
                told.add(bad + ", " + ended(producer));
            }
            retries = retries(producer);
        }
        return new Outcome(told, ids(topic, 45), retries);
    }

    private static String ended(KafkaProducer<?, ?> producer) {
        try {
            producer.commitTransaction();
            return "committed";
        } catch (KafkaException e) {
            producer.abortTransaction();
            return "aborted";
        }
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void aTransactionalProducerAbortsAndGoesOnAsAfterABrokersRefusal(By by) throws Exception {
        Outcome outcome = transactional(by, topic(by, "transactional"));
        String failed = "InvalidRecordException, aborted";
        assertThat(outcome.told())
                .isEqualTo(Collections.nCopies(3, List.of(failed, ", committed")).stream()
                        .flatMap(List::stream)
                        .toList());
        assertThat(outcome.inTopic())
                .isEqualTo(IntStream.range(0, 45)
                        .mapToObj(i -> "round-" + (2 * (i / 15) + 1) + "-" + i % 15)
                        .toList());
    }
}
