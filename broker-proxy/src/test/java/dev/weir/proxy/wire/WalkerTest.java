package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Bodies that are not what they claim to be: always refused, never believed, with a reason that says where. */
class WalkerTest {

    private static final FieldVisitor IGNORE = new FieldVisitor() {};

    private final MessageSpecs specs = new MessageSpecs();
    private final Walker walker = new Walker();

    @Test
    void anEmptyBodyIsWalkedWithNoBytes() {
        walker.reset(program(ApiKeys.API_VERSIONS, 0, Direction.REQUEST), 0);
        assertThat(walker.isDone()).isFalse();
        walker.feed(Unpooled.EMPTY_BUFFER, 0, 0, IGNORE);
        assertThat(walker.isDone()).isTrue();
    }

    @Test
    void bytesOfTheNextFrameAreLeftAlone() {
        ByteBuf chunk = Unpooled.wrappedBuffer(new byte[] {0, 0, 9, 9, 9});
        walker.reset(program(ApiKeys.LIST_GROUPS, 3, Direction.REQUEST), 1);
        assertThat(walker.feed(chunk, 1, 4, IGNORE)).isEqualTo(1);
        assertThat(walker.isDone()).isTrue();
        assertThat(walker.feed(chunk, 2, 3, IGNORE)).isZero();
    }

    @Test
    void aBodyOfNegativeLength() {
        assertThatThrownBy(() -> walker.reset(program(ApiKeys.LIST_GROUPS, 3, Direction.REQUEST), -1))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void aBodyThatEndsTooEarly() {
        refuses(ApiKeys.HEARTBEAT, 0, "the body ends too early", 0, 1, 'g', 0, 0);
    }

    @Test
    void bytesAfterTheEnd() {
        refuses(ApiKeys.LIST_GROUPS, 3, "2 bytes too many", 0, 0, 0);
    }

    /** As librdkafka 2.12 asks for all topics: a null of four bytes in place of one. */
    @Test
    void threeBytesAfterAMetadataRequestAreLeftAlone() {
        int[] body = {0, 0, 0, 0, 1, 0, 0};
        Program program = program(ApiKeys.METADATA, 13, Direction.REQUEST);
        walker.walk(program, bytes(body), IGNORE);
        assertThat(walker.isDone()).isTrue();
        walker.reset(program, body.length);
        for (int i = 0; i < body.length; i++) {
            assertThat(walker.feed(bytes(body), i, 1, IGNORE)).isEqualTo(1);
        }
        assertThat(walker.feed(bytes(body), 0, 1, IGNORE))
                .as("of the next frame")
                .isZero();
        assertThat(walker.isDone()).isTrue();
        refuses(ApiKeys.METADATA, 13, "4 bytes too many", 0, 0, 0, 0, 1, 0, 0, 0);
        refuses(ApiKeys.METADATA, 4, "1 bytes too many", 255, 255, 255, 255, 1, 0);
    }

    @Test
    void aStringLongerThanTheBody() {
        refuses(
                ApiKeys.HEARTBEAT,
                0,
                "HeartbeatRequest.GroupId, at byte 2: a length of 32767, with 1 bytes",
                127,
                255,
                1);
    }

    @Test
    void aNullThatMayNotBe() {
        refuses(ApiKeys.HEARTBEAT, 0, "null, where null is not allowed", 255, 255);
        refuses(ApiKeys.HEARTBEAT, 4, "null, where null is not allowed", 0, 0, 0);
    }

    @Test
    void anArrayThatCannotFit() {
        refuses(ApiKeys.FETCH, 0x7F, 4, "a length of 2147483647, with 0 bytes left");
        refuses(ApiKeys.DELETE_GROUPS, 0, "an array of 3 elements, with 5 bytes left", 0, 0, 0, 3, 0, 0, 0, 0, 0);
    }

    @Test
    void anArrayOfNumbersThatCannotFit() {
        refuses(
                ApiKeys.LIST_TRANSACTIONS,
                0,
                "an array of 2 elements, with 15 bytes left",
                1,
                3,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
    }

    @Test
    void aVarintWithoutEnd() {
        refuses(ApiKeys.HEARTBEAT, 4, "a varint of more than 5 bytes", 255, 255, 255, 255, 255, 1);
        refuses(ApiKeys.HEARTBEAT, 4, "does not fit 31 bits", 255, 255, 255, 255, 15, 1);
    }

    @Test
    void tooManyTags() {
        refuses(ApiKeys.LIST_GROUPS, 3, "4 tagged fields, with 2 bytes left", 4, 0, 0);
    }

    @Test
    void anUnknownTagLargerThanTheBody() {
        refuses(ApiKeys.LIST_GROUPS, 3, "a tagged field of 5 bytes, with 1 left", 1, 99, 5, 0);
    }

    @Test
    void aKnownTagThatLiesAboutItsSize() {
        // Fetch v12 has cluster id as tag 0: the broker reads the string and does not look at the size.
        int[] lie = fetchV12(1, 0, 3, 2, 'c', 0);
        refuses(ApiKeys.FETCH, 12, "its size says", lie);
        int[] truth = fetchV12(1, 0, 2, 2, 'c');
        walker.walk(program(ApiKeys.FETCH, 12, Direction.REQUEST), bytes(truth), IGNORE);
        assertThat(walker.isDone()).isTrue();
    }

    @Test
    void aTagOfAnotherVersion() {
        refuses(ApiKeys.FETCH, 12, "tag 1 is not valid in this version", fetchV12(1, 1, 1, 0));
    }

    @Test
    void aTagInMoreBytesThanItTakes() {
        refuses(ApiKeys.FETCH, 12, "one is enough", fetchV12(1, 0x80, 0, 2, 2, 'c'));
    }

    /** A fetch of nothing with the given tagged section. */
    private static int[] fetchV12(int... tags) {
        int fixed = 4 + 4 + 4 + 4 + 1 + 4 + 4;
        int[] body = new int[fixed + 3 + tags.length];
        body[fixed] = 1;
        body[fixed + 1] = 1;
        body[fixed + 2] = 1;
        System.arraycopy(tags, 0, body, fixed + 3, tags.length);
        return body;
    }

    private void refuses(ApiKeys api, int firstByteOfCount, int version, String reason) {
        int[] body = new int[4 + 4 + 4 + 4 + 1 + 4];
        body[17] = firstByteOfCount;
        body[18] = 255;
        body[19] = 255;
        body[20] = 255;
        refuses(api, version, reason, body);
    }

    private void refuses(ApiKeys api, int version, String reason, int... body) {
        Program program = program(api, version, Direction.REQUEST);
        assertThatThrownBy(() -> walker.walk(program, bytes(body), IGNORE))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(reason);
        assertThatThrownBy(() -> {
                    walker.reset(program, body.length);
                    for (int i = 0; i < body.length; i++) {
                        walker.feed(bytes(body), i, 1, IGNORE);
                    }
                })
                .as("byte by byte")
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining(reason);
        assertThat(walker.isDone()).isFalse();
        assertThatThrownBy(() -> walker.feed(bytes(body), 0, body.length, IGNORE))
                .as("the walk is over")
                .isInstanceOf(MalformedFrameException.class);
    }

    private Program program(ApiKeys api, int version, Direction direction) {
        return ProgramCompiler.compile(specs.spec(api.id, direction), (short) version, Interest.SHAPE_ONLY);
    }

    private static ByteBuf bytes(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return Unpooled.wrappedBuffer(array);
    }
}
