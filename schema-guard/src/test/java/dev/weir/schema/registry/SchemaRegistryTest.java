package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Reason;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.SchemaDemand.Level;
import dev.weir.schema.registry.SubjectNaming.Strategy;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.registry.FakeRegistry;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that behaves, and misbehaves in every way. */
class SchemaRegistryTest {
    private static final String LINE = """
            {"type": "record", "name": "Line", "namespace": "shop", "fields": [{"name": "sku", "type": "string"}]}""";
    private static final String ORDER = """
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "line", "type": "shop.Line"}]}""";
    private static final Reading AVRO = Reading.of(Framing.CONFLUENT_PREFIX);
    private static final SchemaDemand ID = new SchemaDemand(Strategy.TOPIC, Level.ID, AVRO);
    private static final SchemaDemand PAYLOAD = new SchemaDemand(Strategy.TOPIC, Level.PAYLOAD, AVRO);
    /** The sku "a". */
    private static final byte[] GOOD = {2, 'a'};

    @TempDir
    private Path dir;

    private final FakeRegistry fake = FakeRegistry.start();
    /** Stands still until a test says that time passes. */
    private final AtomicLong nowNanos = new AtomicLong(1);

    private final SchemaRegistry registry = registry(30_000);

    private SchemaRegistry registry(int timeoutMillis) {
        return registry(timeoutMillis, 1 << 20);
    }

    private SchemaRegistry registry(int timeoutMillis, long schemaBytesMax) {
        HttpClient http = HttpClient.newHttpClient();
        return new SchemaRegistry(
                new RegistrySettings("main", fake.url(), timeoutMillis, 64 << 10, 2, 100, schemaBytesMax, 10_000),
                new RegistryAccess(() -> http, () -> Optional.of(RegistryAccess.basic("weir", "secret"))),
                nowNanos::get);
    }

    private void pass(Duration time) {
        nowNanos.addAndGet(time.toNanos());
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    private Lookup find(SchemaRef ref, SchemaDemand demand) {
        return find(registry, ref, demand);
    }

    private static Lookup find(SchemaRegistry registry, SchemaRef ref, SchemaDemand demand) {
        return done(registry.find(ref, demand, "orders", false));
    }

    private static Lookup done(CompletableFuture<Lookup> asked) {
        Patience.awaitAnswer().until(asked::isDone);
        return asked.join();
    }

    private static void assertReads(Lookup lookup, byte... payload) {
        assertThat(lookup)
                .isInstanceOfSatisfying(
                        Lookup.Found.class,
                        found -> assertThat(found.validator().check(payload, 0, payload.length))
                                .isNull());
    }

    private static void assertRefused(Lookup lookup, Reason reason, String... words) {
        assertThat(lookup).isInstanceOfSatisfying(Lookup.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            for (String word : words) {
                assertThat(refused.found() + ", expected " + refused.expected()).contains(word);
            }
        });
    }

