package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.tls.HandshakeThreads;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MirrorsTest {
    private static final PolicySnapshot POLICY = TestPolicy.yaml("""
            apiVersion: weir.dev/v1
            kind: Mirror
            metadata: {name: copies}
            spec: {topics: [orders], to: {topic: copy}}
            """);

    private final Vertx vertx = Vertx.vertx();
    private final HandshakeThreads threads = new HandshakeThreads();
    /** Nobody asks it anything: it is not started. */
    private final Cluster cluster = new Cluster(
            vertx,
            new ClusterConfig("main", List.of(new Endpoint("127.0.0.1", 9092)), null, null),
            new MessageCodec(new MessageSpecs()),
            new Handshakes(threads));

    private final Mirrors mirrors = new Mirrors(vertx, List.of(cluster));

    @AfterEach
    void close() {
        mirrors.close().await();
        cluster.close();
        threads.close();
        vertx.close().await();
    }

    private CapturedProduce capture(int partition) {
        ProduceRequestData request = new ProduceRequestData();
        request.topicData()
                .add(new TopicProduceData()
                        .setName("orders")
                        .setPartitionData(List.of(new PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(MemoryRecords.readableRecords(Copies.batch(
                                        CompressionType.NONE, false, new SimpleRecord("v".getBytes())))))));
        return mirrors.capture(request, (short) 9, POLICY, cluster, UnpooledByteBufAllocator.DEFAULT);
    }

    @Test
    void ofAPartitionThatNoTopicHasNothingIsCopied() {
        assertThat(capture(-1)).isNull();
        assertThat(capture(Integer.MIN_VALUE)).isNull();
        assertThat(mirrors.reservedBytes("main")).isZero();

        CapturedProduce captured = capture(0);
        assertThat(captured.isEmpty()).isFalse();
        assertThat(mirrors.reservedBytes("main")).isPositive();
        captured.abandon();
        assertThat(mirrors.reservedBytes("main")).isZero();
    }
}
