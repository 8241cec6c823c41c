package dev.weir.testkit.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.testkit.await.Patience;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients make, at a broker itself, of what compaction and transactions leave in a log: a batch without records that comes alone, and two
 * transactions of one producer that were aborted. What Weir lets through of a canary's topics looks like that, too.
 */
class UnevenLogIT {
    private static final String HOLLOW = "hollow";
    private static final String TRANSACTIONS = "transactions";
    private static final int EACH = 3;
    private static final List<String> COMMITTED = values("committed");
    private static final List<String> ABORTED = values("aborted");
    private static final List<String> ABORTED_TOO = values("aborted-too");

    /** As text, the value of a transaction's end: a version, and the epoch of its coordinator. */
    private static final List<String> MARKER = List.of("\0".repeat(Short.BYTES + Integer.BYTES));

    /** More than any client asks for of a partition, so that it does not come with what is before it. */
    private static final String LARGE = "x".repeat(11 << 20);

    private static final int LARGE_MAX = 16 << 20;

    private static EmbeddedKafka kafka;
    private static ClientAccess access;
    /** Records that are left in the hollow topic. */
    private static int left;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder()
                .property("log.cleaner.backoff.ms", "100")
                .start();
        access = ClientAccess.plaintext(kafka.bootstrap());
        kafka.createTopic(HOLLOW, 1);
        kafka.createTopic(TRANSACTIONS, 1);
        configure(Map.of(
                "cleanup.policy",
                "compact",
                "segment.ms",
                "50",
                "min.cleanable.dirty.ratio",
                "0.0001",
                "max.message.bytes",
                Integer.toString(LARGE_MAX)));
        hollow();
        transactions();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static List<String> values(String prefix) {
        return IntStream.range(0, EACH).mapToObj(i -> prefix + "-" + i).toList();
    }

    /** The first batch loses its record to the second one; it stays, since it is its producer's last. */
    private static void hollow() {
        produce("key", "small");
        produce("key", LARGE);
        left = 1;
        Patience.awaitSettled().ignoreException(NoSuchFileException.class).until(() -> {
            produce("key-" + left++, "small"); // a segment is closed, and may be cleaned, when another begins
            return isHollow();
        });
        configure(Map.of("cleanup.policy", "delete")); // and stays as it is now
    }

    private static void produce(String key, String value) {
        try (KafkaProducer<String, String> producer = producer(Map.of("max.request.size", LARGE_MAX))) {
            producer.send(new ProducerRecord<>(HOLLOW, key, value));
        }
    }

    private static KafkaProducer<String, String> producer(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>(kafka.superUserProperties());
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Whether the broker's own file begins with a batch of no record. */
    private static boolean isHollow() throws Exception {
        int broker = kafka.brokerIds().iterator().next();
        for (String dir : kafka.admin()
                .describeLogDirs(List.of(broker))
                .descriptions()
                .get(broker)
                .get()
                .keySet()) {
            try (DirectoryStream<Path> segments =
                    Files.newDirectoryStream(Path.of(dir, HOLLOW + "-0"), "00000000000000000000.log")) {
                for (Path segment : segments) {
                    try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
                        for (FileChannelRecordBatch batch : records.batches()) {
                            return batch.countOrNull() == 0;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static void transactions() {
        Map<String, String> id = Map.of("transactional.id", "uneven");
        try (KafkaProducer<String, String> producer = producer(id)) {
            producer.initTransactions();
            for (List<String> values : List.of(ABORTED, ABORTED_TOO, COMMITTED)) {
                producer.beginTransaction();
                values.forEach(value -> producer.send(new ProducerRecord<>(TRANSACTIONS, value)));
                producer.flush();
                if (values.equals(COMMITTED)) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        try (KafkaProducer<String, String> next = producer(id)) {
            next.initTransactions(); // waits until there are all markers
        }
    }

    private static void configure(Map<String, String> configs) {
        List<AlterConfigOp> changes = configs.entrySet().stream()
                .map(config -> new AlterConfigOp(
                        new ConfigEntry(config.getKey(), config.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        kafka.admin()
                .incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, HOLLOW), changes))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static ClientReport read(KafkaClient client, String topic, int count) {
        return client.run(
                new ClientTask.Consume(topic, topic + "-" + client.name().toLowerCase(java.util.Locale.ROOT), count),
                access);
    }

    static List<KafkaClient> clients() {
        return List.of(
                new JavaClient("2.1.1", Map.of()),
                new JavaClient("4.3.1", Map.of()),
                new KcatClient(),
                ScriptClient.CONFLUENT_PYTHON);
    }

    static List<KafkaClient> clientsThatPassBatchesWithoutRecords() {
        List<KafkaClient> passing = new ArrayList<>(clients());
        passing.add(ScriptClient.PLATFORMATIC);
        return passing;
    }

    static List<KafkaClient> clientsThatLeaveOutWhatIsAborted() {
        List<KafkaClient> leavingOut = new ArrayList<>(clients());
        leavingOut.add(ScriptClient.KAFKAJS);
        return leavingOut;
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clientsThatPassBatchesWithoutRecords")
    void aBatchWithoutRecordsIsPassed(KafkaClient client) {
        ClientReport report = read(client, HOLLOW, left);
        assertThat(report.errors()).isEmpty();
        assertThat(report.received()).hasSize(left);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void kafkaPythonEndsAtABatchWithoutRecords() {
        ClientReport report = read(ScriptClient.KAFKA_PYTHON, HOLLOW, left);
        assertThat(report.errorCodes()).containsExactly("IndexError");
        assertThat(report.received()).isEmpty();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void kafkajsDoesNotPassABatchWithoutRecords() {
        ClientReport report = read(ScriptClient.KAFKAJS, HOLLOW, left);
        assertThat(report.done()).isFalse();
        assertThat(report.received()).isEmpty();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("clientsThatLeaveOutWhatIsAborted")
    void whatIsAbortedIsLeftOut(KafkaClient client) {
        ClientReport report = read(client, TRANSACTIONS, COMMITTED.size());
        assertThat(report.errors()).isEmpty();
        assertThat(report.values()).isEqualTo(COMMITTED);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void platformaticShowsAllButTheLastThatItsProducerAborted() {
        ClientReport report = read(ScriptClient.PLATFORMATIC, TRANSACTIONS, ABORTED.size() + COMMITTED.size());
        assertThat(report.values())
                .isEqualTo(Stream.of(ABORTED, COMMITTED).flatMap(List::stream).toList());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void kafkaPythonShowsWhatIsAbortedAndMarkersOfTransactions() {
        List<String> all = Stream.of(ABORTED, MARKER, ABORTED_TOO, MARKER, COMMITTED, MARKER)
                .flatMap(List::stream)
                .toList();
        assertThat(read(ScriptClient.KAFKA_PYTHON, TRANSACTIONS, all.size()).values())
                .isEqualTo(all);
    }
}
