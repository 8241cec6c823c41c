package dev.weir.topology.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.TestReports;
import dev.weir.topology.mirror.MirrorTable;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.ReportStream;
import dev.weir.topology.stream.StateTopic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a topology that starts anew knows of where copies went: it finds the newest record of each key, in any order of keys. */
class FormerTargetsTopologyTest {
    private static final long START = 1_700_000_000_000L;
    private static final long STAYS_MILLIS = 600_000;

    private final TopologyTestDriver driver = driver();
    private final TestInputTopic<byte[], byte[]> reports = driver.createInputTopic(
            ReportTopic.PROXIES.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
    private final TestOutputTopic<byte[], byte[]> state =
            driver.createOutputTopic(StateTopic.NAME, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final Map<ByteBuffer, byte[]> compacted = new LinkedHashMap<>();
    private final MirrorTable running = new MirrorTable();
    private final ProxyTable view = new ProxyTable(running);

    private static TopologyTestDriver driver() {
        Properties properties = new Properties();
        properties.put("application.id", "_weir-test");
        properties.put("bootstrap.servers", "none:1");
        return new TopologyTestDriver(ReportStream.of(List.of(ProxyPart.of(new ReportCounts()))), properties);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void report(long epoch, long sequence, long toMillis, ProxyReport.Mirror... said) {
        report(TestReports.proxy(TestReports.header("a", epoch, sequence, toMillis)).toBuilder()
                .addAllMirrors(List.of(said))
                .build());
    }

    private void report(ProxyReport report) {
        reports.pipeInput(new byte[] {1}, report.toByteArray());
        for (TestRecord<byte[], byte[]> record : state.readRecordsToList()) {
            compacted.put(ByteBuffer.wrap(record.key()), record.value());
            take(view, record.key(), record.value());
        }
    }

    private static void take(ProxyTable view, byte[] key, byte[] value) {
        for (RecordKind kind : view.kinds()) {
            if (kind.code() == key[0]) {
                view.accept(kind, key, value);
            }
        }
    }

    /** As read by topologies that start now. */
    private List<MirrorTable> startedAnew() {
        List<byte[]> keys = new ArrayList<>();
        compacted.keySet().forEach(key -> keys.add(key.array()));
        List<MirrorTable> started = new ArrayList<>();
        for (int order = 0; order < 2; order++) {
            MirrorTable mirrors = new MirrorTable();
            ProxyTable proxies = new ProxyTable(mirrors);
            keys.forEach(key -> take(proxies, key, compacted.get(ByteBuffer.wrap(key))));
            assertThat(proxies.proxies(START)).hasSize(1);
            started.add(mirrors);
            Collections.reverse(keys);
        }
        return started;
    }

    @Test
    void aTargetOfARunThatIsOverStaysOneForAsLong() {
        report(START, 1, START + 5_000, TestReports.mirror("orders", 7));
        report(START + 6_000, 1, START + 10_000); // policy had it no more
        report(START + 6_000, 2, START + 15_000);
        report(START + 16_000, 1, START + 20_000, TestReports.mirror("clicks", 0));
        List<MirrorTable> all = startedAnew();
        all.add(running);
        for (MirrorTable mirrors : all) {
            assertThat(mirrors.leadTo("staging", "mirror.orders", START + 5_000 + STAYS_MILLIS - 1))
                    .isTrue();
            assertThat(mirrors.leadTo("staging", "mirror.orders", START + 5_000 + STAYS_MILLIS))
                    .isFalse();
            assertThat(mirrors.leadTo("staging", "mirror.clicks", START + 20_000))
                    .isTrue();
        }
    }

    @Test
    void aClusterWhoseTargetsNobodyCouldTellStaysOneToo() {
        report(TestReports.proxy(TestReports.header("a", START, 1, START + 5_000)).toBuilder()
                .addUntoldMirrorClusters("staging")
                .build());
        report(START + 6_000, 1, START + 10_000);
        for (MirrorTable mirrors : startedAnew()) {
            assertThat(mirrors.leadAnywhereIn(START + 5_000 + STAYS_MILLIS - 1)).containsExactly("staging");
            assertThat(mirrors.leadAnywhereIn(START + 5_000 + STAYS_MILLIS)).isEmpty();
        }
    }

    @Test
    void aTargetOfThisRunIsOneNoLongerThanBefore() {
        ProxyReport.Mirror past =
                TestReports.mirror("orders", 7).toBuilder().setPast(true).build();
        report(START, 1, START + 5_000, TestReports.mirror("orders", 7));
        for (int i = 2; i <= 200; i++) {
            report(START, i, START + 5_000 * i, past);
        }
        assertThat(running.leadTo("staging", "mirror.orders", START + 5_000 + STAYS_MILLIS - 1))
                .isTrue();
        assertThat(running.leadTo("staging", "mirror.orders", START + 5_000 + STAYS_MILLIS))
                .isFalse();
    }

    @Test
    void aProxyWithoutMirrorsIsWrittenOnce() {
        report(START, 1, START + 5_000);
        assertThat(compacted).hasSize(1);
        report(START, 2, START + 10_000, TestReports.mirror("orders", 7));
        report(START, 3, START + 15_000, TestReports.mirror("orders", 9));
        assertThat(compacted).as("and one record for a run that has some").hasSize(2);
    }
}
