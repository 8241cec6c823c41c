package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** The node endpoints at the end of a streamed Fetch response, whatever the chunks. */
class TaggedFieldBlankerTest {

    private static final short VERSION = 17;

    private final MessageSpecs specs = new MessageSpecs();
    private final Programs programs = new Programs(specs, Interest.in(Field.BROKER_ADDRESSES));
    private final Walker walker = new Walker();
    private final TaggedFieldBlanker blanker = new TaggedFieldBlanker(walker);
    private final FieldVisitor visitor = new FieldVisitor() {
        @Override
        public void taggedFieldBegin(Field field) {
            blanker.taggedFieldBegin();
        }

        @Override
        public void taggedFieldSize(Field field, int sizeBytes) {
            blanker.taggedFieldSize(sizeBytes);
        }

        @Override
        public void taggedFieldEnd(Field field) {
            blanker.taggedFieldEnd();
        }
    };

    @Test
    void noAddressIsLeftAndNothingElseChanges() {
        Random random = new Random(11);
        for (int chunkBytesMax : List.of(1, 2, 3, 7, 50, 10_000)) {
            FetchResponseData response = response(20);
            ByteBuf body = RandomMessages.encode(response, VERSION);
            ByteBuf passed = pass(body, random, chunkBytesMax);

            assertThat(passed.readableBytes()).isEqualTo(body.readableBytes());
            assertThat(passed.toString(StandardCharsets.ISO_8859_1)).doesNotContain("internal");
            FetchResponseData seen =
                    (FetchResponseData) new MessageCodec(specs).decodeResponse(ApiKeys.FETCH.id, VERSION, passed);
            assertThat(seen.unknownTaggedFields()).singleElement().satisfies(field -> {
                assertThat(field.tag()).isEqualTo(TaggedFieldBlanker.UNKNOWN_TAG);
                assertThat(field.data()).containsOnly(0);
            });
            seen.unknownTaggedFields().clear();
            assertThat(seen).isEqualTo(response(0));
        }
    }

    @Test
    void aResponseWithoutEndpointsPassesAsItIs() {
        ByteBuf body = RandomMessages.encode(response(0), VERSION);
        assertThat(pass(body, new Random(12), 5)).isEqualTo(body);
    }

    private ByteBuf pass(ByteBuf body, Random random, int chunkBytesMax) {
        ByteBuf passed = Unpooled.buffer();
        walker.reset(programs.response(ApiKeys.FETCH.id, VERSION), body.readableBytes());
        blanker.reset();
        for (int fed = 0; !walker.isDone(); ) {
            int length = Math.min(1 + random.nextInt(chunkBytesMax), body.readableBytes() - fed);
            int before = random.nextInt(3);
            ByteBuf chunk = Unpooled.buffer().writeZero(before).writeBytes(body, fed, length);
            blanker.beginChunk(chunk, before);
            walker.feed(chunk, before, length, visitor);
            blanker.endChunk();
            passed.writeBytes(chunk, before, length);
            fed += length;
        }
        return passed;
    }

    private static FetchResponseData response(int endpoints) {
        FetchResponseData response = new FetchResponseData();
        FetchResponseData.FetchableTopicResponse topic = new FetchResponseData.FetchableTopicResponse();
        topic.partitions()
                .add(new FetchResponseData.PartitionData()
                        .setPartitionIndex(1)
                        .setErrorCode((short) 6)
                        .setCurrentLeader(new FetchResponseData.LeaderIdAndEpoch()
                                .setLeaderId(3)
                                .setLeaderEpoch(5)));
        response.responses().add(topic);
        for (int i = 0; i < endpoints; i++) {
            response.nodeEndpoints()
                    .add(new FetchResponseData.NodeEndpoint()
                            .setNodeId(i)
                            .setHost("kafka-" + i + ".internal")
                            .setPort(9092));
        }
        return response;
    }
}
