package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import dev.weir.proxy.wire.RandomMessages.Kind;
import dev.weir.proxy.wire.RecordingVisitor.Event;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Bytes that nobody meant: walked, decoded and rewritten they give a message or {@link MalformedFrameException}, never
 * another exception, and never more memory than they are worth.
 */
class WalkerFuzzTest {

    private static final int MUTATIONS_PER_KIND = 60;
    /** What decoding a body may allocate, however it lies: most is for the first of a kind, which loads its classes. */
    private static final long BYTES_ALLOWED = 4 << 20;

    private static final long BYTES_ALLOWED_PER_BYTE = 400;

    private static final Interest NAMES =
            Interest.in(Field.TOPIC_NAME, Field.TOPIC_ID, Field.GROUP_ID, Field.TRANSACTIONAL_ID, Field.TOPIC_REGEX);

    private final MessageSpecs specs = new MessageSpecs();
    private final MessageCodec codec = new MessageCodec(specs);
    private final Programs everything = new Programs(specs, Interest.in(EnumSet.allOf(Field.class)));
    private final AddressRewriter rewriter =
            new AddressRewriter(AddressRewriter.programs(specs), AddressRewriter.programsWithTopics(specs));
    private final List<Kind> kinds = RandomMessages.kinds(specs);
    private final Walker walker = new Walker();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FuzzTest
    void anyBytesAsAnyMessage(byte[] data) {
        if (data.length >= 2) {
            int kind = (((data[0] & 0xFF) << 8) | (data[1] & 0xFF)) % kinds.size();
            tryAll(kinds.get(kind), Unpooled.wrappedBuffer(data, 2, data.length - 2), new Random(data.length));
        }
    }

    @FuzzTest
    void anyBytesAsAHeader(byte[] data) {
        tryHeaders(Unpooled.wrappedBuffer(data));
    }

    @Test
    void realMessagesWithBytesChanged() {
        Random random = new Random(21);
        RandomMessages messages = new RandomMessages(22);
        for (Kind kind : kinds) {
            ByteBuf body = RandomMessages.encode(messages.message(kind), kind.version());
            decode(kind, body, null);
            rewrite(kind, body);
            for (int i = 0; i < MUTATIONS_PER_KIND; i++) {
                tryAll(kind, mutate(body, random), random);
            }
        }
    }

    @Test
    void headersOfChance() {
        Random random = new Random(23);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 3) {
                bytes[0] = 0;
                bytes[1] %= 93;
                bytes[2] = 0;
                bytes[3] %= 20;
            }
            tryHeaders(Unpooled.wrappedBuffer(bytes));
        }
    }

    private void tryHeaders(ByteBuf bytes) {
        int length = bytes.readableBytes();
        try {
            int header = new RequestHeader().read(bytes, 0, length, length + 100);
            assertThat(header).isBetween(0, length);
        } catch (MalformedFrameException expected) {
            assertThat(expected).hasMessageContaining("request");
        }
        try {
            int header = new ResponseHeader().read(bytes, 0, length, length, (short) 1);
            assertThat(header).isBetween(4, length);
        } catch (MalformedFrameException expected) {
            assertThat(expected).hasMessageContaining("response");
        }
    }

    private void tryAll(Kind kind, ByteBuf body, Random random) {
        RecordingVisitor whole = new RecordingVisitor();
        String reason = walk(kind, body, body.readableBytes(), random, whole);
        RecordingVisitor split = new RecordingVisitor();
        assertThat(walk(kind, body, 7, random, split)).as("%s, split", kind).isEqualTo(reason);
        assertThat(split.events).as("%s, split", kind).isEqualTo(whole.events);

        ApiMessage message = decode(kind, body, reason);
        if (message != null) {
            // A tag that comes twice is reported twice, and only the last of them decoded: more, never less.
            assertThat(names(whole.events)).as(kind.toString()).containsAll(names(ExpectedFields.of(kind, message)));
        }
        rewrite(kind, body);
    }

    private static List<Event> names(List<Event> events) {
        return events.stream().filter(event -> NAMES.contains(event.field())).toList();
    }

    /** Gives why the body is malformed. */
    private @Nullable String walk(Kind kind, ByteBuf body, int chunkBytesMax, Random random, FieldVisitor visitor) {
        int length = body.readableBytes();
        try {
            walker.reset(
                    everything.program(
                            kind.spec().apiKey(), kind.version(), kind.spec().direction()),
                    length);
            int fed = 0;
            do {
                int chunk =
                        chunkBytesMax >= length ? length : Math.min(1 + random.nextInt(chunkBytesMax), length - fed);
                walker.feed(body, fed, chunk, visitor);
                fed += chunk;
            } while (!walker.isDone());
            return null;
        } catch (MalformedFrameException e) {
            assertThat(e.getMessage()).startsWith(kind.toString());
            return e.getMessage();
        }
    }

    private @Nullable ApiMessage decode(Kind kind, ByteBuf body, @Nullable String reason) {
        long before = threads.getCurrentThreadAllocatedBytes();
        ApiMessage message = null;
        try {
            if (kind.spec().direction() == Direction.REQUEST) {
                message = codec.decodeRequest(kind.spec().apiKey(), kind.version(), body);
            } else {
                message = codec.decodeResponse(kind.spec().apiKey(), kind.version(), body);
            }
        } catch (MalformedFrameException expected) {
            assertThat(expected).hasMessageContaining(kind.toString());
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // A body that is well formed, and that Kafka's classes refuse all the same, would show here.
        assertThat(message != null).as("%s is decoded", kind).isEqualTo(reason == null);
        assertThat(allocated)
                .as("bytes allocated for %s of %d bytes", kind, body.readableBytes())
                .isLessThan(BYTES_ALLOWED + BYTES_ALLOWED_PER_BYTE * body.readableBytes());
        return message;
    }

    private void rewrite(Kind kind, ByteBuf body) {
        if (kind.spec().direction() == Direction.RESPONSE) {
            try {
                ByteBuf rewritten = rewriter.rewrite(
                        UnpooledByteBufAllocator.DEFAULT,
                        kind.spec().apiKey(),
                        kind.version(),
                        body,
                        (role, node, host, port) -> new AddressMap.Address("weir", 1));
                if (rewritten != null) {
                    rewritten.release();
                }
            } catch (MalformedFrameException expected) {
                assertThat(expected.getMessage()).startsWith(kind.toString());
            }
        }
    }

    private static ByteBuf mutate(ByteBuf original, Random random) {
        ByteBuf body = Unpooled.buffer().writeBytes(original, 0, original.readableBytes());
        for (int n = random.nextInt(3); n >= 0; n--) {
            int length = body.readableBytes();
            int at = random.nextInt(length + 1);
            switch (random.nextInt(6)) {
                case 0 -> body.writerIndex(at);
                case 1 -> body.writeByte(random.nextInt(256));
                case 2 -> {
                    ByteBuf tail = body.copy(at, length - at);
                    body.writerIndex(at).writeByte(random.nextInt(256)).writeBytes(tail);
                }
                default -> {
                    if (at < length) {
                        body.setByte(at, new int[] {0, 0x7F, 0xFF, random.nextInt(256)}[random.nextInt(4)]);
                    }
                }
            }
        }
        return body;
    }
}
