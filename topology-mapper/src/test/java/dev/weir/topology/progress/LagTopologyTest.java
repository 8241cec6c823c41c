package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.topology.coverage.CoverageView;
import dev.weir.topology.coverage.UnacknowledgedPart;
import dev.weir.topology.mesh.MembershipAnswers;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.ReportStream;
import dev.weir.topology.stream.StateTopic;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.PolicyView.Objective;
import dev.weir.topology.view.SloView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports go in, and what the view answers is looked at. */
class LagTopologyTest {
    private static final long T = 1_700_000_000_000L / 600_000 * 600_000;

    @TempDir
    Path dir;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> reports;
    private TestInputTopic<byte[], byte[]> flows;
    private TestOutputTopic<byte[], byte[]> state;
    private final CoverageView coverage = new CoverageView();
    private final LagView view = new LagView(LagSettings.DEFAULT, new Nobody(), coverage);
    private final Reports proxy = new Reports("proxy");
    private long now = T;
    private int partitionRecords;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put("application.id", "_weir-test");
        settings.put("bootstrap.servers", "nowhere:1");
        settings.put("state.dir", dir.toString());
        LagSettings small = new LagSettings(60_000, 30_000, 86_400_000, 15_000, 512, 64, 2);
        driver = new TopologyTestDriver(
                ReportStream.of(List.of(new LagPart(small, new ReportCounts()), new UnacknowledgedPart())),
                settings,
                Instant.ofEpochMilli(T));
        reports = driver.createInputTopic(
                ReportTopic.PROGRESS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
        flows = driver.createInputTopic(
                ReportTopic.FLOWS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
        state = driver.createOutputTopic(StateTopic.NAME, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void report(Progress progress) {
        reports.pipeInput(
                ReportKeys.progress(Reports.CLUSTER, progress.getTopic(), progress.getPartition()),
                progress.toByteArray());
    }

    private void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 1_000) {
            now += 1_000;
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
        partitionRecords = 0;
        for (TestRecord<byte[], byte[]> record : state.readRecordsToList()) {
            for (RecordKind kind : view.kinds()) {
                if (record.key()[0] == kind.code()) {
                    view.accept(kind, record.key(), record.value());
                    partitionRecords += kind == RecordKind.PARTITION ? 1 : 0;
                }
            }
        }
    }

    private GroupLag group() {
        return view.groups(Moment.NOW, now).get(0);
    }

    @Test
    void lagGrowsInTheViewWhileNothingIsWritten() {
        report(proxy.append(0, 100, T, false));
        report(proxy.commit("g", 40, T + 500));
        pass(40_000);
        assertThat(group().lagMillis()).isEqualTo(40_000);
        assertThat(group().lagRecords()).isEqualTo(60);
        assertThat(group().offsetLag()).isEqualTo(60);

        pass(60_000);
        assertThat(partitionRecords).as("that it grows is told once").isLessThanOrEqualTo(2);
        assertThat(group().lagMillis()).isEqualTo(100_000);
        assertThat(group().status()).isEqualTo(GroupStatus.STOPPED);
        assertThat(group().history()).hasSize(60).endsWith(90_000L, 100_000L).startsWith(-1L);
    }

    @Test
    void lagIsAsOfWhenAllIsKnownUntilAGroupHasBeenSilentForLong() {
        report(proxy.append(0, 100, T, false));
        report(proxy.commit("g", 40, T + 500));
        pass(1_000);
        assertThat(group().lagMillis()).as("as of the proxy's report").isEqualTo(500);
        pass(4_000);
        assertThat(group().lagMillis()).as("less what is on its way").isEqualTo(5_000 - LagFigures.NEWS_MILLIS);
        pass(10_000);
        assertThat(group().lagMillis()).as("of a silent group").isEqualTo(15_000);
    }

    @Test
    void thePastIsAsItWas() {
        report(proxy.append(0, 100, T, false));
        report(proxy.commit("g", 40, T + 500));
        pass(60_000);
        report(proxy.commit("g", 100, now));
        pass(3_600_000);

        GroupLag then = view.groups(new Moment(OptionalLong.of(T + 30_000), 60_000), now)
                .get(0);
        assertThat(then.lagMillis()).isEqualTo(30_000);
        assertThat(then.lagRecords()).isEqualTo(60);
        assertThat(then.partitions().get(0).committedOffset()).isEqualTo(40);
        GroupLag later = view.groups(new Moment(OptionalLong.of(T + 1_800_000), 60_000), now)
                .get(0);
        assertThat(later.lagMillis()).isZero();
        assertThat(later.partitions().get(0).committedOffset()).isEqualTo(100);
        assertThat(view.groups(new Moment(OptionalLong.of(T - 60_000), 60_000), now))
                .isEmpty();
        assertThat(group().history()).containsOnly(0L);
    }

    @Test
    void objectivesAreJudgedFromWhatTheStreamCounted() {
        report(proxy.append(0, 100, T, false));
        report(proxy.commit("g", 0, T));
        report(proxy.commit("g", 60, T + 2_000));
        pass(30_000);

        Objective objective = new Objective("o", "team", "", "", "g", List.of("ord*"), 0.9, 10_000, 30L * 86_400_000);
        SloView slo = view.slos(List.of(objective), Moment.NOW, now).get(0);

        assertThat(slo.good()).isEqualTo(60);
        assertThat(slo.bad()).isEqualTo(40);
        assertThat(slo.attained()).isEqualTo(0.6);
        assertThat(slo.burns().get(0).longRate()).isBetween(3.9, 4.1);
    }

    @Test
    void partitionsAboveTheLimitAreCounted() {
        for (int partition = 0; partition < 5; partition++) {
            report(proxy.append(0, 100, T, false).toBuilder()
                    .setPartition(partition)
                    .build());
        }
        pass(2_000);

        assertThat(view.refused()).isEqualTo(3);
        assertThat(view.partitions(Reports.CLUSTER, Reports.TOPIC, Moment.NOW, now))
                .hasSize(2);
    }

    @Test
    void recordsWithoutAcknowledgementAreSummed() {
        for (long unacknowledged : new long[] {0, 5, 7}) {
            flows.pipeInput(
                    ReportKeys.flow(Reports.CLUSTER, Reports.TOPIC),
                    Flow.newBuilder()
                            .setHeader(proxy.at(T).getHeader())
                            .setTopic(Reports.TOPIC)
                            .setRecordsUnacknowledged(unacknowledged)
                            .build()
                            .toByteArray());
        }
        pass(2_000);

        assertThat(coverage.unacknowledged(Reports.CLUSTER, Reports.TOPIC)).isEqualTo(12);
    }

    @Test
    void whatIsNoReportIsLeftOut() {
        reports.pipeInput(new byte[] {1}, new byte[] {(byte) 0xff, 1, 2});
        reports.pipeInput(new byte[] {1}, (byte[]) null);
        flows.pipeInput(new byte[] {1}, new byte[] {(byte) 0xff, 1, 2});
        pass(2_000);

        assertThat(view.groups(Moment.NOW, now)).isEmpty();
    }

    private static final class Nobody implements MembershipAnswers {
        @Override
        public List<GroupLag.Member> members(String cluster, String group, long atMillis) {
            return List.of();
        }

        @Override
        public GroupLag.Rebalances rebalances(String cluster, String group, long atMillis) {
            return GroupLag.Rebalances.UNKNOWN;
        }

        @Override
        public String groupOf(Iterable<Long> clients, String topic) {
            return "";
        }

        @Override
        public String protocol(String cluster, String group) {
            return "";
        }

        @Override
        public List<String> services(String cluster, String group) {
            return List.of();
        }
    }
}
