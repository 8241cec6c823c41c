package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.SloView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the topology shows of real clients behind real proxies, against what these clients know themselves, and against
 * what a lag exporter would show. All loads run at once for half a minute; then each test looks at one side of it.
 */
class MeshLedgerIT {
    private static final long ERROR_MILLIS_MAX = 1_500;
    private static final double RATE_ERROR_MAX = 0.01;
    /** Of the last seconds, whose border no report meets exactly: a tenth of a second is a percent. */
    private static final double LIVE_RATE_ERROR_MAX = 0.05;

    private static final String OBJECTIVE = """
            ---
            apiVersion: weir.dev/v1
            kind: Slo
            metadata: {name: in-time, owner: test}
            spec: {group: stopped, topics: [stopped], objective: 99%, within: 5s}
            """;

    private static final String MIRROR = """
            ---
            apiVersion: weir.dev/v1
            kind: Mirror
            metadata: {name: aside, owner: test}
            spec: {topics: [steady], to: {topic: "copy.{topic}"}, create: {}}
            """;

    @TempDir
    private static Path folder;

    private static LedgerMesh mesh;
    private static Traffic traffic;

    @BeforeAll
    static void run() throws Exception {
        mesh = LedgerMesh.start(folder, Traffic.TOPICS, OBJECTIVE + MIRROR);
        traffic = new Traffic(mesh);
        traffic.run();
    }

    @AfterAll
    static void stop() {
        if (traffic != null) {
            traffic.close();
        }
        if (mesh != null) {
            mesh.close();
        }
    }

    @Test
    void recordsOfEachEdgeAreExact() {
        for (Load load : traffic.loads()) {
            awaitSettled().untilAsserted(() -> {
                load.poll();
                assertThat(recordsTotal(load.topic() + "-writer", load.topic()))
                        .as("produced to %s", load)
                        .isEqualTo(load.produced());
                if (!load.topic().equals("stopped")) { // it left with records that it had been sent and not taken
                    assertThat(recordsTotal(load.topic(), load.topic() + "-reader"))
                            .as("consumed from %s", load)
                            .isEqualTo(load.received());
                }
            });
        }
        Load steady = traffic.load("steady");
        assertThat(steady.received()).isEqualTo(steady.produced());
        assertThat(traffic.load("aborted").received()).isEqualTo(50);
        assertThat(traffic.load("aborted").produced()).isEqualTo(80);
    }

    @Test
    void ratesAreWithinOnePercent() {
        long end = traffic.slotsEndMillis();
        long windowMillis = end - traffic.slotsBeginMillis();
        long truth = traffic.load("slotted").truth().appendedBetween(traffic.slotsBeginMillis(), end);
        assertThat(truth).isGreaterThan(200);
        double rate = truth * 1_000.0 / windowMillis;
        Moment past = new Moment(OptionalLong.of(end), windowMillis);
        awaitSettled().untilAsserted(() -> {
            assertThat(rate(past, "slotted-writer", "slotted")).isCloseTo(rate, within(rate * RATE_ERROR_MAX));
            assertThat(rate(past, "slotted", "slotted-reader")).isCloseTo(rate, within(rate * RATE_ERROR_MAX));
        });
        double meanError = Arrays.stream(traffic.rateErrors()).average().orElseThrow();
        System.out.printf(
                "Rates over %d s: truth %.1f/s; live: mean error %.2f %%, worst %.2f %%%n",
                windowMillis / 1_000,
                rate,
                100 * meanError,
                100 * Arrays.stream(traffic.rateErrors()).max().orElseThrow());
        assertThat(meanError).isLessThan(LIVE_RATE_ERROR_MAX);
    }

