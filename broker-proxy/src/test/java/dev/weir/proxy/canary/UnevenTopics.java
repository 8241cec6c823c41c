package dev.weir.proxy.canary;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Topics with all that a log can hold: each codec, records without keys, headers, transactions that were committed and aborted, large
 * batches, and what compaction leaves, gaps and batches of no record. Each value begins with its topic's name and is there once.
 */
final class UnevenTopics {
    /** Uncompressed and gzip, with transactions. */
    private static final String PLAIN = "plain";

    private static final String COMPACTED = "compacted";
    private static final String CODECS = "codecs";

    static final List<String> ALL = List.of(PLAIN, COMPACTED, CODECS);
    /** For clients that decompress nothing else. */
    static final List<String> GZIP_ONLY = List.of(PLAIN, COMPACTED);

    /** A header that records have not at all, once, or twice: then it is the last one that says whose they are. */
    static final String TENANT = "x-tenant";

    static final String ONE_TENANT = "acme";

    private static final List<List<String>> TENANTS = List.of(
            List.of(),
            List.of(ONE_TENANT),
            List.of("other"),
            List.of(ONE_TENANT, "other"),
            List.of("other", ONE_TENANT));

    private static final int BATCH = 40;
    private static final String LONG = "x".repeat(800);

    private final EmbeddedKafka kafka;
    private int next;

    private UnevenTopics(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    /** All of them, still empty. */
    static UnevenTopics create(EmbeddedKafka kafka) {
        kafka.createTopic(PLAIN, 2);
        kafka.createTopic(COMPACTED, 1);
        kafka.createTopic(CODECS, 2);
        UnevenTopics topics = new UnevenTopics(kafka);
        topics.configure(
                Map.of("cleanup.policy", "compact", "segment.ms", "50", "min.cleanable.dirty.ratio", "0.0001"));
        return topics;
    }

    /** Around any proxy. */
    void fill() {
        produce(PLAIN, "none", "");
        produce(PLAIN, "gzip", "");
        produceLarge();
        transaction("none", true);
        transaction("gzip", false);
        transaction("none", false);
        transaction("gzip", true);
        awaitMarkers();
        for (String codec : List.of("snappy", "lz4", "zstd")) {
            produce(CODECS, codec, "");
        }
        compact();
    }

    private KafkaProducer<String, String> producer(String codec, String transactionalId) {
        Map<String, Object> settings = new HashMap<>(kafka.superUserProperties());
        settings.putAll(Map.of("compression.type", codec, "linger.ms", 1_000, "batch.size", 1 << 20));
        if (!transactionalId.isEmpty()) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void produce(String topic, String codec, String text) {
        try (KafkaProducer<String, String> producer = producer(codec, "")) {
            send(producer, topic, text);
        }
    }

    private void produceLarge() {
        try (KafkaProducer<String, String> producer = producer("gzip", "")) {
            for (int i = 0; i < 5; i++) {
                send(producer, PLAIN, LONG);
            }
        }
    }

    /** One batch a partition; one in eight records has no key. */
    private void send(KafkaProducer<String, String> producer, String topic, String text) {
        for (int i = 0; i < BATCH; i++) {
            send(producer, topic, i % 8 == 0 ? null : "key-" + i, text);
        }
    }

    private void send(KafkaProducer<String, String> producer, String topic, @Nullable String key, String text) {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, topic + ":" + next++ + text);
        TENANTS.get(next % TENANTS.size())
                .forEach(tenant -> record.headers().add(TENANT, tenant.getBytes(StandardCharsets.UTF_8)));
        producer.send(record);
    }

    private void transaction(String codec, boolean committed) {
        try (KafkaProducer<String, String> producer = producer(codec, "uneven")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, PLAIN, committed ? "" : "-aborted");
            producer.flush();
            if (committed) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    /** They are written after a transaction is answered, and who begins anew waits for them. */
    private void awaitMarkers() {
        try (KafkaProducer<String, String> producer = producer("none", "uneven")) {
            producer.initTransactions();
        }
    }

    /** Of the first producer's batch nothing is left but itself, of the second's some records. */
    private void compact() {
        compacted(0, BATCH);
        compacted(0, BATCH);
        compacted(BATCH / 2, BATCH);
        Patience.awaitSettled().ignoreException(NoSuchFileException.class).until(() -> {
            compacted(next, next + 1); // a segment is closed, and may be cleaned, when another begins
            List<Kept> batches = batches();
            return batches.stream().anyMatch(Kept::isEmpty) && batches.stream().anyMatch(Kept::hasAGap);
        });
        configure(Map.of("cleanup.policy", "delete")); // and stays as it is now
    }

    /** A batch as compaction left it: so many records of those that it had. */
    private record Kept(int records, long offsets) {
        boolean isEmpty() {
            return records == 0;
        }

        boolean hasAGap() {
            return !isEmpty() && records < offsets;
        }
    }

    /** What the broker's own files of the compacted topic hold. */
    private List<Kept> batches() throws Exception {
        List<Kept> batches = new ArrayList<>();
        int broker = kafka.brokerIds().iterator().next();
        for (String dir : kafka.admin()
                .describeLogDirs(List.of(broker))
                .descriptions()
                .get(broker)
                .get()
                .keySet()) {
            try (DirectoryStream<Path> segments = Files.newDirectoryStream(Path.of(dir, COMPACTED + "-0"), "*.log")) {
                for (Path segment : segments) {
                    try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
                        records.batches()
                                .forEach(batch -> batches.add(
                                        new Kept(batch.countOrNull(), batch.lastOffset() - batch.baseOffset() + 1)));
                    }
                }
            }
        }
        return batches;
    }

    private void compacted(int from, int to) {
        try (KafkaProducer<String, String> producer = producer("none", "")) {
            for (int i = from; i < to; i++) {
                send(producer, COMPACTED, "key-" + i, "");
            }
        }
    }

    /** All that there is, by no group. */
    List<ConsumerRecord<String, String>> records(String isolation) {
        Map<String, Object> settings = new HashMap<>(kafka.superUserProperties());
        settings.put("isolation.level", isolation);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = ALL.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private void configure(Map<String, String> configs) {
        List<AlterConfigOp> changes = configs.entrySet().stream()
                .map(config -> new AlterConfigOp(
                        new ConfigEntry(config.getKey(), config.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try {
            kafka.admin()
                    .incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, COMPACTED), changes))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
