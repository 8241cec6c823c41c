package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.testkit.await.Patience;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written through Weir, and what of it is in the topics that mirrors lead to: counted, and held against each other. */
class MirrorIT {
    @TempDir
    private static Path folder;

    private static MirrorMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = new MirrorMesh(folder);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits for all; the broker has taken every one. */
    static void acknowledged(List<Future<RecordMetadata>> sent) throws Exception {
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    static List<Future<RecordMetadata>> send(
            KafkaProducer<String, byte[]> producer, String topic, int records, String padding) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            String key = i % 10 == 0 ? null : "key-" + i % 97;
            sent.add(producer.send(new ProducerRecord<>(
                    topic,
                    null,
                    key,
                    bytes("value-" + i + padding),
                    List.of(new RecordHeader("x-tenant", bytes(i % 3 == 0 ? "acme" : "other"))))));
        }
        return sent;
    }

    private static List<String> keys(List<String> texts) {
        return texts.stream().map(text -> text.substring(0, text.indexOf('='))).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void theOtherClusterGetsWhatTheBrokerTookInOrder(String codec) throws Exception {
        String topic = "far-" + codec;
        mesh.main.createTopic(topic, 3);
        long before = mesh.mirror("far").ledger().eligible().records();
        try (KafkaProducer<String, byte[]> producer = mesh.producer("compression.type", codec)) {
            acknowledged(send(producer, topic, 2_000, "x".repeat(50)));
        }
        MirrorLedger ledger = mesh.settled("far", before + 2_000);
        assertThat(ledger.mirrored()).isEqualTo(ledger.eligible());
        assertThat(ledger.eligible().records()).isEqualTo(before + 2_000);
        for (int partition = 0; partition < 3; partition++) {
            assertThat(MirrorMesh.texts(mesh.staging, "mirror." + topic, partition))
                    .isEqualTo(MirrorMesh.texts(mesh.main, topic, partition));
        }
        TopicPartition place = new TopicPartition("mirror." + topic, 0);
        assertThat(mesh.staging
                        .admin()
                        .describeProducers(List.of(place))
                        .partitionResult(place)
                        .get()
                        .activeProducers())
                .as("copies are of nobody's")
                .isEmpty();
    }

    @Test
    void aTopicOfFewerPartitionsKeepsWhatIsInOnePartitionTogether() throws Exception {
        String topic = "near-5";
        mesh.main.createTopic(topic, 5);
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, topic, 2_000, ""));
        }
        assertThat(mesh.settled("near", 2_000).mirrored().records()).isEqualTo(2_000);
        List<List<String>> copies = List.of(
                MirrorMesh.texts(mesh.main, "copy." + topic, 0), MirrorMesh.texts(mesh.main, "copy." + topic, 1));
        for (int partition = 0; partition < 5; partition++) {
            List<String> source = MirrorMesh.texts(mesh.main, topic, partition);
            Set<String> mine = new TreeSet<>(source);
            assertThat(copies.get(partition % 2).stream().filter(mine::contains).toList())
                    .as("in its order")
                    .isEqualTo(source);
        }
    }

    @Test
    void whatIsMirroredIsWhatWentToTheBroker() throws Exception {
        mesh.main.createTopic("same-named", 1);
        long before = mesh.mirror("same").ledger().eligible().records();
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            acknowledged(send(producer, "same-named", 100, ""));
        }
        mesh.settled("same", before + 100);
        List<String> copies = MirrorMesh.texts(mesh.main, "copy.same-named", 0);
        assertThat(copies).isEqualTo(MirrorMesh.texts(mesh.main, "same-named", 0));
        assertThat(copies).hasSize(100).allMatch(copy -> copy.contains(HeaderPatch.PRINCIPAL + ":shop"));
    }

    @Test
    void withoutAnAnswerWhatWasSentIsMirrored() throws Exception {
        mesh.main.createTopic("same-unanswered", 1);
        long before = mesh.mirror("same").ledger().eligible().records();
        try (KafkaProducer<String, byte[]> producer = mesh.producer("acks", "0", "enable.idempotence", false)) {
            acknowledged(send(producer, "same-unanswered", 500, ""));
            // before it closes: a socket that is closed with an answer unread takes what it sent last with it
            mesh.settled("same", before + 500);
            Patience.awaitAnswer().until(() -> MirrorMesh.size(mesh.main, "same-unanswered", 1) == 500);
        }
        assertThat(MirrorMesh.texts(mesh.main, "copy.same-unanswered", 0))
                .isEqualTo(MirrorMesh.texts(mesh.main, "same-unanswered", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "zstd"})
    void aKeyGoesWholeOrNotAtAll(String codec) throws Exception {
        String topic = "share-" + codec;
        mesh.main.createTopic(topic, 2);
        try (KafkaProducer<String, byte[]> producer = mesh.producer("compression.type", codec)) {
            acknowledged(send(producer, topic, 5_000, ""));
        }
        // what nobody has looked at yet is in the memory, and not in the ledger
        Patience.awaitSettled().until(() -> mesh.memoryBytes("main") == 0);
        int taken = 0;
        long keyless = 0;
        for (int partition = 0; partition < 2; partition++) {
            List<String> source = MirrorMesh.texts(mesh.main, topic, partition);
            List<String> copies = MirrorMesh.texts(mesh.main, "copy." + topic, partition);
            Set<String> keysTaken = new TreeSet<>(keys(copies));
            keysTaken.remove("null");
            List<String> expected = source.stream()
                    .filter(text -> text.startsWith("null=")
                            ? copies.contains(text)
                            : keysTaken.contains(text.substring(0, text.indexOf('='))))
                    .toList();
            assertThat(copies).as("in order, and of a key all").isEqualTo(expected);
            taken += copies.size();
            keyless += copies.stream().filter(text -> text.startsWith("null=")).count();
        }
        assertThat(taken).isBetween(600, 2_600);
        assertThat(keyless).as("of 500").isBetween(80L, 240L);
    }

    @Test
    void onlyRecordsWithTheHeaderGo() throws Exception {
        mesh.main.createTopic("header-1", 1);
        try (KafkaProducer<String, byte[]> producer = mesh.producer("compression.type", "lz4")) {
            acknowledged(send(producer, "header-1", 3_000, ""));
            producer.send(new ProducerRecord<>("header-1", "none", bytes("without")))
                    .get();
        }
        Patience.awaitSettled().until(() -> mesh.memoryBytes("main") == 0);
        MirrorLedger ledger = mesh.mirror("header").ledger();
        assertThat(ledger.eligible().records()).isEqualTo(1_000);
        assertThat(ledger.mirrored()).isEqualTo(ledger.eligible());
        assertThat(MirrorMesh.texts(mesh.main, "copy.header-1", 0))
                .isEqualTo(MirrorMesh.texts(mesh.main, "header-1", 0).stream()
                        .filter(text -> text.contains("x-tenant:acme"))
                        .toList());
    }

    @Test
    void transactionsAreRefusedOrMirroredBeforeTheyEnd() throws Exception {
        mesh.main.createTopic("far-transactions", 1);
        mesh.main.createTopic("taken-1", 1);
        long refusedBefore = mesh.mirror("far").ledger().refused().records();
        try (KafkaProducer<String, byte[]> producer = mesh.producer("transactional.id", "t")) {
            producer.initTransactions();
            producer.beginTransaction();
            acknowledged(send(producer, "far-transactions", 50, ""));
            acknowledged(send(producer, "taken-1", 50, ""));
            MirrorLedger taken = mesh.settled("taken", 50);
            assertThat(taken.mirrored().records()).isEqualTo(50);
            producer.abortTransaction();
            producer.beginTransaction();
            acknowledged(send(producer, "taken-1", 10, ""));
            producer.commitTransaction();
        }
        assertThat(mesh.settled("taken", 60).mirrored().records()).isEqualTo(60);
        assertThat(MirrorMesh.texts(mesh.main, "copy.taken-1", 0)).hasSize(60);
        MirrorLedger far = mesh.mirror("far").ledger();
        assertThat(far.refused().records() - refusedBefore).isEqualTo(50);
        assertThat(mesh.staging.admin().listTopics().names().get()).doesNotContain("mirror.far-transactions");
    }

    @Test
    void aTargetThatTakesNothingIsCountedAndNobodyWaits() throws Exception {
        Map<String, String> reasons = Map.of(
                "denied", "Weir's own user may not write to topic secret.denied-1",
                "missing", "topic mirror.missing-1 does not exist",
                "nowhere", "no cluster in weir.yaml is called nowhere",
                "dead", "took nothing in time: cannot connect to broker 127.0.0.1:",
                "distrusted", "unable to find valid certification path");
        mesh.staging.createTopic("secret.denied-1", 1);
        for (String kind : reasons.keySet()) {
            mesh.main.createTopic(kind + "-1", 1);
        }
        try (KafkaProducer<String, byte[]> producer = mesh.producer()) {
            for (String kind : reasons.keySet()) {
                acknowledged(send(producer, kind + "-1", 300, ""));
            }
        }
        for (String kind : reasons.keySet()) {
            MirrorLedger ledger = mesh.settled(kind, 300);
            assertThat(ledger.eligible().records()).as(kind).isEqualTo(300);
            assertThat(ledger.failed()).as(kind).isEqualTo(ledger.eligible());
            assertThat(mesh.mirror(kind).lastError()).contains(reasons.get(kind));
            assertThat(MirrorMesh.size(mesh.main, kind + "-1", 1)).as(kind).isEqualTo(300);
        }
    }

    @Test
    void aSlowTargetFillsItsMemoryAndNoMore() throws Exception {
        mesh.main.createTopic("slow-1", 1);
        List<Long> reserved = new ArrayList<>();
        int records = 2_000;
        try (KafkaProducer<String, byte[]> producer = mesh.producer("batch.size", 16_000)) {
            List<Future<RecordMetadata>> sent = send(producer, "slow-1", records, "x".repeat(4_000));
            for (Future<RecordMetadata> one : sent) {
                one.get();
                reserved.add(mesh.memoryBytes("slow"));
                mesh.mirror("slow"); // whose ledger holds at any moment: it could not be made otherwise
            }
        }
        assertThat(reserved).allMatch(bytes -> bytes <= MirrorMesh.SLOW_MEMORY_BYTES);
        MirrorLedger ledger = mesh.mirror("slow").ledger();
        assertThat(ledger.eligible().records()).isEqualTo(records);
        assertThat(ledger.dropped().records()).isPositive();
        assertThat(mesh.mirror("slow").lastError()).contains("the memory for mirrors to its cluster is full");
        Patience.awaitAnswer()
                .until(() -> mesh.mirror("slow").ledger().mirrored().records() > 0);
        assertThat(MirrorMesh.texts(mesh.staging, "mirror.slow-1", 0))
                .as("what the certificate lets in")
                .isNotEmpty()
                .allMatch(copy -> copy.contains("=value-"));
    }

    @Test
    void smallBatchesArePutTogetherInTheirOrder() throws Exception {
        mesh.main.createTopic("far-small", 3);
        long before = mesh.mirror("far").ledger().eligible().records();
        try (KafkaProducer<String, byte[]> producer = mesh.producer("batch.size", 1, "linger.ms", 0)) {
            acknowledged(send(producer, "far-small", 3_000, ""));
        }
        MirrorLedger ledger = mesh.settled("far", before + 3_000);
        assertThat(ledger.mirrored()).isEqualTo(ledger.eligible());
        for (int partition = 0; partition < 3; partition++) {
            assertThat(MirrorMesh.texts(mesh.staging, "mirror.far-small", partition))
                    .isEqualTo(MirrorMesh.texts(mesh.main, "far-small", partition));
        }
        assertThat(MirrorMesh.sizeBytes(mesh.staging, "mirror.far-small"))
                .as("without as many headers of batches")
                .isLessThan(MirrorMesh.sizeBytes(mesh.main, "far-small"));
    }

    @Test
    void whatIsTooLargeTogetherArrivesAllTheSame() throws Exception {
        mesh.main.createTopic("far-narrow", 1);
        mesh.staging
                .admin()
                .createTopics(List.of(
                        new NewTopic("mirror.far-narrow", 1, (short) 1).configs(Map.of("max.message.bytes", "2000"))))
                .all()
                .get();
        long before = mesh.mirror("far").ledger().eligible().records();
        try (KafkaProducer<String, byte[]> producer = mesh.producer("batch.size", 1, "linger.ms", 0)) {
            acknowledged(send(producer, "far-narrow", 200, "x".repeat(500)));
        }
        MirrorLedger ledger = mesh.settled("far", before + 200);
        assertThat(ledger.mirrored()).isEqualTo(ledger.eligible());
        assertThat(MirrorMesh.texts(mesh.staging, "mirror.far-narrow", 0))
                .isEqualTo(MirrorMesh.texts(mesh.main, "far-narrow", 0));
    }
}
