package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.wire.RandomMessages.Kind;
import dev.weir.proxy.wire.RecordingVisitor.Event;
import dev.weir.proxy.wire.spec.MessageSpecs;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

/**
 * Every message of every version: what the walker reports is what Kafka's own classes decode, none missed and none
 * extra, at any split. So no message can carry a name past policy.
 */
class WalkerVectorTest {

    private static final int MESSAGES_PER_KIND = 4;
    private static final Interest ALL = Interest.in(EnumSet.allOf(Field.class));
    private static final Interest NAMES =
            Interest.in(Field.TOPIC_NAME, Field.TOPIC_ID, Field.GROUP_ID, Field.TRANSACTIONAL_ID, Field.TOPIC_REGEX);

    private final MessageSpecs specs = new MessageSpecs();
    private final MessageCodec codec = new MessageCodec(specs);
    private final Walker walker = new Walker();

    @Test
    void theSpecsOfEveryApiAreFound() {
        assertThat(RandomMessages.kinds(specs)).hasSizeGreaterThan(600);
    }

    @Test
    void reportsWhatKafkasOwnClassesDecode() {
        forEachMessage(1, (kind, body) -> {
            List<Event> expected = expected(kind, body);
            assertThat(whole(kind, body, ALL)).as(kind.toString()).isEqualTo(expected);
            assertThat(whole(kind, body, NAMES)).as(kind.toString()).isEqualTo(only(NAMES, expected));
        });
    }

    @Test
    void reportsTheSameAtEverySplit() {
        Random random = new Random(2);
        forEachMessage(3, (kind, body) -> {
            List<Event> expected = expected(kind, body);
            assertThat(inChunks(kind, body, ALL, random, 1))
                    .as("%s, byte by byte", kind)
                    .isEqualTo(expected);
            assertThat(inChunks(kind, body, ALL, random, 40))
                    .as("%s, in chunks", kind)
                    .isEqualTo(expected);
        });
    }

    @Test
    void anyInterestReportsItsPartOfTheWhole() {
        Random random = new Random(4);
        forEachMessage(5, (kind, body) -> {
            EnumSet<Field> some = EnumSet.noneOf(Field.class);
            for (Field field : Field.values()) {
                if (random.nextInt(4) == 0) {
                    some.add(field);
                }
            }
            Interest interest = Interest.in(some);
            assertThat(inChunks(kind, body, interest, random, 25))
                    .as("%s for %s", kind, interest)
                    .isEqualTo(only(interest, expected(kind, body)));
        });
    }

    @Test
    void theObjectSurvivesTheCodec() {
        forEachMessage(6, (kind, body) -> {
            ByteBuf again = RandomMessages.encode(decode(kind, body), kind.version());
            assertThat(again).as(kind.toString()).isEqualTo(body);
        });
    }

    private void forEachMessage(long seed, BiConsumer<Kind, ByteBuf> test) {
        RandomMessages messages = new RandomMessages(seed);
        for (Kind kind : RandomMessages.kinds(specs)) {
            for (int i = 0; i < MESSAGES_PER_KIND; i++) {
                test.accept(kind, RandomMessages.encode(messages.message(kind), kind.version()));
            }
        }
    }

    private List<Event> expected(Kind kind, ByteBuf body) {
        return ExpectedFields.of(kind, decode(kind, body));
    }

    private ApiMessage decode(Kind kind, ByteBuf body) {
        short apiKey = kind.spec().apiKey();
        return switch (kind.spec().direction()) {
            case REQUEST -> codec.decodeRequest(apiKey, kind.version(), body);
            case RESPONSE -> codec.decodeResponse(apiKey, kind.version(), body);
        };
    }

    private List<Event> whole(Kind kind, ByteBuf body, Interest interest) {
        RecordingVisitor visitor = new RecordingVisitor();
        walker.walk(ProgramCompiler.compile(kind.spec(), kind.version(), interest), body, visitor);
        assertThat(walker.isDone()).isTrue();
        assertThat(walker.position()).isEqualTo(body.readableBytes());
        return visitor.events;
    }

    private List<Event> inChunks(Kind kind, ByteBuf body, Interest interest, Random random, int chunkBytesMax) {
        RecordingVisitor visitor = new RecordingVisitor();
        walker.reset(ProgramCompiler.compile(kind.spec(), kind.version(), interest), body.readableBytes());
        int fed = 0;
        do {
            int length = Math.min(1 + random.nextInt(chunkBytesMax), body.readableBytes() - fed);
            ByteBuf chunk = body.slice(fed, length);
            assertThat(walker.feed(chunk, 0, length, visitor)).isEqualTo(length);
            fed += length;
        } while (!walker.isDone());
        assertThat(fed).isEqualTo(body.readableBytes());
        return visitor.events;
    }

    private static List<Event> only(Interest interest, List<Event> events) {
        return events.stream().filter(event -> interest.contains(event.field())).toList();
    }
}
