package dev.weir.schema.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AvroSchemasTest {
    private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of("nothing", ID, ID, List.of(), List.of()),
                Arguments.of(
                        "a new field with a default",
                        ID,
                        ID + ", {\"name\": \"note\", \"type\": \"string\", \"default\": \"\"}",
                        List.of(),
                        List.of()),
                Arguments.of(
                        "a new field without",
                        ID,
                        ID + ", {\"name\": \"note\", \"type\": \"string\"}",
                        List.of("at note: a consumer with the new schema cannot read records of the old one: "
                                + "the field is new and has no default; give it one"),
                        List.of()),
                Arguments.of(
                        "a field that is gone",
                        ID + ", {\"name\": \"note\", \"type\": \"string\"}",
                        ID,
                        List.of(),
                        List.of(
                                "at note: a consumer with the old schema cannot read records of the new one: the field is "
                                        + "gone, and had no default; keep it, or give it a default in a version before this")),
                Arguments.of(
                        "a wider number",
                        "{\"name\": \"id\", \"type\": \"int\"}",
                        ID,
                        List.of(),
                        List.of("at id: a consumer with the old schema cannot read records of the new one: "
                                + "the new type is long, the old one int, which does not read it")),
                Arguments.of(
                        "deep in a list of records that may be absent",
                        items("{\"name\": \"price\", \"type\": \"int\"}"),
                        items("{\"name\": \"price\", \"type\": \"string\"}"),
                        List.of("at items[].price: a consumer with the new schema cannot read records of the old one: "
                                + "the old type is int, the new one string, which does not read it"),
                        List.of("at items[].price: a consumer with the old schema cannot read records of the new one: "
                                + "the new type is string, the old one int, which does not read it")),
                Arguments.of(
                        "an enum with one symbol less",
                        "{\"name\": \"state\", \"type\": {\"type\": \"enum\", \"name\": \"State\", \"symbols\": [\"A\", \"B\"]}}",
                        "{\"name\": \"state\", \"type\": {\"type\": \"enum\", \"name\": \"State\", \"symbols\": [\"A\"]}}",
                        List.of(
                                "at state: a consumer with the new schema cannot read records of the old one: the new enum "
                                        + "lacks symbols [B] and has no default; keep them, or give the enum a default"),
                        List.of()),
                Arguments.of(
                        "a union with one branch less",
                        "{\"name\": \"key\", \"type\": [\"null\", \"string\", \"boolean\"]}",
                        "{\"name\": \"key\", \"type\": [\"null\", \"string\"]}",
                        List.of("at key: a consumer with the new schema cannot read records of the old one: "
                                + "the new union has no branch for boolean of the old schema; add it"),
                        List.of()),
                Arguments.of(
                        "another size",
                        "{\"name\": \"sum\", \"type\": {\"type\": \"fixed\", \"name\": \"Sum\", \"size\": 4}}",
                        "{\"name\": \"sum\", \"type\": {\"type\": \"fixed\", \"name\": \"Sum\", \"size\": 8}}",
                        List.of("at sum: a consumer with the new schema cannot read records of the old one: "
                                + "the old size is 4 bytes, the new one 8; it cannot change"),
                        List.of("at sum: a consumer with the old schema cannot read records of the new one: "
                                + "the new size is 8 bytes, the old one 4; it cannot change")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void saysWhatIsBrokenWhereAndHowToMendIt(
            String what, String before, String after, List<String> backward, List<String> forward)
            throws SchemaFileException {
        AvroSchemas old = AvroSchemas.parse(Map.of("order.avsc", order(before)));
        AvroSchemas now = AvroSchemas.parse(Map.of("order.avsc", order(after)));

        assertThat(texts(now.breaches(old, Compatibility.BACKWARD))).isEqualTo(backward);
        assertThat(texts(now.breaches(old, Compatibility.FORWARD))).isEqualTo(forward);
        assertThat(texts(now.breaches(old, Compatibility.FULL)))
                .isEqualTo(Stream.concat(backward.stream(), forward.stream()).toList());
    }

    @Test
    void aFileMayUseTypesOfAnother() throws SchemaFileException {
        String money = "{\"type\": \"record\", \"name\": \"Money\", \"namespace\": \"shop\", \"fields\": [%s]}";
        String order = order("{\"name\": \"price\", \"type\": \"shop.Money\"}");
        AvroSchemas old = AvroSchemas.parse(Map.of("a.avsc", order, "z.avsc", money.formatted(ID)));
        AvroSchemas now = AvroSchemas.parse(Map.of(
                "a.avsc", order, "z.avsc", money.formatted(ID + ", {\"name\": \"currency\", \"type\": \"string\"}")));

        assertThat(now.files()).containsExactly("a.avsc", "z.avsc");
        assertThat(now.breaches(old, Compatibility.BACKWARD))
                .extracting(Breach::file, Breach::path)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("a.avsc", "price.currency"),
                        org.assertj.core.api.Assertions.tuple("z.avsc", "currency"));
    }

    @Test
    void typesThatHoldEachOtherAreToldOnce() throws SchemaFileException {
        String tree = order(
                "{\"name\": \"root\", \"type\": [\"null\", {\"type\": \"record\", \"name\": \"Node\", \"fields\": ["
                        + "{\"name\": \"value\", \"type\": \"%s\"}, {\"name\": \"leaf\", \"type\": [\"null\", {\"type\": \"record\", "
                        + "\"name\": \"Leaf\", \"fields\": [{\"name\": \"size\", \"type\": \"%s\"}, "
                        + "{\"name\": \"of\", \"type\": [\"null\", \"Node\"]}]}]}]}]}");
        AvroSchemas old = AvroSchemas.parse(Map.of("tree.avsc", tree.formatted("int", "int")));
        AvroSchemas now = AvroSchemas.parse(Map.of("tree.avsc", tree.formatted("string", "string")));

        assertThat(now.breaches(old, Compatibility.BACKWARD))
                .extracting(Breach::path)
                .containsExactlyInAnyOrder("root.value", "root.leaf.size");
    }

    @Test
    void filesOfOneSideOnlyBreakNothing() throws SchemaFileException {
        AvroSchemas old = AvroSchemas.parse(Map.of("gone.avsc", order(ID)));
        AvroSchemas now = AvroSchemas.parse(Map.of("new.avsc", order(ID)));
        assertThat(now.breaches(old, Compatibility.FULL)).isEmpty();
    }

    @Test
    void saysWhichFileIsNoSchema() {
        assertThatThrownBy(() -> AvroSchemas.parse(Map.of("a.avsc", order(ID), "b.avsc", "{\"type\": \"recrod\"}")))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith("b.avsc: ");
        assertThatThrownBy(() -> AvroSchemas.parse(Map.of("b.avsc", "{\"type\": ")))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith("b.avsc: ");
        assertThatThrownBy(() ->
                        AvroSchemas.parse(Map.of("b.avsc", order("{\"name\": \"price\", \"type\": \"shop.Money\"}"))))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith("b.avsc: ")
                .hasMessageContaining("neither it nor another file");
    }

    @ParameterizedTest
    @CsvSource({"strin, shop.orders.strin", "shop.Money, shop.Money", "Money, shop.orders.Money"})
    void aTypeThatNobodyDefinesIsSaidOfTheFileThatUsesIt(String written, String type) {
        String good = "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [" + ID + "]}";
        String bad = order("{\"name\": \"price\", \"type\": \"" + written + "\"}");
        assertThatThrownBy(() ->
                        AvroSchemas.parse(Map.of("a.avsc", good, "b.avsc", bad, "c.avsc", good.replace("Key", "C"))))
                .hasMessage("b.avsc: it uses the type " + type
                        + ", which neither it nor another file of the folder defines");
    }

    private static List<String> texts(List<Breach> breaches) {
        return breaches.stream()
                .map(breach -> breach.text().replace("order.avsc: ", ""))
                .toList();
    }

    private static String order(String fields) {
        return "{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"shop.orders\", \"fields\": [" + fields
                + "]}";
    }

    private static String items(String fields) {
        return "{\"name\": \"items\", \"type\": [\"null\", {\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Item\","
                + " \"fields\": [" + fields + "]}}], \"default\": null}";
    }
}
