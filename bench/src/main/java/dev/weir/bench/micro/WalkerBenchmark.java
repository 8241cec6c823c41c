package dev.weir.bench.micro;

import dev.weir.proxy.wire.AddressRewriter;
import dev.weir.proxy.wire.Field;
import dev.weir.proxy.wire.FieldVisitor;
import dev.weir.proxy.wire.Interest;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.Programs;
import dev.weir.proxy.wire.RequestHeader;
import dev.weir.proxy.wire.Walker;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finding the names in a request and following a response, in bytes; beside them what decoding the same with Kafka's
 * generated classes takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WalkerBenchmark {

    private static final int RECORDS_BYTES = 16 * 1024;
    private static final int FETCH_BYTES = 1024 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int TOPICS = 5_000;

    private final MessageSpecs specs = new MessageSpecs();
    private final MessageCodec codec = new MessageCodec(specs);
    private final Walker walker = new Walker();
    private final RequestHeader header = new RequestHeader();
    private final AddressRewriter rewriter =
            new AddressRewriter(AddressRewriter.programs(specs), AddressRewriter.programsWithTopics(specs));
    private final Names names = new Names();

    private ByteBuf produce = PooledByteBufAllocator.DEFAULT.directBuffer();
    private ByteBuf produceBody = produce;
    private ByteBuf produceResponse = produce;
    private ByteBuf fetchResponse = produce;
    private ByteBuf metadata = produce;
    private Program produceNames = program(ApiKeys.PRODUCE, 11, true, Field.TOPIC_NAME, Field.TRANSACTIONAL_ID);
    private Program fetchOffsets =
            program(ApiKeys.FETCH, 13, false, Field.TOPIC_ID, Field.PARTITION_INDEX, Field.HIGH_WATERMARK);
    private Program metadataNames = program(ApiKeys.METADATA, 12, false, Field.TOPIC_NAME);

    @Setup
    public void encode() {
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        produce = codec.encodeRequest(allocator, ApiKeys.PRODUCE.id, (short) 11, 1, "checkout", produceRequest());
        int headerBytes = header.read(produce, 4, produce.readableBytes() - 4, produce.getInt(0));
        produceBody = produce.slice(4 + headerBytes, produce.readableBytes() - 4 - headerBytes);
        produceResponse = responseBody(ApiKeys.PRODUCE, 11, produceResponse());
        fetchResponse = responseBody(ApiKeys.FETCH, 13, fetchResponse());
        metadata = responseBody(ApiKeys.METADATA, 12, metadata());
    }

    /** The header of a request, its client id known from the one before. */
    @Benchmark
    public int requestHeader() {
        return header.read(produce, 4, produce.readableBytes() - 4, produce.readableBytes() - 4);
    }

    /** One topic, three partitions of 16 KiB. */
    @Benchmark
    public long produceNames() {
        walker.walk(produceNames, produceBody, names);
        return names.seen;
    }

    @Benchmark
    public ApiMessage produceDecoded() {
        return codec.decodeRequest(ApiKeys.PRODUCE.id, (short) 11, produceBody);
    }

    /** Proves that there is no address in the answer to the same. */
    @Benchmark
    public boolean produceResponseWithoutAddresses() {
        return rewriter.rewrite(
                        PooledByteBufAllocator.DEFAULT,
                        ApiKeys.PRODUCE.id,
                        (short) 11,
                        produceResponse,
                        (role, nodeId, host, port) -> null)
                == null;
    }

    /** 1 MiB of one partition, in chunks of 64 KiB. */
    @Benchmark
    public long fetchFollowed() {
        int length = fetchResponse.readableBytes();
        walker.reset(fetchOffsets, length);
        for (int fed = 0; fed < length; fed += CHUNK_BYTES) {
            walker.feed(fetchResponse, fetchResponse.readerIndex() + fed, Math.min(CHUNK_BYTES, length - fed), names);
        }
        return names.seen;
    }

    /** 5,000 topics of three partitions: the names in the answer to "all topics". */
    @Benchmark
    public long metadataNames() {
        walker.walk(metadataNames, metadata, names);
        return names.seen;
    }

    private Program program(ApiKeys api, int version, boolean request, Field... fields) {
        Programs programs = new Programs(specs, Interest.in(fields));
        return Objects.requireNonNull(
                request ? programs.request(api.id, (short) version) : programs.response(api.id, (short) version));
    }

    private ByteBuf responseBody(ApiKeys api, int version, ApiMessage response) {
        ByteBuf frame = codec.encodeResponse(PooledByteBufAllocator.DEFAULT, api.id, (short) version, 1, response);
        int headerBytes = MessageCodec.responseHeaderVersion(api.id, (short) version) == 0 ? 4 : 5;
        return frame.slice(4 + headerBytes, frame.readableBytes() - 4 - headerBytes);
    }

    private static ProduceRequestData produceRequest() {
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData().setName("shop.orders");
        for (int i = 0; i < 3; i++) {
            topic.partitionData()
                    .add(new ProduceRequestData.PartitionProduceData()
                            .setIndex(i)
                            .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(RECORDS_BYTES))));
        }
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1);
        request.topicData().add(topic);
        return request;
    }

    private static ProduceResponseData produceResponse() {
        ProduceResponseData.TopicProduceResponse topic =
                new ProduceResponseData.TopicProduceResponse().setName("shop.orders");
        for (int i = 0; i < 3; i++) {
            topic.partitionResponses()
                    .add(new ProduceResponseData.PartitionProduceResponse()
                            .setIndex(i)
                            .setBaseOffset(1_000_000));
        }
        ProduceResponseData response = new ProduceResponseData();
        response.responses().add(topic);
        return response;
    }

    private static FetchResponseData fetchResponse() {
        FetchResponseData.FetchableTopicResponse topic =
                new FetchResponseData.FetchableTopicResponse().setTopicId(new Uuid(1, 2));
        topic.partitions()
                .add(new FetchResponseData.PartitionData()
                        .setHighWatermark(5_000_000)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(FETCH_BYTES))));
        FetchResponseData response = new FetchResponseData();
        response.responses().add(topic);
        return response;
    }

    private static MetadataResponseData metadata() {
        MetadataResponseData response = new MetadataResponseData();
        for (int t = 0; t < TOPICS; t++) {
            MetadataResponseData.MetadataResponseTopic topic = new MetadataResponseData.MetadataResponseTopic()
                    .setName("shop.topic-" + t)
                    .setTopicId(new Uuid(3, t));
            for (int p = 0; p < 3; p++) {
                MetadataResponseData.MetadataResponsePartition partition =
                        new MetadataResponseData.MetadataResponsePartition().setPartitionIndex(p);
                for (int replica = 0; replica < 3; replica++) {
                    partition.replicaNodes().add(replica);
                    partition.isrNodes().add(replica);
                }
                topic.partitions().add(partition);
            }
            response.topics().add(topic);
        }
        return response;
    }

    /** Sums up what it is told, so that none of it can be left out. */
    private static final class Names implements FieldVisitor {
        long seen;

        @Override
        public void string(Field field, byte[] utf8, int lengthBytes) {
            seen += utf8[0] + lengthBytes;
        }

        @Override
        public void uuid(Field field, long mostSignificantBits, long leastSignificantBits) {
            seen += leastSignificantBits;
        }

        @Override
        public void number(Field field, long value) {
            seen += value;
        }
    }
}