    @Test
    void timeLagIsWithinOneAndAHalfSecondsAndBetterThanPolling() throws Exception {
        StringBuilder figures = new StringBuilder("Error of time lag, against what the clients know; polling every ")
                .append(Traffic.POLL_MILLIS)
                .append(" ms\n");
        traffic.lagErrors().forEach(each -> figures.append(each).append('\n'));
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "lag-error.txt"), figures.toString());
        System.out.print(figures);
        assertThat(traffic.lagErrors()).allSatisfy(each -> {
            assertThat(each.samples()).as(each.toString()).isGreaterThan(20);
            assertThat(each.usualMillis())
                    .as(each + "; worst: " + each.worstSample())
                    .isLessThan(ERROR_MILLIS_MAX);
        });
        assertThat(traffic.lagErrors().stream()
                        .mapToDouble(LagErrors::meanMillis)
                        .sum())
                .as(figures.toString())
                .isLessThan(traffic.lagErrors().stream()
                        .mapToDouble(LagErrors::meanMillisOfExporter)
                        .sum());
    }

    @Test
    void whereNothingIsToBeReadLagIsExactlyZero() {
        assertThat(traffic.shownOfNothing()).containsOnlyKeys(Traffic.NOTHING_TO_READ);
        assertThat(traffic.shownOfNothing())
                .allSatisfy((group, lags) ->
                        assertThat(lags).as(group).hasSizeGreaterThan(20).containsOnly(0L));
    }

    @Test
    void offsetLagAndCommitsAreThoseThatKafkaShows() {
        for (Load load : traffic.loads()) {
            awaitSettled().untilAsserted(() -> {
                GroupLag group = group(load.topic());
                assertThat(group.offsetLag())
                        .as(load.topic())
                        .isEqualTo(load.adminLag(mesh.kafka().admin()));
                assertThat(group.partitions())
                        .singleElement()
                        .extracting(GroupLag.PartitionLag::committedOffset)
                        .as(load.topic())
                        .isEqualTo(load.committed(mesh.kafka().admin()));
            });
        }
    }

    /** Committed or aborted, what is at the end of a transaction is not late for ever; nor is what was aborted. */
    @Test
    void transactionsLeaveNoLag() throws Exception {
        assertThat(traffic.load("committed").adminLag(mesh.kafka().admin())).isEqualTo(1);
        assertThat(traffic.load("aborted").adminLag(mesh.kafka().admin())).isEqualTo(32);
        for (String topic : List.of("committed", "aborted")) {
            assertThat(group(topic).lagRecords()).as(topic).isZero();
            assertThat(group(topic).lagMillis()).as(topic).isZero();
        }
        Load open = traffic.load("open");
        open.producer().commitTransaction();
        awaitSettled().untilAsserted(() -> {
            open.poll();
            assertThat(open.received()).isEqualTo(70);
            assertThat(group("open").lagRecords()).isEqualTo(20);
            assertThat(group("open").lagMillis()).isPositive();
        });
        open.commitReceived();
        awaitSettled().untilAsserted(() -> {
            assertThat(group("open").lagRecords()).isZero();
            assertThat(group("open").lagMillis()).isZero();
            assertThat(group("open").offsetLag()).isEqualTo(1);
        });
    }

    @Test
    void whatIsCommittedIsNotLate() {
        for (String topic : Traffic.CAUGHT_UP) {
            awaitSettled().untilAsserted(() -> {
                assertThat(group(topic).lagMillis()).as(topic).isZero();
                assertThat(group(topic).lagRecords()).as(topic).isZero();
                assertThat(group(topic).status()).as(topic).isEqualTo(GroupStatus.OK);
            });
        }
    }

    @Test
    void groupsWithoutMembersStayAndArePastTheirObjective() {
        Load stopped = traffic.load("stopped");
        awaitSettled().untilAsserted(() -> {
            GroupLag group = group("stopped");
            assertThat(group.members()).isEmpty();
            assertThat(group.status()).isEqualTo(GroupStatus.STOPPED);
            assertThat(group.lagRecords()).isEqualTo(stopped.produced());
            assertThat(group.history()).anyMatch(lag -> lag > 5_000);
            assertThat(group.services()).containsExactly("stopped-reader");
        });
        long before = System.currentTimeMillis() - 8_000;
        GroupLag past = mesh.view().groups(new Moment(OptionalLong.of(before), 60_000)).stream()
                .filter(one -> one.group().equals("stopped"))
                .findFirst()
                .orElseThrow();
        assertThat(past.lagRecords()).isBetween(300L, stopped.produced());
        assertThat(stopped.truth().errorMillis(past.lagMillis(), before, 11_000))
                .isLessThan(ERROR_MILLIS_MAX);
        awaitSettled().untilAsserted(() -> {
            SloView slo = mesh.view().slos(Moment.NOW).get(0);
            assertThat(slo.bad()).isEqualTo(stopped.produced());
            assertThat(slo.alert()).isEqualTo(SloView.Alert.PAGE);
        });
    }

    @Test
    void bothProtocolsOfConsumerGroupsAreToldApart() {
        awaitSettled().untilAsserted(() -> {
            assertThat(group("steady").protocol()).isEqualTo("CLASSIC");
            assertThat(group("bursty").protocol()).isEqualTo("CONSUMER");
            for (String topic : List.of("steady", "bursty")) {
                assertThat(group(topic).members())
                        .singleElement()
                        .extracting(GroupLag.Member::service)
                        .isEqualTo(topic + "-reader");
            }
        });
    }

    @Test
    void whatIsNotAcknowledgedIsCountedAndIsNoBypass() {
        Load unacked = traffic.load("unacked");
        awaitSettled().untilAsserted(() -> {
            assertThat(mesh.edges(Moment.NOW, "unacked-writer", "unacked"))
                    .singleElement()
                    .extracting(Edge::recordsUnacknowledged)
                    .isEqualTo(unacked.produced());
            assertThat(unacked.adminLag(mesh.kafka().admin())).isZero();
        });
    }

    @Test
    void whatGoesAroundTheMeshIsNamedAndCounted() {
        awaitSettled().untilAsserted(() -> {
            Coverage coverage = mesh.view().topology(Moment.NOW).coverage();
            assertThat(named(coverage.bypassedTopics()))
                    .isEqualTo(traffic.bypass().records());
            assertThat(named(coverage.bypassingGroups()))
                    .isEqualTo(traffic.bypass().commits());
            long through = traffic.loads().stream().mapToLong(Load::produced).sum()
                    - traffic.load("unacked").produced(); // nobody can say whether they came through
            long around = traffic.bypass().records().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(coverage.percentRecords()).isCloseTo(100.0 * through / (through + around), within(2.0));
        });
    }

    @Test
    void whatIsMirroredIsAnEdgeFromTopicToTopic() {
        awaitSettled()
                .untilAsserted(() -> assertThat(mesh.view().topology(Moment.NOW).mirrors())
                        .singleElement()
                        .satisfies(mirror -> {
                            assertThat(mirror.mirror()).isEqualTo("aside");
                            assertThat(mirror.from()).isEqualTo("topic:main/steady");
                            assertThat(mirror.to()).isEqualTo("topic:main/copy.steady");
                            assertThat(mirror.mirrored())
                                    .isEqualTo(traffic.load("steady").produced());
                            assertThat(mirror.inFlight()).isZero();
                            assertThat(mirror.lastError()).isEmpty();
                        }));
    }

    private static Map<String, Long> named(List<Coverage.Bypass> found) {
        Map<String, Long> records = new HashMap<>();
        found.forEach(one -> records.put(one.name(), one.records()));
        return records;
    }

    private static long recordsTotal(String from, String to) {
        return mesh.edges(Moment.NOW, from, to).stream()
                .mapToLong(Edge::recordsTotal)
                .sum();
    }

    private static double rate(Moment moment, String from, String to) {
        return mesh.edges(moment, from, to).stream()
                .mapToDouble(Edge::recordsPerSecond)
                .sum();
    }

    private static GroupLag group(String name) {
        return mesh.group(name);
    }
}
