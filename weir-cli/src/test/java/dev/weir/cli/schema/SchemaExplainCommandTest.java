package dev.weir.cli.schema;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaExplainCommandTest {
    @TempDir
    private Path dir;

    @BeforeEach
    void schemas() throws IOException {
        Files.createDirectories(dir.resolve("schemas"));
        Files.writeString(
                dir.resolve("schemas/order.avsc"),
                "{\"type\": \"record\", \"name\": \"Order\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}");
        Files.writeString(dir.resolve("schemas/order.json"), "{\"properties\": {\"id\": {\"$ref\": \"id.json\"}}}");
        Files.writeString(dir.resolve("schemas/id.json"), "{\"type\": \"integer\"}");
        Files.writeString(
                dir.resolve("schemas/order.proto"),
                "syntax = \"proto3\"; message Item { string sku = 1; } message Order { repeated Item items = 1; }");
    }

    @Test
    void saysFramingIdAndThatItReads() throws IOException {
        Result result = explain("000000000702" + "61", "order.avsc");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .endsWith("record: 7 bytes; framing confluent (nobody said it), schema id 7, payload from byte 5\n"
                        + "By order.avsc it reads to its end.\n");
        assertThat(explain("00000000000000000702" + "61", "order.avsc").out())
                .contains("framing apicurio (nobody said it), schema id 7, payload from byte 9");
        assertThat(explain("0261", "order.avsc").out())
                .contains("framing none (nobody said it), no schema id, payload from byte 0");
    }

    @Test
    void saysWhereItIsSomethingElse() throws IOException {
        Result result = explain("000000000704" + "61", "order.avsc");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("schema id 7, payload from byte 5\n")
                .endsWith(
                        "By order.avsc it does not read: at id, byte 5 of the file: found a length of 2 with 1 byte left,"
                                + " expected a string (payload)\n");
        assertThat(explain("0261", "order.avsc", "--framing", "confluent").out())
                .contains("By order.avsc it does not read: at the record, byte 0 of the file: found ")
                .endsWith(" (framing)\n");
    }

    @Test
    void readsOtherFormatsAndAnswersPrograms() throws IOException {
        Result result = explain("7b226964223a2261227d", "order.json", "--json");
        assertThat(result.exitCode()).isEqualTo(1);
        JsonNode answer = new ObjectMapper().readTree(result.out());
        assertThat(answer.path("valid").asBoolean(true)).isFalse();
        assertThat(answer.path("framing").asText()).isEqualTo("none");
        assertThat(answer.path("violation").path("path").asText()).isEqualTo("id");
        assertThat(answer.path("violation").path("offset").asInt()).isEqualTo(6);
        assertThat(answer.path("violation").path("expected").asText()).isEqualTo("an integer");

        assertThat(explain("0000000007" + "0202" + "0a030a0161", "order.proto").exitCode())
                .isZero();
        assertThat(explain("0a030a0161", "order.proto", "--message", "Order").exitCode())
                .isZero();
        assertThat(explain("0a030a0261", "order.proto", "--message", "Order").out())
                .contains("at items[0].sku, byte 3 of the file");
    }

    /** Confluent's serializers of Protobuf say in the header, too, which message it is. */
    @Test
    void takesWhatAHeaderSays() throws IOException {
        assertThat(explain("0261", "order.avsc", "--framing", "apicurio-headers", "--header", "7")
                        .out())
                .endsWith("record: 2 bytes; framing apicurio-headers, schema id 7, payload from byte 0\n"
                        + "By order.avsc it reads to its end.\n");
        assertThat(explain(
                                "02",
                                "order.avsc",
                                "--framing",
                                "apicurio-headers",
                                "--header",
                                "apicurio.value.contentId=0x00000000000001ff")
                        .out())
                .startsWith(dir.resolve("record") + ": 1 byte; framing apicurio-headers, schema id 511, payload");
        String guid = "00112233-4455-6677-8899-aabbccddeeff";
        assertThat(explain("0261", "order.avsc", "--framing", "confluent-headers", "--header", guid)
                        .out())
                .contains("framing confluent-headers, GUID " + guid + ", payload from byte 0\n");
        String header = "0x01" + guid.replace("-", "");
        assertThat(explain("0a030a0161", "order.proto", "--framing", "confluent-headers", "--header", header + "0202")
                        .exitCode())
                .isZero();
        assertThat(explain("0261", "order.avsc", "--framing", "confluent-headers", "--header", "0x02")
                        .out())
                .contains("found header __value_schema_id of 1 byte that begins with 0x02, expected 0x01 and a GUID");
    }

    @Test
    void takesBytesAndBase64() throws IOException {
        Path record = Files.write(dir.resolve("bytes"), new byte[] {2, 'a'});
        String schema = dir.resolve("schemas/order.avsc").toString();
        assertThat(weir("schema", "explain", record.toString(), "--schema", schema)
                        .exitCode())
                .isZero();
        Path base64 = Files.writeString(dir.resolve("base64"), "AmE=\n");
        assertThat(weir("schema", "explain", base64.toString(), "--schema", schema, "--input", "base64")
                        .exitCode())
                .isZero();
        assertThat(weir("schema", "explain", record.toString(), "--schema", schema, "--schemas", dir.toString())
                        .out())
                .endsWith("By schemas/order.avsc it reads to its end.\n");
    }

    @Test
    void mistakesAreNamed() throws IOException {
        assertFails(explain("zz", "order.avsc"), "is not hex");
        assertFails(explain("00", "oder.avsc"), "oder.avsc is no schema");
        assertFails(
                explain("00", "order.proto"),
                "order.proto: it has 2 messages; name the one that records are: Item, Order");
        assertFails(
                explain("00", "order.avsc", "--framing", "magic"),
                "expected none, confluent, confluent-headers, apicurio or apicurio-headers but was 'magic'");
        assertFails(
                explain("00", "order.avsc", "--framing", "confluent-headers"),
                "--framing confluent-headers: the schema stands in a header of the record; say with --header");
        assertFails(explain("00", "order.avsc", "--framing", "none", "--header", "1"), "--header has no use");
        assertFails(explain("00", "order.avsc", "--header", "1"), "--header: also --framing");
        assertFails(
                explain("00", "order.avsc", "--framing", "confluent-headers", "--header", "7"),
                "expected a GUID, a number, or 0x and bytes in hex but was '7'");
        assertFails(
                explain("00", "order.avsc", "--framing", "apicurio-headers", "--header", "contentId=7"),
                "--header: expected header apicurio.value.globalId or apicurio.value.contentId but was 'contentId'");
        assertFails(
                explain("00", "order.avsc", "--framing", "apicurio-headers", "--header", "apicurio.value.contentId=x"),
                "--header: expected a GUID, a number, or 0x and bytes in hex but was 'x'");
        assertFails(explain("00", "order.avsc", "--registry", "http://127.0.0.1:1"), "expected one of them");
        assertFails(
                weir(
                        "schema",
                        "explain",
                        dir.resolve("nowhere").toString(),
                        "--schema",
                        dir.resolve("schemas/order.avsc").toString()),
                "nowhere cannot be read");
    }

    private static void assertFails(Result result, String why) {
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(why);
        assertThat(result.out()).isEmpty();
    }

    private Result explain(String hex, String schema, String... more) throws IOException {
        Path record = Files.writeString(dir.resolve("record"), hex);
        List<String> all = new ArrayList<>(List.of(
                "schema",
                "explain",
                record.toString(),
                "--input",
                "hex",
                "--schema",
                dir.resolve("schemas").resolve(schema).toString()));
        all.addAll(List.of(more));
        return weir(all.toArray(String[]::new));
    }
}
