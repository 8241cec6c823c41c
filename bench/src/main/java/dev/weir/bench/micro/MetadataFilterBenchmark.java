package dev.weir.bench.micro;

import dev.weir.bench.policy.GeneratedPolicy;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authorize.ApiAuthorizer;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.wire.AddressMap;
import dev.weir.proxy.wire.AddressRewriter;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The answer to "all topics": 5,000 of them with three partitions of three replicas, half of them for this client. Target
 * for the filtering: below 1,000 us.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MetadataFilterBenchmark {
    private static final int TOPICS = 5_000;
    private static final int BROKERS = 3;
    private static final short VERSION = 12;
    private static final int HEADER_BYTES = 5;
    private static final AddressMap ADDRESSES =
            (role, nodeId, host, port) -> new AddressMap.Address("weir.example.org", 9193 + nodeId);

    private final MessageSpecs specs = new MessageSpecs();
    private final MessageCodec codec = new MessageCodec(specs);
    private final AddressRewriter rewriter =
            new AddressRewriter(AddressRewriter.programs(specs), AddressRewriter.programsWithTopics(specs));
    private final PolicyContext context = new PolicyContext(
            GeneratedPolicy.compile(1_000)
                    .authorizer(Subject.anonymous(false, InetAddress.getLoopbackAddress()), "checkout-1"),
            VERSION);
    private final ApiAuthorizer<ApiMessage> authorizer = Objects.requireNonNull(ApiAuthorizers.of(ApiKeys.METADATA));

    private ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer();

    @Setup
    public void encode() {
        ByteBuf frame =
                codec.encodeResponse(PooledByteBufAllocator.DEFAULT, ApiKeys.METADATA.id, VERSION, 1, allTopics());
        body = frame.slice(4 + HEADER_BYTES, frame.readableBytes() - 4 - HEADER_BYTES);
    }

    /** A decoded answer for each filtering, which changes it. */
    @State(Scope.Thread)
    public static class Decoded {
        private ApiMessage response = new MetadataResponseData();

        @Setup(Level.Invocation)
        public void decode(MetadataFilterBenchmark benchmark) {
            response = benchmark.codec.decodeResponse(ApiKeys.METADATA.id, VERSION, benchmark.body);
        }
    }

    /** Everything that the proxy does to such an answer, from its bytes to those that go to the client. */
    @Benchmark
    public int fromBytesToBytes() {
        ByteBuf edited = Objects.requireNonNull(rewriter.rewrite(
                PooledByteBufAllocator.DEFAULT,
                ApiKeys.METADATA.id,
                VERSION,
                body,
                ADDRESSES,
                Objects.requireNonNull(forAllTopics().topicsShown(context))));
        int length = edited.readableBytes();
        edited.release();
        return length;
    }

    /** The decisions, and taking out what is not to be seen. */
    @Benchmark
    public ApiMessage filtering(Decoded decoded) {
        return filter(decoded.response);
    }

    /** Every broker's address replaced, in the bytes. */
    @Benchmark
    public int addresses() {
        ByteBuf readdressed = Objects.requireNonNull(
                rewriter.rewrite(PooledByteBufAllocator.DEFAULT, ApiKeys.METADATA.id, VERSION, body, ADDRESSES));
        int length = readdressed.readableBytes();
        readdressed.release();
        return length;
    }

    private ApiMessage filter(ApiMessage response) {
        return forAllTopics().edit(response, context);
    }

    @SuppressWarnings("unchecked") // an edit of Metadata is for Metadata
    private ResponseEdit<ApiMessage> forAllTopics() {
        MetadataRequestData request = new MetadataRequestData().setTopics(null);
        Outcome outcome = authorizer.decide(request, context);
        return (ResponseEdit<ApiMessage>) Objects.requireNonNull(((Outcome.Forward) outcome).edit());
    }

    private static MetadataResponseData allTopics() {
        MetadataResponseData response = new MetadataResponseData();
        for (int broker = 0; broker < BROKERS; broker++) {
            response.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(broker)
                            .setHost("kafka-" + broker + ".example.org")
                            .setPort(9092));
        }
        for (int t = 0; t < TOPICS; t++) {
            MetadataResponseTopic topic = new MetadataResponseTopic()
                    .setName((t % 2 == 0 ? "bench.topic-" : "others.topic-") + t)
                    .setTopicId(new Uuid(3, t));
            for (int p = 0; p < 3; p++) {
                MetadataResponsePartition partition = new MetadataResponsePartition().setPartitionIndex(p);
                for (int replica = 0; replica < BROKERS; replica++) {
                    partition.replicaNodes().add(replica);
                    partition.isrNodes().add(replica);
                }
                topic.partitions().add(partition);
            }
            response.topics().add(topic);
        }
        return response;
    }
}
