package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.topology.TopologyApp;
import dev.weir.topology.TopologySettings;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lag as instances of the topology show it that share the work, come and go. Each of many partitions has a group that is
 * as late as its number says.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LagInstancesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 24;
    private static final long ROUND_RECORDS = 100;
    /** A time lag is of the moment at which it is asked for; what is asked is answered within this. */
    private static final long ANSWER_MILLIS = 1_500;

    @TempDir
    static Path dir;

    private static EmbeddedKafka kafka;
    private static KafkaProducer<byte[], byte[]> producer;
    private static TopologyApp first;
    private static final Reports APPENDS = new Reports("proxy-a");
    private static final Reports COMMITS = new Reports("proxy-b");
    private static long end;
    /** When the oldest record that is not committed was appended, by partition. */
    private static final Map<Integer, Long> PENDING = new HashMap<>();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        first = app("first");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer());
        await().atMost(SOON).until(() -> first.view().freshness().state() == Freshness.State.SILENT);
    }

    @AfterAll
    static void stop() {
        producer.close(Duration.ZERO);
        first.close();
        kafka.close();
    }

    private static TopologyApp app(String instance) {
        return TopologyApp.start(TopologySettings.of(kafka.bootstrap(), instance, dir.resolve(instance)));
    }

    /** A hundred records on each partition; of those of partition N, the last N are not committed. */
    private static void round() {
        long now = System.currentTimeMillis();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            send(partition, APPENDS.append(end, end + ROUND_RECORDS - partition, now - 1_000, false));
            if (partition > 0) {
                send(partition, APPENDS.append(end + ROUND_RECORDS - partition, end + ROUND_RECORDS, now - 500, false));
                PENDING.put(partition, now - 500);
            }
            send(partition, COMMITS.commit("group-" + partition, end + ROUND_RECORDS - partition, now - 200));
        }
        end += ROUND_RECORDS;
        producer.flush();
    }

    private static void send(int partition, Progress progress) {
        producer.send(new ProducerRecord<>(
                ReportTopic.PROGRESS.topicName(),
                ReportKeys.progress(Reports.CLUSTER, Reports.TOPIC, partition),
                progress.toBuilder().setPartition(partition).build().toByteArray()));
    }

    private static void awaitRightLag(TopologyApp app) {
        await().atMost(SOON).untilAsserted(() -> {
            long askedMillis = System.currentTimeMillis();
            List<GroupLag> groups = app.view().groups(Moment.NOW);
            assertThat(groups).hasSize(PARTITIONS).allSatisfy(group -> {
                int partition = group.partitions().get(0).partition();
                assertThat(group.group()).isEqualTo("group-" + partition);
                assertThat(group.partitions())
                        .singleElement()
                        .extracting(GroupLag.PartitionLag::committedOffset)
                        .isEqualTo(end - partition);
                assertThat(group.lagRecords()).isEqualTo(partition);
                assertThat(group.offsetLag()).isEqualTo(partition);
                long millis = partition == 0 ? 0 : askedMillis - PENDING.get(partition);
                assertThat(group.lagMillis()).isBetween(millis - ANSWER_MILLIS, millis + ANSWER_MILLIS);
            });
        });
    }

    @Test
    @Order(1)
    void oneAnswersForAll() {
        round();
        awaitRightLag(first);
    }

    @Test
    @Order(2)
    void twoShareTheWorkAndEachAnswersForAllAlsoWhenTheOtherLeaves() {
        try (TopologyApp second = app("second")) {
            awaitRightLag(second);
            round();
            awaitRightLag(first);
            awaitRightLag(second);
            first.close();
            round();
            awaitRightLag(second);
            first = app("first");
            awaitRightLag(first);
            round();
            awaitRightLag(first);
            awaitRightLag(second);
        }
        round();
        awaitRightLag(first);
    }

    @Test
    @Order(3)
    void aRestartGoesOnFromWhatWasKnownAndTakesWhatCameMeanwhile() {
        round();
        awaitRightLag(first);
        long at = await().atMost(SOON)
                .until(() -> System.currentTimeMillis() - GroupLag.HISTORY_STEP_MILLIS, LagInstancesIT::isSettled);
        Map<String, List<Long>> before = past(first, at);
        first.close();
        round();
        first = app("first");
        awaitRightLag(first);
        round();
        awaitRightLag(first);
        assertThat(past(first, at)).isEqualTo(before);
    }

    /**
     * Whether what is shown for a time is of the last round, and stays: history has steps of ten seconds, and what is shown
     * for the one after it is another value, so none is still to come.
     */
    private static boolean isSettled(long atMillis) {
        Map<String, List<Long>> shown = past(first, atMillis);
        Map<String, List<Long>> later = past(first, atMillis + GroupLag.HISTORY_STEP_MILLIS);
        return IntStream.range(0, PARTITIONS).allMatch(partition -> {
            List<Long> lag = shown.get("group-" + partition);
            return lag != null
                    && lag.get(0) == end - partition
                    && (partition == 0 || !lag.equals(later.get("group-" + partition)));
        });
    }

    /** What was shown at a time, by group: committed offset, records, time lag. */
    private static Map<String, List<Long>> past(TopologyApp app, long atMillis) {
        Map<String, List<Long>> groups = new HashMap<>();
        app.view()
                .groups(new Moment(OptionalLong.of(atMillis), Moment.WINDOW_MILLIS_DEFAULT))
                .forEach(group -> groups.put(
                        group.group(),
                        List.of(group.partitions().get(0).committedOffset(), group.lagRecords(), group.lagMillis())));
        return groups;
    }

    @Test
    @Order(4)
    void aLostFolderIsMadeAnewFromKafka() {
        first.close();
        first = app("elsewhere");
        round();
        awaitRightLag(first);
    }
}
