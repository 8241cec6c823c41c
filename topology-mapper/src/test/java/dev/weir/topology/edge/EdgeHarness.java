package dev.weir.topology.edge;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.ReportStream;
import dev.weir.topology.stream.StateTopic;
import dev.weir.topology.stream.StreamPart;
import dev.weir.topology.view.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The stream of edges without a Kafka, and the view of what it says; time stands still until it is moved. */
final class EdgeHarness implements AutoCloseable {
    /** At the beginning of an hour. */
    static final long START = 1_800_000_000_000L;

    final ReportCounts counts = new ReportCounts();
    final EdgeTable table;
    final List<TestRecord<byte[], byte[]>> forwarded = new ArrayList<>();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> flows;
    private final TestOutputTopic<byte[], byte[]> state;
    private long now = START;

    EdgeHarness() {
        this(10_000, 1_000, 1_000);
    }

    EdgeHarness(int edgesMax, int clientsMax, int topicsMax) {
        table = new EdgeTable(new Census(edgesMax, clientsMax, topicsMax));
        Properties properties = new Properties();
        properties.put("application.id", "_weir-test");
        properties.put("bootstrap.servers", "none:1");
        StreamPart part = EdgePart.of(new Census(edgesMax, clientsMax, topicsMax), counts);
        driver = new TopologyTestDriver(ReportStream.of(List.of(part)), properties, Instant.ofEpochMilli(START));
        flows = driver.createInputTopic(
                ReportTopic.FLOWS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
        state = driver.createOutputTopic(StateTopic.NAME, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    long now() {
        return now;
    }

    void report(Flow flow) {
        flows.pipeInput(ReportKeys.flow(flow.getHeader().getCluster(), flow.getTopic()), flow.toByteArray(), now);
    }

    /** Lets time pass, and the view take what was said meanwhile. */
    void pass(Duration time) {
        now += time.toMillis();
        driver.advanceWallClockTime(time);
        for (TestRecord<byte[], byte[]> record : state.readRecordsToList()) {
            forwarded.add(record);
            for (RecordKind kind : table.kinds()) {
                if (record.key()[0] == kind.code()) {
                    table.accept(kind, record.key(), record.value());
                }
            }
        }
        table.tick(now);
    }

    long forwardedEdges() {
        return forwarded.stream()
                .filter(record -> record.key()[0] == RecordKind.EDGE.code())
                .count();
    }

    List<EdgeSum> sums() {
        return table.sums(Moment.NOW, now);
    }

    EdgeSum only() {
        List<EdgeSum> sums = sums();
        if (sums.size() != 1) {
            throw new AssertionError("expected one edge, found " + sums);
        }
        return sums.get(0);
    }

    /** Records of the one edge in a window of the past. */
    long recordsAt(long end, Duration window) {
        return table.sums(new Moment(OptionalLong.of(end), window.toMillis()), now)
                .get(0)
                .counts()
                .records();
    }

    Map<String, Long> statistics() {
        ReportCounts.Snapshot all = counts.snapshot();
        return Map.of("taken", all.taken(), "duplicate", all.duplicate(), "late", all.late());
    }

    @Override
    public void close() {
        driver.close();
    }
}
