package dev.weir.schema.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schema.Limits;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.framing.Framing;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtobufValidatorTest {
    private static final ProtobufSchemas SCHEMAS = ProtobufSchemas.of(TestSchemas.texts());
    /** id a, two items with the skus b and c. */
    private static final String GOOD = "0a 01 61 22 03 0a 01 62 22 03 0a 01 63";

    @Test
    void takesWhatItsSchemaSays() {
        assertThat(order(GOOD)).isNull();
        assertThat(order("")).isNull();
    }

    @Test
    void looksAtItsOwnBytesOnly() throws SchemaFileException {
        byte[] bytes = bytes("ff ff " + GOOD + " ff");
        assertThat(SCHEMAS.validator(TestSchemas.ORDER, Framing.NONE, "Order", true, Limits.DEFAULT)
                        .orElseThrow()
                        .check(bytes, 2, bytes.length - 3))
                .isNull();
    }

    @Test
    void saysWhereInTheRecordAndWhatWasExpected() {
        assertThat(order(GOOD + " 22 05 0a 01 62 12 01").text())
                .isEqualTo("at items[2].sku (byte 16): found wire type 2, expected a uint32, of wire type 0"
                        .replace("sku", "count")
                        .replace("byte 16", "byte 18"));
        assertThat(order("0a 05 61").text())
                .isEqualTo("at id (byte 1): found a length of 5 with 1 byte left, expected a string");
    }

    @Test
    void countsItemsThatArePackedAndThoseThatAreNot() {
        // deltas: two packed, one not, then one that is cut short among packed ones
        assertThat(order("52 02 02 04 50 06 52 02 08 80").path()).isEqualTo("deltas[4]");
        // weights, not packed by the schema: one of each kind, then 7 bytes
        String eight = " 00 00 00 00 00 00 00 00";
        assertThat(order("59" + eight + " 5a 08" + eight)).isNull();
        assertThat(order("59" + eight + " 5a 0f" + eight + " 00 00 00 00 00 00 00")
                        .path())
                .isEqualTo("weights[2]");
    }

    @Test
    void fieldsHaveTheirWireType() {
        assertRefused(order("08 01"), Reason.PAYLOAD, "id", "wire type 0");
        assertRefused(order("1a 01 00"), Reason.PAYLOAD, "state", "wire type 2");
        assertRefused(order("23 24"), Reason.PAYLOAD, "items[0]", "wire type 3");
    }

    @Test
    void mapsAreListsOfEntries() {
        assertThat(order("2a 08 0a 01 61 12 03 0a 01 45")).isNull();
        assertThat(order("2a 00")).isNull();
        assertRefused(order("2a 02 12 05"), Reason.PAYLOAD, "prices_by_sku[0].value", "a length of 5");
    }

    @Test
    void unknownFieldsPassOrDoNot() throws SchemaFileException {
        String unknown = "f8 07 01 f9 07 01 02 03 04 05 06 07 08 fa 07 01 ff fb 07 08 02 fc 07 fd 07 01 02 03 04";
        assertThat(order(unknown)).isNull();
        Violation violation = SCHEMAS.validator(TestSchemas.ORDER, Framing.NONE, "Order", false, Limits.DEFAULT)
                .orElseThrow()
                .check(bytes(unknown), 0, bytes(unknown).length);
        assertThat(violation.text())
                .isEqualTo("at the record (byte 0): found field 127, expected fields of shop.Order only");
        // a number that is set aside for extensions
        byte[] extended = bytes("0a 00 10 00 a8 06 01");
        assertThat(SCHEMAS.validator(TestSchemas.LEGACY, Framing.NONE, "Event", false, Limits.DEFAULT)
                        .orElseThrow()
                        .check(extended, 0, extended.length))
                .isNull();
    }

    @Test
    void openEnumsHaveAnyNumberAndClosedOnesTheirOwn() {
        assertThat(order("18 63")).isNull();
        String event = "0a 00 10 00 ";
        assertThat(event(event + "18 01 18 fb ff ff ff ff ff ff ff ff 01")).isNull();
        assertRefused(event(event + "18 03"), Reason.PAYLOAD, "kind", "a number that it does not have");
        assertRefused(event(event + "22 02 01 03"), Reason.PAYLOAD, "kinds[1]", "a number that it does not have");
    }

    @Test
    void requiredFieldsAreThere() {
        assertThat(event("0a 00").text()).isEqualTo("at at (byte 2): found none, expected an int64, which is required");
        assertThat(event("0a 00 10 00 3a 02 12 00").text())
                .isEqualTo("at part.parts[0].sum (byte 8): found none, expected a fixed32, which is required");
    }

    @Test
    void groupsEndWithTheirTag() {
        String event = "0a 00 10 00 ";
        assertThat(event(event + "2b 0a 01 61 2c 33 0a 01 62 34")).isNull();
        assertRefused(event(event + "2b 0a 01 61"), Reason.PAYLOAD, "line[0]", "the end of the message");
        assertRefused(event(event + "2b 0a 01 61 34"), Reason.PAYLOAD, "line[0]", "the end of group 6");
        assertRefused(event(event + "2c"), Reason.PAYLOAD, "", "the end of group 5");
    }

    @Test
    void textIsUtf8AlsoInProto2() {
        assertRefused(order("0a 01 ff"), Reason.PAYLOAD, "id", "byte 0xff");
        assertRefused(event("0a 01 ff 10 00"), Reason.PAYLOAD, "id", "byte 0xff");
        assertThat(order("6a 01 ff")).isNull(); // bytes
    }

    @Test
    void numbersAreOfTheirBits() {
        assertThat(order("18 ff ff ff ff ff ff ff ff ff 01")).isNull();
        assertRefused(order("18 ff ff ff ff ff ff ff ff ff 02"), Reason.PAYLOAD, "state", "more than 64 bits");
        assertRefused(order("18 ff ff ff ff ff ff ff ff ff ff 00"), Reason.PAYLOAD, "state", "more than 64 bits");
        assertThat(order("8a 00 01 61")).as("a tag longer than it has to be").isNull();
        assertRefused(order("ff ff ff ff ff ff ff ff ff 01"), Reason.PAYLOAD, "", "a tag of field");
        assertRefused(order("00"), Reason.PAYLOAD, "", "a tag of field 0");
        assertRefused(order("07"), Reason.PAYLOAD, "", "a tag of field 0");
        assertRefused(order("0e"), Reason.PAYLOAD, "", "wire type 6");
    }

    @Test
    void lengthsAreHeldAgainstWhatIsThere() {
        assertRefused(order("0a ff ff ff ff 07"), Reason.PAYLOAD, "id", "a length of 2147483647 with 0 bytes left");
        assertRefused(
                order("0a ff ff ff ff ff ff ff ff ff 01"), Reason.PAYLOAD, "id", "a length of 18446744073709551615");
        assertRefused(
                order("22 02 0a 05 61 61 61 61 61"), Reason.PAYLOAD, "items[0].sku", "a length of 5 with 0 bytes");
    }

    @Test
    void nestingIsBounded() {
        String[] nested = {"", ""};
        for (int i = 0; i < 63; i++) {
            nested[0] = wrapped("0a", nested[0]);
        }
        nested[1] = wrapped("0a", nested[0]);
        assertThat(check(TestSchemas.ORDER, "Node", nested[0])).isNull();
        assertRefused(
                check(TestSchemas.ORDER, "Node", nested[1]),
                Reason.LIMIT,
                "left" + ".left".repeat(63),
                "more than 64 levels");
        // groups within each other cost two bytes each
        assertRefused(order("fb 07 ".repeat(100_000)), Reason.LIMIT, "", "more than 64 levels");
        assertThat(event("0a 00 10 00 2b " + "73 ".repeat(100_000)).reason()).isEqualTo(Reason.LIMIT);
    }

    private static String wrapped(String tag, String hex) {
        int length = bytes(hex).length;
        String varint = length < 128
                ? String.format("%02x", length)
                : String.format("%02x %02x", length & 127 | 128, length >> 7);
        return tag + " " + varint + " " + hex;
    }

    @Test
    void itemsAreBounded() throws SchemaFileException {
        String three = "52 03 00 00 00";
        byte[] bytes = bytes(three + three);
        Violation violation = SCHEMAS.validator(TestSchemas.ORDER, Framing.NONE, "Order", true, new Limits(64, 5))
                .orElseThrow()
                .check(bytes, 0, bytes.length);
        assertRefused(violation, Reason.LIMIT, "deltas[5]", "more than 5 items");
    }

    @Test
    void messageIndexesSayWhichMessageItIs() throws SchemaFileException {
        String item = "0a 01 61 10 02";
        assertThat(framed(Framing.CONFLUENT_PREFIX, "", "00 " + GOOD)).isNull();
        assertThat(framed(Framing.CONFLUENT_PREFIX, "", "02 00 " + GOOD)).isNull();
        assertThat(framed(Framing.CONFLUENT_PREFIX, "", "04 00 00 " + item)).isNull(); // Order.Item
        assertThat(framed(Framing.CONFLUENT_PREFIX, "", "06 00 00 00 0d 00 00 00 00"))
                .isNull(); // Order.Item.Size
        assertRefused(
                framed(Framing.CONFLUENT_PREFIX, "", "04 00 00 0d 00 00 00 00"), Reason.PAYLOAD, "sku", "wire type 5");
        assertRefused(framed(Framing.CONFLUENT_PREFIX, "", "02 06"), Reason.PAYLOAD, "", "message index 3");
        assertRefused(
                framed(Framing.CONFLUENT_PREFIX, "", "04 00 04"),
                Reason.PAYLOAD,
                "",
                "message index 2"); // an entry of a map
        assertRefused(framed(Framing.CONFLUENT_PREFIX, "", "01"), Reason.PAYLOAD, "", "-1 message indexes");
        assertRefused(
                framed(Framing.CONFLUENT_PREFIX, "", "fe ff ff ff 0f 00"),
                Reason.PAYLOAD,
                "",
                "2147483647 message indexes");
        assertRefused(framed(Framing.CONFLUENT_PREFIX, "", ""), Reason.PAYLOAD, "", "the end of the message");
        assertThat(framed(Framing.CONFLUENT_PREFIX, "Order.Item", "04 00 00 " + item))
                .isNull();
        assertRefused(
                framed(Framing.CONFLUENT_PREFIX, "Order.Item", "00 " + GOOD), Reason.PAYLOAD, "", "message shop.Order");
    }

    @Test
    void aNameInFrontSaysWhichMessageItIs() throws SchemaFileException {
        assertThat(framed(Framing.APICURIO, "", "07 0a 05 4f 72 64 65 72 " + GOOD))
                .isNull();
        assertRefused(
                framed(Framing.APICURIO, "", "07 0a 05 4f 72 64 65 73 " + GOOD), Reason.PAYLOAD, "", "something else");
        assertRefused(framed(Framing.APICURIO, "", GOOD), Reason.PAYLOAD, "", "");
        String order = "07 0a 05 4f 72 64 65 72 ";
        assertThat(framed(Framing.APICURIO, "", order + "00 " + GOOD)).isNull();
        assertRefused(
                framed(Framing.APICURIO, "", order + "02 02 " + GOOD), Reason.PAYLOAD, "", "message shop.Numbers");
    }

    /** Apicurio's serializers of version 3 write the name behind any id, and where the id is in a header. */
    @Test
    void aNameMayStandWhereOthersWriteIndexesOrNothing() throws SchemaFileException {
        String order = "07 0a 05 4f 72 64 65 72 ";
        assertThat(framed(Framing.CONFLUENT_PREFIX, "", order + GOOD)).isNull();
        assertThat(framed(Framing.CONFLUENT_PREFIX, "Order", order + "00 " + GOOD))
                .isNull();
        assertRefused(
                framed(Framing.CONFLUENT_PREFIX, "Numbers", order + GOOD), Reason.PAYLOAD, "", "message shop.Order");
        assertRefused(
                framed(Framing.CONFLUENT_PREFIX, "", "07 0a 05 4f 72 64 65 73"),
                Reason.PAYLOAD,
                "",
                "-4 message indexes");
        assertThat(framed(Framing.APICURIO_HEADERS, "Order", order + GOOD)).isNull();
        assertThat(framed(Framing.APICURIO_HEADERS, "Order", GOOD)).isNull();
        for (int end = 0; end < 8; end++) {
            assertThat(framed(Framing.CONFLUENT_PREFIX, "", order.substring(0, 3 * end)))
                    .as("%d bytes of it", end)
                    .isNotNull();
        }
    }

    /** A name of two letters is two indexes as well, 5 and 1; one of four letters is 5, 2 and a third, if its first letter is even. */
    @Test
    void whatCanBeANameAndIndexesIsIndexes() throws SchemaFileException {
        String two = "04 0a 02 41 62 ";
        String four = "06 0a 04 42 61 62 63 ";
        String sixth = "message F { message G {} message H { string s = 8; int32 u = 12; } %s }";
        String names = "syntax = \"proto3\"; message Ab { bytes s = 1; } message Babc { bytes s = 1; } message C {}"
                + " message D {} ";
        String payload = "0a 01 61";

        // as H, "Ab" is field 8 of wire type 1
        Violation indexes = inFile(names + "message E {} " + sixth.formatted(""), two + payload);
        assertRefused(indexes, Reason.PAYLOAD, "s", "wire type 1");
        assertThat(inFile(
                        names.replace("Ab", "Ba") + "message E {} " + sixth.formatted(""),
                        "04 0a 02 42 61" + "62".repeat(97)))
                .as("a good record of H, whose first field is as long as the second letter of a name says")
                .isNull();

        // no sixth message, or none in it
        assertThat(inFile(names + sixth.formatted(""), two + payload)).isNull();
        assertThat(inFile(names + "message E {} message F { message G {} }", two + payload))
                .isNull();

        // the third index is 33
        assertThat(inFile(names + "message E {} " + sixth.formatted("message I {}"), four + payload))
                .isNull();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 34; i++) {
            many.append("message I").append(i).append(" {} ");
        }
        String deep = names + "message E {} " + sixth.formatted("message I { " + many + "}");
        assertRefused(inFile(deep, four + payload), Reason.PAYLOAD, "", "the end of"); // of I33, by "abc" and the rest
        assertThat(inFile(deep, "06 0a 04 42")).isNull();
        assertThat(inFile(names + "message E {} " + sixth.formatted(""), "04 0a 02"))
                .isNull();
    }

    private static Violation inFile(String text, String hex) throws SchemaFileException {
        byte[] bytes = bytes(hex);
        return ProtobufSchemas.of(Map.of("a.proto", text))
                .validator("a.proto", Framing.CONFLUENT_PREFIX, "", true, Limits.DEFAULT)
                .orElseThrow()
                .check(bytes, 0, bytes.length);
    }

    @Test
    void theMessageIsSaidWhereItIsNotClear() throws SchemaFileException {
        assertThatThrownBy(() -> SCHEMAS.validator(TestSchemas.ORDER, Framing.NONE, "", true, Limits.DEFAULT))
                .isInstanceOf(SchemaFileException.class)
                .hasMessage(
                        "shop/order.proto: it has 3 messages; name the one that records are: shop.Order, shop.Numbers,"
                                + " shop.Node");
        assertThatThrownBy(() -> SCHEMAS.validator(TestSchemas.ORDER, Framing.NONE, "shop.Ordr", true, Limits.DEFAULT))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith("shop/order.proto: it has no message shop.Ordr; it has shop.Order, ");
        assertThat(ProtobufSchemas.of(Map.of("a.proto", "message A {}"))
                        .validator("a.proto", Framing.NONE, "", true, Limits.DEFAULT))
                .isPresent();
        assertThat(SCHEMAS.validator("nowhere.proto", Framing.NONE, "", true, Limits.DEFAULT))
                .isEmpty();
    }

    private static Violation framed(Framing framing, String message, String hex) throws SchemaFileException {
        byte[] bytes = bytes(hex);
        return SCHEMAS.validator(TestSchemas.ORDER, framing, message, true, Limits.DEFAULT)
                .orElseThrow()
                .check(bytes, 0, bytes.length);
    }

    private static void assertRefused(Violation violation, Reason reason, String path, String found) {
        assertThat(violation).isNotNull();
        assertThat(violation.reason()).as(violation.text()).isEqualTo(reason);
        assertThat(violation.path()).as(violation.text()).isEqualTo(path);
        assertThat(violation.found()).contains(found);
    }

    private static Violation order(String hex) {
        return check(TestSchemas.ORDER, "Order", hex);
    }

    private static Violation event(String hex) {
        return check(TestSchemas.LEGACY, "Event", hex);
    }

    private static Violation check(String file, String message, String hex) {
        try {
            byte[] bytes = bytes(hex);
            return SCHEMAS.validator(file, Framing.NONE, message, true, Limits.DEFAULT)
                    .orElseThrow()
                    .check(bytes, 0, bytes.length);
        } catch (SchemaFileException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
