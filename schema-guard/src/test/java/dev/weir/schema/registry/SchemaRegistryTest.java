package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Reason;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.SchemaDemand.Level;
import dev.weir.schema.registry.SubjectNaming.Strategy;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is looked up, how often, and what is kept. */
class SchemaRegistryTest extends RegistryUnderTest {
    @Test
    void aSchemaIsAskedForOnceAndKept() {
        int id = fake.register("orders-value", LINE);
        Lookup found = find(new SchemaRef.Id(id), PAYLOAD);
        assertReads(found, GOOD);
        assertThat(((Lookup.Found) found).validator().check(new byte[] {9}, 0, 1))
                .isNotNull();
        assertThat(((Lookup.Found) find(new SchemaRef.Id(id), ID)).validator()).isNull();
        assertThat(fake.requests()).containsExactly("/schemas/ids/1", "/schemas/ids/1/versions");
        assertThat(registry.stats().kept()).isEqualTo(2);
        assertThat(registry.stats().hits()).isEqualTo(1);
        assertThat(registry.stats().misses()).isEqualTo(1);
        find(new SchemaRef.Id(99), PAYLOAD);
        find(new SchemaRef.Id(99), PAYLOAD);
        assertThat(registry.stats().hits())
                .as("that there is none is known, too")
                .isEqualTo(2);
        assertThat(registry.stats().misses()).isEqualTo(2);
    }

    @Test
    void whatIsKeptIsBoundedInBytesAndWhatHadToGoIsAskedForAgain() throws Exception {
        long bytesMax = 120_000;
        SchemaRegistry small = registry(30_000, bytesMax);
        String note = "n".repeat(2_000);
        for (int i = 1; i <= 12; i++) {
            fake.register("orders-value", LINE.replace("\"sku\"", "\"sku\", \"doc\": \"" + i + note + "\""));
        }
        for (int round = 1; round <= 2; round++) {
            for (int id = 1; id <= 12; id++) {
                CompletableFuture<Lookup> found = small.find(new SchemaRef.Id(id), PAYLOAD, "orders", false);
                assertReads(found.get(Patience.ANSWER.toSeconds(), TimeUnit.SECONDS), GOOD);
            }
            Patience.awaitAnswer().until(() -> small.stats().keptBytes() <= bytesMax + bytesMax / 8);
            assertThat(small.stats().kept()).as("schemas and subjects").isBetween(2L, 3L + 14);
        }
        assertThat(fake.requests().stream().filter(path -> path.matches("/schemas/ids/\\d+")))
                .as("three of twelve have room")
                .hasSizeBetween(12 + 9, 24);
        assertReads(find(new SchemaRef.Id(1), PAYLOAD), GOOD);
        // what is kept is weighed a little later
        Patience.awaitAnswer()
                .untilAsserted(() -> assertThat(registry.stats().keptBytes()).isBetween(30_000L, 40_000L));
    }

    @Test
    void aSchemaThatThereIsNoRoomForIsRefusedAndNotAskedForEachTime() {
        SchemaRegistry small = registry(30_000, 2_000);
        fake.register("line", LINE);
        fake.register("orders-value", ORDER, new Reference("shop.Line", "line", 1));
        for (int times = 1; times <= 3; times++) {
            assertRefused(
                    find(small, new SchemaRef.Id(2), PAYLOAD),
                    Reason.UNUSABLE_SCHEMA,
                    "schema id 2, whose schema cannot be used: it has " + (ORDER.length() + LINE.length())
                            + " characters with all that it refers to, and there is room for 61");
        }
        assertThat(fake.requests()).containsExactly("/schemas/ids/2", "/subjects/line/versions/1");
        assertThat(find(small, new SchemaRef.Id(2), ID))
                .as("its text is not needed")
                .isInstanceOf(Lookup.Found.class);
    }

