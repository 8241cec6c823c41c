package dev.weir.cli.schema;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.testkit.registry.FakeRegistry;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are explained by what a registry has. */
class RegistryExplainTest {
    private static final String LINE = """
            {"type": "record", "name": "Line", "fields": [{"name": "sku", "type": "string"}]}""";
    private static final String ORDER = """
            {"type": "record", "name": "Order", "fields": [{"name": "line", "type": "Line"}]}""";

    @TempDir
    private Path dir;

    private final FakeRegistry registry = FakeRegistry.start();

    @AfterEach
    void stop() {
        registry.close();
    }

    private Result explain(String hex, String... more) throws IOException {
        Path record = Files.writeString(dir.resolve("record"), hex);
        List<String> all = new ArrayList<>(List.of(
                "schema",
                "explain",
                record.toString(),
                "--input",
                "hex",
                "--registry",
                registry.url().toString()));
        all.addAll(List.of(more));
        return weir(all.toArray(String[]::new));
    }

    @Test
    void theRegistrySaysWhatTheIdIs() throws IOException {
        registry.register("line", LINE);
        int id = registry.register("orders-value", ORDER, new Reference("Line", "line", 1));
        registry.register("archive-value", ORDER, new Reference("Line", "line", 1));

        Result good = explain("0000000002" + "0261");
        assertThat(good.err()).isEmpty();
        assertThat(id).isEqualTo(2);
        assertThat(good.exitCode()).isZero();
        assertThat(good.out())
                .endsWith("record: 7 bytes; framing confluent (nobody said it), schema id 2, payload from byte 5\n"
                        + "schema id 2 of " + registry.url() + ": AVRO, registered for archive-value, orders-value\n"
                        + "By schema id 2 of " + registry.url() + " it reads to its end.\n");

        Result bad = explain("0000000002" + "0461", "--json");
        assertThat(bad.exitCode()).isEqualTo(1);
        JsonNode answer = new ObjectMapper().readTree(bad.out());
        assertThat(answer.path("valid").asBoolean(true)).isFalse();
        assertThat(answer.path("type").asText()).isEqualTo("AVRO");
        assertThat(answer.path("subjects")).hasSize(2);
        assertThat(answer.path("violation").path("path").asText()).isEqualTo("line.sku");
        assertThat(answer.path("violation").path("offset").asInt()).isEqualTo(5);
    }

    @Test
    void aGuidOfAHeaderIsAskedForAsWell() throws IOException {
        int id = registry.register(
                "PROTOBUF",
                "orders-value",
                "syntax = \"proto3\"; message Line { string sku = 1; } message Order { repeated Line lines = 1; }");
        String guid = registry.guid(id).toString();
        Result good = explain(
                "0a030a0161", "--framing", "confluent-headers", "--header", "0x01" + guid.replace("-", "") + "0202");
        assertThat(good.out())
                .contains("framing confluent-headers, GUID " + guid + ", payload from byte 0\n")
                .contains(": PROTOBUF, registered for orders-value\n")
                .endsWith(" it reads to its end.\n");
        assertThat(explain("0a030a0161", "--framing", "confluent-headers", "--header", guid, "--message", "Order")
                        .exitCode())
                .isZero();
    }

    /** Apicurio's serializers of version 3 put the id of the Confluent-compatible API into a header of its own. */
    @Test
    void aContentIdOfAHeaderIsAskedForByItsName() throws IOException {
        registry.register("lines-value", LINE);
        Result good = explain("0261", "--framing", "apicurio-headers", "--header", "apicurio.value.contentId=1");
        assertThat(good.err()).isEmpty();
        assertThat(good.out())
                .contains("framing apicurio-headers, schema id 1, payload from byte 0\n")
                .contains("schema id 1 of " + registry.url() + ": AVRO, registered for lines-value\n")
                .endsWith(" it reads to its end.\n");
        assertThat(explain("0261", "--framing", "apicurio-headers", "--header", "1")
                        .out())
                .contains("found global id 1, which the registry does not have");
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        Result unknown = explain("0000000007" + "02");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.out())
                .endsWith(
                        "It does not read: at the record, byte 0 of the file: found schema id 7, which the registry does"
                                + " not have, expected a registered schema (unknown-schema)\n");
        assertThat(explain("7b7d").out()).contains("found 2 bytes that begin with 0x7b, expected 0x00 and a schema id");
        assertThat(explain("000000000000000007").out()).contains("framing apicurio", "found global id 7, which");
    }

    @Test
    void mistakesAreNamed() throws IOException {
        assertFails(explain("00", "--framing", "none"), "the record says no schema to ask a registry for");
        assertFails(explain("00", "--framing", "apicurio-headers"), "say with --header");
        assertFails(explain("00", "--schemas", dir.toString()), "--schemas goes with --schema");
        assertFails(weir("schema", "explain", dir.resolve("record").toString()), "expected one of them");
        registry.register("broken", "{\"type\": \"recrd\"}");
        assertFails(explain("000000000102"), "schema id 1: it is no Avro schema: ");
        registry.require("Basic d2VpcjpzZWNyZXQ=");
        assertFails(explain("000000000102"), "schema id 1: it does not let Weir read: 401");
        String password = Files.writeString(dir.resolve("password"), "secret\n").toString();
        assertFails(
                explain("000000000102", "--registry-username", "weir", "--registry-password-file", password),
                "it is no Avro schema: ");
        registry.stop();
        assertFails(explain("000000000102"), "schema id 1: it cannot be reached: ");
    }

    @Test
    void whatIsNoUrlOfARegistryIsNamedWithoutWhatMayBeASecret() throws IOException {
        Path record = Files.writeString(dir.resolve("record"), "0000000001");
        for (String url : List.of(
                "localhost:8081",
                "registry",
                "https:",
                "ftp://registry:8081",
                "https://registry:8081?x=hushed",
                "https://registry:8081#hushed",
                "https://hushed:hushed@registry:8081",
                "https://hushed:hu/sh@ed@registry:8081",
                "https:hushed:hushed@registry:8081",
                "https://hushed:hus hed@registry:8081")) {
            Result explained = weir("schema", "explain", record.toString(), "--input", "hex", "--registry", url);
            assertFails(explained, "--registry: expected the URL of a registry's Confluent-compatible API, such as ");
            assertThat(explained.err()).doesNotContain("hu", "ed@").doesNotContain("\tat ", "Exception");
            if (url.startsWith("https:")) {
                Result checked = weir("schema", "check", "--against", url, schemas());
                assertFails(checked, "--against: expected the URL of a registry's Confluent-compatible API, such as ");
                assertThat(checked.err()).doesNotContain("hu", "ed@").doesNotContain("\tat ", "Exception");
            }
        }
        assertThat(weir("schema", "explain", record.toString(), "--registry", "localhost:8081")
                        .err())
                .contains("but was 'localhost:8081'");
    }

    private String schemas() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("schemas"));
        Files.writeString(folder.resolve("line.avsc"), LINE);
        return folder.toString();
    }

    private static void assertFails(Result result, String why) {
        assertThat(result.err()).contains(why);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }
}
