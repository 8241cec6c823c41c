package dev.weir.schema.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Reason;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.registry.FakeRegistry;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are of no use, and those that do not come. */
class RegistryAnswersTest extends RegistryUnderTest {
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