    private static void assertDown(Lookup lookup, String words) {
        assertThat(lookup)
                .isInstanceOfSatisfying(
                        Lookup.Down.class, down -> assertThat(down.why()).contains("registry main: ", words));
    }

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

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(
                        "a circle",
                        ORDER,
                        new Reference[] {new Reference("b", "b", 1)},
                        "its references go in a circle: b version 1 -> c version 1 -> b version 1"),
                Arguments.of(
                        "to what is not there",
                        ORDER,
                        new Reference[] {new Reference("x", "x", 7)},
                        "it refers to x version 7, which there is not"),
                Arguments.of(
                        "too deep",
                        ORDER,
                        new Reference[] {new Reference("deep1", "deep1", 1)},
                        "go deeper than 16 levels"),
                Arguments.of("no schema", "{\"type\": \"recrod\"}", new Reference[] {}, "it is no Avro schema"),
                Arguments.of("a type that is missing", ORDER, new Reference[] {}, "it is no Avro schema"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void aSchemaThatCannotBeUsedIsRefused(String what, String schema, Reference[] references, String words) {
        fake.register("b", LINE, new Reference("c", "c", 1));
        fake.register("c", LINE + " ", new Reference("b2", "b", 1));
        for (int i = 1; i < 20; i++) {
            fake.register("deep" + i, LINE, new Reference("deep" + (i + 1), "deep" + (i + 1), 1));
        }
        int id = fake.register("orders-value", schema + "  ", references);
        assertRefused(find(new SchemaRef.Id(id), PAYLOAD), Reason.UNUSABLE_SCHEMA, "schema id " + id, words);
    }

    @Test
    void otherFormatsAreReadToo() {
        int json = fake.register("JSON", "orders-value", "{\"type\": \"object\", \"required\": [\"id\"]}");
        assertReads(find(new SchemaRef.Id(json), PAYLOAD), "{\"id\": 1}".getBytes(StandardCharsets.UTF_8));
        int protobuf =
                fake.register("PROTOBUF", "orders-value", "syntax = \"proto3\"; message Order { string sku = 1; }");
        assertReads(find(new SchemaRef.Id(protobuf), PAYLOAD), (byte) 0, (byte) 10, (byte) 1, (byte) 'a');
    }

    @Test
    void aSchemaOfAnUnknownTypeIsStillRegistered() {
        int id = fake.register("THRIFT", "orders-value", "struct Order {}");
        assertRefused(find(new SchemaRef.Id(id), PAYLOAD), Reason.UNUSABLE_SCHEMA, "nobody knows its type, THRIFT");
        assertThat(find(new SchemaRef.Id(id), ID)).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void aGiantAnswerIsNotReadToItsEnd() {
        fake.register("orders-value", LINE);
        fake.beGiant();
        assertRefused(find(new SchemaRef.Id(1), ID), Reason.UNUSABLE_SCHEMA, "more than 65536 bytes");
        fake.beWell();
        assertThat(find(new SchemaRef.Id(1), PAYLOAD)).isInstanceOf(Lookup.Refused.class); // for a while
        pass(Duration.ofSeconds(11));
        assertReads(find(new SchemaRef.Id(1), PAYLOAD), GOOD);
    }

    @Test
    void failuresAreSaidAndPassBy() {
        fake.register("orders-value", LINE);
        fake.failWith(500, null);
        assertDown(find(new SchemaRef.Id(1), ID), "it failed: 500");
        fake.failWith(429, "30");
        pass(Duration.ofSeconds(2));
        assertDown(find(new SchemaRef.Id(1), ID), "it wants to be asked less: 429");
        int asked = fake.requests().size();
        fake.beWell();
        pass(Duration.ofSeconds(29));
        assertDown(find(new SchemaRef.Id(1), ID), "429");
        assertThat(fake.requests()).hasSize(asked);
        assertThat(registry.stats().lastError()).contains("429");
        pass(Duration.ofSeconds(2));
        fake.answerHtml();
        assertDown(find(new SchemaRef.Id(1), ID), "it answers with no JSON");
        fake.require("Bearer other");
        pass(Duration.ofSeconds(2));
        assertDown(find(new SchemaRef.Id(1), ID), "it does not let Weir read: 401");
        fake.require(RegistryAccess.basic("weir", "secret"));
        fake.beWell();
        pass(Duration.ofSeconds(2));
        assertThat(find(new SchemaRef.Id(1), ID)).isInstanceOf(Lookup.Found.class);
        assertThat(registry.stats().lastError()).isNull();
        assertThat(registry.stats().failures())
                .containsEntry(RegistryFailure.SERVER_ERROR, 1L)
                .containsEntry(RegistryFailure.THROTTLED, 1L)
                .containsEntry(RegistryFailure.NOT_UNDERSTOOD, 1L)
                .containsEntry(RegistryFailure.UNAUTHORIZED, 1L)
                .containsEntry(RegistryFailure.UNREACHABLE, 0L);
    }

    @Test
    void whatWasFoundOutlivesARegistryThatIsDown() {
        fake.register("orders-value", LINE);
        assertReads(find(new SchemaRef.Id(1), PAYLOAD), GOOD);
        fake.stop();
        pass(Duration.ofDays(300));
        assertReads(find(new SchemaRef.Id(1), PAYLOAD), GOOD);
        assertDown(find(new SchemaRef.Id(2), PAYLOAD), "it cannot be reached");
        fake.restart();
        pass(Duration.ofSeconds(2));
        assertRefused(find(new SchemaRef.Id(2), PAYLOAD), Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void aRegistryThatDoesNotAnswerInTimeIsDown() {
        SchemaRegistry hasty = registry(200);
        fake.register("orders-value", LINE);
        fake.hold();
        assertDown(find(hasty, new SchemaRef.Id(1), ID), "it did not answer within 200 ms");
    }

    @Test
    void aCertificateOfSomebodyElseIsNotTrusted() throws Exception {
        try (FakeRegistry secure = FakeRegistry.start(TestCa.create(dir, "ca").issue(CertificateSpec.server()))) {
            HttpClient http = HttpClient.newHttpClient();
            SchemaRegistry strict = new SchemaRegistry(
                    RegistrySettings.of("main", secure.url(), 30_000), new RegistryAccess(() -> http, Optional::empty));
            assertDown(find(strict, new SchemaRef.Id(1), ID), "TLS with it fails");
            assertThat(secure.requests()).isEmpty();
        }
    }
}
