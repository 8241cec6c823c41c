package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/** Whole frames there and back, and what the walker sees of them on the way. */
class MessageCodecTest {

    private static final short PRODUCE = ApiKeys.PRODUCE.id;

    private final MessageSpecs specs = new MessageSpecs();
    private final MessageCodec codec = new MessageCodec(specs);

    @Test
    void aRequestIsTheSameAfterAWholeFrame() {
        for (short version = 3; version <= 12; version++) {
            ProduceRequestData request = produce();
            ByteBuf frame = codec.encodeRequest(ByteBufAllocator.DEFAULT, PRODUCE, version, 7, "shop", request);
            assertThat(frame.getInt(0)).isEqualTo(frame.readableBytes() - 4);
            RequestHeader header = new RequestHeader();
            int headerBytes = header.read(frame, 4, frame.readableBytes() - 4, frame.getInt(0));
            assertThat(headerBytes).isPositive();
            assertThat(header.apiKey()).isEqualTo(PRODUCE);
            assertThat(header.apiVersion()).isEqualTo(version);
            assertThat(header.correlationId()).isEqualTo(7);
            assertThat(header.clientId()).isEqualTo("shop");

            ByteBuf body = frame.slice(4 + headerBytes, frame.readableBytes() - 4 - headerBytes);
            ApiMessage decoded = codec.decodeRequest(PRODUCE, version, body);
            assertThat(decoded).isEqualTo(request);
            assertThat(names(body, version)).containsExactly("TRANSACTIONAL_ID t-1", "TOPIC_NAME orders");
            frame.release();
        }
    }

    @Test
    void aByteTooManyIsMalformed() {
        ByteBuf frame = codec.encodeRequest(ByteBufAllocator.DEFAULT, PRODUCE, (short) 9, 7, null, produce());
        ByteBuf body = Unpooled.wrappedBuffer(
                frame.slice(4 + 11, frame.readableBytes() - 15), Unpooled.wrappedBuffer(new byte[1]));
        assertThatThrownBy(() -> codec.decodeRequest(PRODUCE, (short) 9, body))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("1 bytes too many");
        body.release();
    }

    @Test
    void aMetadataRequestForAllTopicsMayHaveBytesAfterItAsBrokersTakeIt() {
        ByteBuf body = Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0, 1, 0, 0});
        MetadataRequestData request = (MetadataRequestData) codec.decodeRequest(ApiKeys.METADATA.id, (short) 13, body);
        assertThat(request.topics()).isNull();
        assertThat(request.allowAutoTopicCreation()).isFalse();
    }

    @Test
    void anApiVersionsResponseHasTheOldHeaderInEveryVersion() {
        ByteBuf frame = codec.encodeResponse(
                ByteBufAllocator.DEFAULT, ApiKeys.API_VERSIONS.id, (short) 4, 99, new ApiVersionsResponseData());
        assertThat(frame.getInt(4)).isEqualTo(99);
        ByteBuf body = frame.slice(8, frame.readableBytes() - 8);
        assertThat(codec.decodeResponse(ApiKeys.API_VERSIONS.id, (short) 4, body))
                .isEqualTo(new ApiVersionsResponseData());
        frame.release();
    }

    private List<String> names(ByteBuf body, short version) {
        Programs programs = new Programs(specs, Interest.in(Field.TOPIC_NAME, Field.TRANSACTIONAL_ID, Field.GROUP_ID));
        List<String> names = new ArrayList<>();
        Walker walker = new Walker();
        walker.walk(programs.request(PRODUCE, version), body, new FieldVisitor() {
            @Override
            public void string(Field field, byte[] utf8, int lengthBytes) {
                names.add(field + " " + new String(utf8, 0, lengthBytes, java.nio.charset.StandardCharsets.UTF_8));
            }
        });
        assertThat(walker.isDone()).isTrue();
        return names;
    }

    private static ProduceRequestData produce() {
        ProduceRequestData request = new ProduceRequestData()
                .setTransactionalId("t-1")
                .setAcks((short) -1)
                .setTimeoutMs(1000);
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData().setName("orders");
        for (int i = 0; i < 3; i++) {
            topic.partitionData()
                    .add(new ProduceRequestData.PartitionProduceData()
                            .setIndex(i)
                            .setRecords(MemoryRecords.readableRecords(ByteBuffer.allocate(1000))));
        }
        request.topicData().add(topic);
        return request;
    }
}