    @Test
    void aSchemaThatHasJustRoomIsKept() {
        int id = fake.register("orders-value", LINE);
        SchemaRegistry enough = registry(30_000, (1 << 10) + 16L * LINE.length());
        for (int times = 1; times <= 3; times++) {
            assertReads(find(enough, new SchemaRef.Id(id), PAYLOAD), GOOD);
        }
        assertThat(fake.requests().stream().filter(path -> path.equals("/schemas/ids/1")))
                .hasSize(1);
        SchemaRegistry oneLess = registry(30_000, (1 << 10) + 16L * LINE.length() - 1);
        assertRefused(find(oneLess, new SchemaRef.Id(id), PAYLOAD), Reason.UNUSABLE_SCHEMA, "there is room for");
    }

    @Test
    void theSubjectIsNamedByAnyStrategy() {
        fake.register("orders-key", LINE);
        for (String subject : List.of("shop.Line", "orders-shop.Line", "special")) {
            fake.register(subject, LINE);
        }
        SchemaRef ref = new SchemaRef.Id(1);
        assertThat(done(registry.find(ref, ID, "orders", true))).isInstanceOf(Lookup.Found.class);
        assertRefused(
                find(ref, ID),
                Reason.OTHER_SUBJECT,
                "schema id 1, which is registered for orders-key",
                "expected a schema of subject orders-value");
        for (SubjectNaming naming :
                List.of(Strategy.RECORD, Strategy.TOPIC_RECORD, new SubjectNaming.Fixed("special"))) {
            assertThat(find(ref, new SchemaDemand(naming, Level.ID, AVRO))).isInstanceOf(Lookup.Found.class);
        }
        assertRefused(
                find(ref, new SchemaDemand(new SubjectNaming.Fixed("nope"), Level.ID, AVRO)), Reason.OTHER_SUBJECT);

        int text = fake.register("s", "\"string\"");
        assertRefused(
                find(new SchemaRef.Id(text), new SchemaDemand(Strategy.RECORD, Level.ID, AVRO)),
                Reason.UNUSABLE_SCHEMA,
                "defines no record");
    }

    @Test
    void aGuidIsLookedUpAsAnIdIs() {
        int id = fake.register("orders-value", LINE);
        assertReads(find(new SchemaRef.Guid(fake.guid(id)), PAYLOAD), GOOD);
        UUID unknown = new UUID(1, 2);
        assertRefused(find(new SchemaRef.Guid(unknown), ID), Reason.UNKNOWN_SCHEMA, "schema GUID " + unknown);
    }

    @Test
    void aGuidSaysWhichMessageOfAProtobufSchemaItIs() {
        int id = fake.register(
                "PROTOBUF",
                "orders-value",
                "syntax = \"proto3\"; message Line { string sku = 1; } message Order { repeated Line lines = 1; }");
        UUID guid = fake.guid(id);
        assertReads(find(new SchemaRef.Guid(guid, List.of(0)), PAYLOAD), bytes("0a0161"));
        assertReads(find(new SchemaRef.Guid(guid, List.of(1)), PAYLOAD), bytes("0a030a0161"));
        assertThat(wrong(new SchemaRef.Guid(guid, List.of(1)), PAYLOAD, "0a030a0561"))
                .startsWith("at lines[0].sku (byte 3): found ");
        assertThat(wrong(new SchemaRef.Guid(guid, List.of(2)), PAYLOAD, ""))
                .isEqualTo("at the record (byte 0): found message none, expected message of the schema");
        SchemaDemand orders = new SchemaDemand(
                Strategy.TOPIC, Level.PAYLOAD, new Reading(Framing.CONFLUENT_HEADERS, "Order", true, AVRO.limits()));
        assertThat(wrong(new SchemaRef.Guid(guid, List.of(0)), orders, ""))
                .isEqualTo("at the record (byte 0): found message Line, expected message Order");
        assertReads(find(new SchemaRef.Guid(guid), orders), bytes("0a030a0161"));
        assertThat(fake.requests().stream().filter(path -> path.endsWith("/versions")))
                .as("which message it is has nothing to do with subjects")
                .hasSize(1);
    }

