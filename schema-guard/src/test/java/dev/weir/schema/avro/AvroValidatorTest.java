package dev.weir.schema.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schema.Limits;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class AvroValidatorTest {
    private static final Schema ORDER = new Schema.Parser().parse("""
                    {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                      {"name": "id", "type": "string"},
                      {"name": "paid", "type": "boolean"},
                      {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "DONE"]}},
                      {"name": "note", "type": ["null", "string"]},
                      {"name": "items", "type": {"type": "array", "items":
                        {"type": "record", "name": "Item", "fields": [
                          {"name": "sku", "type": "string"}, {"name": "count", "type": "int"}]}}},
                      {"name": "labels", "type": {"type": "map", "values": "long"}}]}
                    """);
    /** id a, paid, NEW, no note, items [b x 1, c x 2], no labels. */
    private static final String GOOD = "02 61 01 00 00 04 02 62 02 02 63 04 00 00";

    @Test
    void takesWhatItsSchemaSays() {
        assertThat(check(ORDER, GOOD)).isNull();
    }

    @Test
    void looksAtItsOwnBytesOnly() {
        byte[] bytes = bytes("ff ff " + GOOD + " ff");
        assertThat(new AvroValidator(ORDER, Limits.DEFAULT).check(bytes, 2, bytes.length - 3))
                .isNull();
    }

    @Test
    void saysWhereInTheRecordAndWhatWasExpected() {
        Violation violation = check(ORDER, "02 61 01 00 00 04 02 62 02 02 63 80");
        assertThat(violation).isNotNull();
        assertThat(violation.text())
                .isEqualTo("at items[1].count (byte 12): found the end of the record, expected an int");
    }

    @Test
    void refusesAnythingBehindTheRecord() {
        assertRefused(ORDER, GOOD + " 00", Reason.TRAILING_BYTES, "", "1 more bytes");
    }

    @Test
    void refusesWhatIsNoSymbolBranchOrBoolean() {
        assertRefused(ORDER, "02 61 02", Reason.PAYLOAD, "paid", "byte 0x02");
        assertRefused(ORDER, "02 61 01 04", Reason.PAYLOAD, "state", "symbol 2");
        assertRefused(ORDER, "02 61 01 01", Reason.PAYLOAD, "state", "symbol -1");
        assertRefused(ORDER, "02 61 01 00 04", Reason.PAYLOAD, "note", "branch 2");
        assertRefused(ORDER, "02 61 01 00 03", Reason.PAYLOAD, "note", "branch -2");
    }

    @Test
    void refusesLengthsThatAreNotThere() {
        assertRefused(ORDER, "7f", Reason.PAYLOAD, "id", "a length of -64 with 0 bytes left");
        assertRefused(
                ORDER,
                "fe ff ff ff ff ff ff ff ff 01 61",
                Reason.PAYLOAD,
                "id",
                "a length of 9223372036854775807 with 1 byte left");
        assertRefused(ORDER, "ff ff ff ff ff ff ff ff ff 02", Reason.PAYLOAD, "id", "a number of more than 64 bits");
    }

    @Test
    void refusesBlocksThatClaimTooMuch() {
        String before = "02 61 01 00 00 ";
        assertRefused(ORDER, before + "fe ff ff ff 0f 00", Reason.PAYLOAD, "items", "2147483647 items");
        // a negative count: 2 items in a block of so many bytes
        assertThat(check(ORDER, before + "03 0c 02 62 02 02 63 04 00 00")).isNull();
        assertRefused(
                ORDER,
                before + "03 0a 02 62 02 02 63 04 00 00",
                Reason.PAYLOAD,
                "items",
                "a block that ends at byte 13");
        assertRefused(ORDER, before + "03 01 02 62", Reason.PAYLOAD, "items", "a block of -1 bytes");
        // the most negative number has no positive
        assertRefused(
                ORDER, before + "ff ff ff ff ff ff ff ff ff 01 00", Reason.PAYLOAD, "items", "a block of 0 bytes");
    }

    @Test
    void itemsWithoutBytesDoNotKeepItBusy() {
        Schema nulls = new Schema.Parser().parse("{\"type\": \"array\", \"items\": \"null\"}");
        assertThat(check(nulls, "c8 01 00")).isNull();
        assertRefused(nulls, "fe ff ff ff ff ff ff ff ff 01 00", Reason.LIMIT, "", "more than 1000000 items");
        assertRefused(nulls, "80 89 7a 80 89 7a 00", Reason.LIMIT, "", "more than 1000000 items"); // a million, twice
    }

    @Test
    void nestingIsBounded() {
        Schema list = new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"L\", \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"L\"]}]}");
        assertThat(check(list, "02 ".repeat(63) + "00")).isNull();
        Violation violation = check(list, "02 ".repeat(100_000) + "00");
        assertThat(violation).isNotNull();
        assertThat(violation.reason()).isEqualTo(Reason.LIMIT);
        assertThat(violation.path()).startsWith("next.next.next");
    }

    @Test
    void aRecordThatHoldsItselfWithoutEndIsRefused() {
        Schema endless = Schema.createRecord("E", null, "x", false);
        endless.setFields(java.util.List.of(new Schema.Field("self", endless)));
        assertThat(check(endless, "")).isNotNull().extracting(Violation::reason).isEqualTo(Reason.LIMIT);
    }

    @Test
    void stringsAreUtf8() {
        Schema string = Schema.create(Schema.Type.STRING);
        for (String text :
                new String[] {"", "plain ascii of more than eight bytes", "Grüße, 世界 \uD83D\uDE80", "\u07ff\u0800\uffff"
                }) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] bytes = ByteBuffer.allocate(1 + utf8.length)
                    .put((byte) (utf8.length << 1))
                    .put(utf8)
                    .array();
            assertThat(new AvroValidator(string, Limits.DEFAULT).check(bytes, 0, bytes.length))
                    .as(text)
                    .isNull();
        }
        for (String bad :
                new String[] {"02 80", "02 c3", "04 c0 80", "06 ed a0 80", "08 f4 90 80 80", "06 e0 80 80", "02 ff"}) {
            assertRefused(string, bad, Reason.PAYLOAD, "", "which is not UTF-8 there");
        }
        assertRefused(string, "14 61 61 61 61 61 61 61 61 61 80", Reason.PAYLOAD, "", "byte 0x80");
    }

    @Test
    void mapsHaveKeysAndItemNumbersInTheirPath() {
        assertRefused(ORDER, "02 61 01 00 00 00 02 02 6b ff", Reason.PAYLOAD, "labels[0]", "the end of the record");
    }

    private static void assertRefused(Schema schema, String hex, Reason reason, String path, String found) {
        Violation violation = check(schema, hex);
        assertThat(violation).as(hex).isNotNull();
        assertThat(violation.reason()).as(violation.text()).isEqualTo(reason);
        assertThat(violation.path()).as(violation.text()).isEqualTo(path);
        assertThat(violation.found()).contains(found);
    }

    private static Violation check(Schema schema, String hex) {
        byte[] bytes = bytes(hex);
        return new AvroValidator(schema, Limits.DEFAULT).check(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
