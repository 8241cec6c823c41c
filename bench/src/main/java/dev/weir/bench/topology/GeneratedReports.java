package dev.weir.bench.topology;

import com.google.protobuf.MessageLite;
import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.LatencySketch;
import dev.weir.mesh.report.v1.Progress;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Rounds of one proxy for a mesh of some size: in each, every edge has a flow, half of them producers with latencies, and
 * every partition was appended to and committed. The last round is of now.
 */
final class GeneratedReports {
    private static final String CLUSTER = "main";
    private static final int EDGES_PER_TOPIC = 10;
    private static final int SKETCH_BUCKETS = 8;

    private final int edges;
    private final int partitions;
    private final int rounds;
    private final long start;

    GeneratedReports(int edges, int partitions, int rounds) {
        this.edges = edges;
        this.partitions = partitions;
        this.rounds = rounds;
        this.start = System.currentTimeMillis() - rounds * 1_000L;
    }

    long flows() {
        return (long) edges * rounds;
    }

    void send(String bootstrap) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 50, "batch.size", 262_144, "acks", "1");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int round = 1; round <= rounds; round++) {
                Header header = Header.newBuilder()
                        .setProxy("proxy-1")
                        .setEpochMillis(1)
                        .setSequence(round)
                        .setFromMillis(start + (round - 1) * 1_000L)
                        .setToMillis(start + round * 1_000L)
                        .setCluster(CLUSTER)
                        .build();
                for (int edge = 0; edge < edges; edge++) {
                    Flow flow = flow(header, edge);
                    send(producer, ReportTopic.FLOWS, ReportKeys.flow(CLUSTER, flow.getTopic()), flow);
                }
                for (int partition = 0; partition < partitions; partition++) {
                    Progress progress = progress(header, partition, round);
                    byte[] key = ReportKeys.progress(CLUSTER, progress.getTopic(), progress.getPartition());
                    send(producer, ReportTopic.PROGRESS, key, progress);
                }
            }
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, ReportTopic topic, byte[] key, MessageLite report) {
        producer.send(new ProducerRecord<>(topic.topicName(), key, report.toByteArray()));
    }

    private static Client client(int number) {
        return Client.newBuilder()
                .setListener("internal")
                .setPrincipal("User:CN=service-" + number + ",O=example")
                .setService("service-" + number)
                .setVersion("v1")
                .setClientId("service-" + number + "-0")
                .setSoftwareName("apache-kafka-java")
                .setSoftwareVersion("4.3.1")
                .setMechanism("MTLS")
                .setTls(true)
                .setSource("10.0.0." + number % 250)
                .build();
    }

    private Flow flow(Header header, int edge) {
        boolean produce = edge % 2 == 0;
        Flow.Builder flow = Flow.newBuilder()
                .setHeader(header)
                .setClient(client(edge % Math.max(1, edges / 5)))
                .setDirection(produce ? Direction.PRODUCE : Direction.CONSUME)
                .setTopic("team.domain.topic-" + edge / EDGES_PER_TOPIC)
                .setGroup(produce ? "" : "group-" + edge % Math.max(1, edges / 5))
                .setRecords(100)
                .setBytes(50_000)
                .setBatches(10);
        if (produce) {
            LatencySketch.Builder sketch = LatencySketch.newBuilder();
            for (int i = 0; i < SKETCH_BUCKETS; i++) {
                sketch.addBuckets(160 + 3 * i + edge % 3).addCounts(10 + i);
            }
            flow.setLatency(sketch);
        }
        return flow.build();
    }

    private Progress progress(Header header, int partition, int round) {
        long end = round * 100L;
        return Progress.newBuilder()
                .setHeader(header)
                .setTopic("team.domain.topic-" + partition / 6)
                .setPartition(partition % 6)
                .addAppends(Append.newBuilder()
                        .setFirstOffset(end - 100)
                        .setEndOffset(end)
                        .setFromMillis(header.getFromMillis())
                        .setToMillis(header.getToMillis())
                        .setRecords(100))
                .setHighWatermark(end)
                .setLastStableOffset(end)
                .setLogStartOffset(0)
                .setLogEndOffset(end)
                .addOffsets(GroupOffset.newBuilder()
                        .setGroup("group-" + partition % 100)
                        .setCommittedOffset(end - 10)
                        .setAtMillis(header.getToMillis())
                        .setClient(client(partition % 100))
                        .setMember("member-1"))
                .build();
    }
}