    /** Indexes come from whoever writes records, and there may be any number of them. */
    @Test
    void whateverMessageAGuidSaysItsSchemaIsAskedForAndKeptOnce() {
        int id = fake.register(
                "PROTOBUF",
                "orders-value",
                "syntax = \"proto3\"; message Line { string sku = 1; } message Order { repeated Line lines = 1; }");
        UUID guid = fake.guid(id);
        SchemaDemand headers = new SchemaDemand(Strategy.TOPIC, Level.PAYLOAD, Reading.of(Framing.CONFLUENT_HEADERS));
        assertReads(find(new SchemaRef.Guid(guid, List.of(0)), headers), bytes("0a0161"));
        int asked = fake.requests().size();
        long kept = registry.stats().kept();
        Patience.awaitAnswer().until(() -> registry.stats().keptBytes() > 3 << 10);
        long keptBytes = registry.stats().keptBytes();
        for (int index = 1; index < 1_000; index++) {
            Lookup found = find(new SchemaRef.Guid(guid, List.of(index)), headers);
            assertThat(((Lookup.Found) found).validator().check(new byte[0], 0, 0) == null)
                    .as("message %d", index)
                    .isEqualTo(index == 1);
        }
        assertRefused(
                find(new SchemaRef.Guid(guid), headers), Reason.UNUSABLE_SCHEMA, "schema GUID " + guid, "2 messages");
        assertReads(find(new SchemaRef.Guid(guid, List.of(1)), headers), bytes("0a030a0161"));
        assertThat(fake.requests()).hasSize(asked);
        assertThat(registry.stats().kept()).isEqualTo(kept).isEqualTo(2);
        assertThat(registry.stats().keptBytes()).isEqualTo(keptBytes);
    }

    private String wrong(SchemaRef ref, SchemaDemand demand, String payload) {
        byte[] bytes = bytes(payload);
        return ((Lookup.Found) find(ref, demand))
                .validator()
                .check(bytes, 0, bytes.length)
                .text();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void whatIsNotThereIsBelievedForAWhile() {
        assertRefused(find(new SchemaRef.Id(1), ID), Reason.UNKNOWN_SCHEMA, "schema id 1, which the registry does not");
        int asked = fake.requests().size();
        fake.register("orders-value", LINE);
        assertRefused(find(new SchemaRef.Id(1), ID), Reason.UNKNOWN_SCHEMA);
        assertThat(fake.requests()).hasSize(asked);
        pass(Duration.ofSeconds(11));
        assertThat(find(new SchemaRef.Id(1), ID)).isInstanceOf(Lookup.Found.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void idsThatNoRegistryGivesOutAreNotAskedFor(int id) {
        assertRefused(find(new SchemaRef.Id(id), ID), Reason.UNKNOWN_SCHEMA, Integer.toUnsignedString(id));
        assertRefused(find(new SchemaRef.GlobalId(id), ID), Reason.UNKNOWN_SCHEMA);
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void manyWhoWaitForOneSchemaAskOnce() {
        int id = fake.register("orders-value", LINE);
        fake.hold();
        List<CompletableFuture<Lookup>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(registry.find(new SchemaRef.Id(id), PAYLOAD, "orders", false));
        }
        Patience.awaitAnswer().until(() -> fake.requests().size() == 1);
        assertThat(registry.stats().waiting()).isEqualTo(1);
        fake.beWell();
        waiting.forEach(asked -> assertReads(done(asked), GOOD));
        assertThat(fake.requests()).hasSize(2);
    }

    @Test
    void manySchemasAreAskedForAFewAtATime() {
        for (int i = 0; i < 20; i++) {
            fake.register("orders-value", LINE.replace("sku", "sku" + i));
        }
        fake.hold();
        List<CompletableFuture<Lookup>> waiting = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            waiting.add(registry.find(new SchemaRef.Id(i), ID, "orders", false));
        }
        Patience.awaitAnswer().until(() -> fake.requests().size() == 2);
        fake.beWell();
        waiting.forEach(asked -> assertThat(done(asked)).isInstanceOf(Lookup.Found.class));
    }

    @Test
    void referencesAreFollowed() {
        fake.register("line", LINE);
        int id = fake.register("orders-value", ORDER, new Reference("shop.Line", "line", 1));
        assertReads(find(new SchemaRef.Id(id), PAYLOAD), GOOD);
    }
}
