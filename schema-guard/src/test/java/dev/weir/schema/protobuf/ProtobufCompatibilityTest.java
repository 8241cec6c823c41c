package dev.weir.schema.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProtobufCompatibilityTest {
    private static final String OLD_READS = ": a consumer with the old schema cannot read records of the new one: ";
    private static final String NEW_READS = ": a consumer with the new schema cannot read records of the old one: ";

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of("a new field", "int64 id = 1;", "int64 id = 1; string note = 2;", "", ""),
                Arguments.of("a field that is gone", "int64 id = 1; string note = 2;", "int64 id = 1;", "", ""),
                Arguments.of("another name", "int64 id = 1;", "int64 number = 1;", "", ""),
                Arguments.of("numbers of one kind", "int64 id = 1; Kind k = 2;", "uint32 id = 1; bool k = 2;", "", ""),
                Arguments.of(
                        "another kind",
                        "int64 id = 1;",
                        "sint64 id = 1;",
                        "at Order.id" + NEW_READS
                                + "the old type of field 1 is int64, the new one sint64, which does not read it; take a new number",
                        "at Order.id" + OLD_READS
                                + "the new type of field 1 is sint64, the old one int64, which does not read it; take a new number"),
                Arguments.of(
                        "bytes for text",
                        "string id = 1;",
                        "bytes id = 1;",
                        "",
                        "at Order.id" + OLD_READS
                                + "the new type of field 1 is bytes, the old one string, which does not read it; take a new number"),
                Arguments.of("text, one or many", "string id = 1;", "repeated string id = 1;", "", ""),
                Arguments.of(
                        "a number, one or many",
                        "int64 id = 1;",
                        "repeated int64 id = 1;",
                        "at Order.id" + NEW_READS
                                + "the field was single in the old schema, and is not in the new one; take a new number",
                        "at Order.id" + OLD_READS
                                + "the field was repeated in the new schema, and is not in the old one; take a new number"),
                Arguments.of(
                        "another message",
                        "Item item = 1;",
                        "Other item = 1;",
                        "at Order.item" + NEW_READS
                                + "the old type of field 1 is message Item, the new one message Other, which does not read it; take a new number",
                        "at Order.item" + OLD_READS
                                + "the new type of field 1 is message Other, the old one message Item, which does not read it; take a new number"),
                Arguments.of(
                        "values of a map",
                        "map<string, int32> m = 1;",
                        "map<string, string> m = 1;",
                        "at Order.MEntry.value" + NEW_READS
                                + "the old type of field 2 is int32, the new one string, which does not read it; take a new number",
                        "at Order.MEntry.value" + OLD_READS
                                + "the new type of field 2 is string, the old one int32, which does not read it; take a new number"),
                Arguments.of(
                        "a number that was set aside",
                        "reserved 3 to 5;",
                        "int64 id = 4;",
                        "at Order.id" + NEW_READS
                                + "the old schema has reserved number 4; take one that was never used",
                        ""),
                Arguments.of(
                        "fields that become a oneof",
                        "int64 a = 1; int64 b = 2;",
                        "oneof ab { int64 a = 1; int64 b = 2; }",
                        "at Order.ab" + NEW_READS
                                + "fields of the old schema that could be there together are a oneof in the new one; leave them outside",
                        ""),
                Arguments.of(
                        "one field that becomes a oneof",
                        "int64 a = 1;",
                        "oneof ab { int64 a = 1; int64 b = 2; }",
                        "",
                        ""),
                Arguments.of(
                        "a message that is gone",
                        "message In { int64 a = 1; }",
                        "",
                        "at Order.In" + NEW_READS + "the message is gone; keep it",
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void saysWhatIsBrokenWhereAndHowToMendIt(String what, String before, String after, String backward, String forward)
            throws SchemaFileException {
        ProtobufSchemas old = order("proto3", before);
        ProtobufSchemas now = order("proto3", after);
        assertThat(told(now, old, Compatibility.BACKWARD)).isEqualTo(backward);
        assertThat(told(now, old, Compatibility.FORWARD)).isEqualTo(forward);
        assertThat(now.breaches(old, Compatibility.FULL))
                .hasSize((backward.isEmpty() ? 0 : 1) + (forward.isEmpty() ? 0 : 1));
    }

    @Test
    void whatIsRequiredIsSoOnBothSides() throws SchemaFileException {
        ProtobufSchemas old = order("proto2", "optional int64 id = 1;");
        ProtobufSchemas now = order("proto2", "required int64 id = 1;");
        assertThat(told(now, old, Compatibility.BACKWARD))
                .isEqualTo("at Order.id" + NEW_READS
                        + "the new schema requires the field, and the old one does not; make it optional");
        assertThat(told(now, old, Compatibility.FORWARD)).isEmpty();
        assertThat(told(old, now, Compatibility.FORWARD)).contains("the old schema requires the field");
    }

    @Test
    void aClosedEnumKeepsItsValues() throws SchemaFileException {
        ProtobufSchemas old = order("proto2", "optional Size s = 1; enum Size { S = 1; M = 2; }");
        ProtobufSchemas now = order("proto2", "optional Size s = 1; enum Size { S = 1; L = 3; }");
        assertThat(told(now, old, Compatibility.BACKWARD)).endsWith("the new enum Order.Size lacks [M]; keep them");
        assertThat(told(now, old, Compatibility.FORWARD)).endsWith("the old enum Order.Size lacks [L]; keep them");
    }

    @Test
    void anotherPackageMakesOtherMessages() throws SchemaFileException {
        ProtobufSchemas old = ProtobufSchemas.of(Map.of("o.proto", "package a; message Order {}"));
        ProtobufSchemas now = ProtobufSchemas.of(Map.of("o.proto", "package b; message Order {}"));
        assertThat(told(now, old, Compatibility.BACKWARD)).contains("at a.Order", "keep the package");
    }

    @Test
    void filesOfOneSideOnlyBreakNothingAndMistakesAreNamed() throws SchemaFileException {
        ProtobufSchemas one = ProtobufSchemas.of(Map.of("one.proto", "?"));
        ProtobufSchemas other = ProtobufSchemas.of(Map.of("other.proto", "?"));
        assertThat(one.breaches(other, Compatibility.FULL)).isEmpty();
        assertThatThrownBy(() -> one.breaches(one, Compatibility.FULL))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith("one.proto:1: ");
    }

    @Test
    void oneFileIsComparedAloneAndItsImportsAreKnown() throws SchemaFileException {
        Map<String, String> before = Map.of(
                "a/order.proto",
                "import \"money.proto\"; import \"google/protobuf/any.proto\"; message Order { optional Money m = 1; }",
                "a/money.proto",
                "import \"unit.proto\"; message Money { optional int64 units = 1; }",
                "a/unit.proto",
                "message Unit {}",
                "a/other.proto",
                "message Other { optional int64 id = 1; }");
        Map<String, String> after = new HashMap<>(before);
        after.put("a/money.proto", "message Money { optional string units = 1; }");
        after.put("a/other.proto", "message Other { optional string id = 1; }");
        ProtobufSchemas old = ProtobufSchemas.of(before);
        ProtobufSchemas now = ProtobufSchemas.of(after);
        assertThat(old.imports("a/order.proto")).containsExactly("a/money.proto", "a/unit.proto");
        assertThat(old.imports("none.proto")).isEmpty();
        assertThat(now.breaches("a/other.proto", old, Compatibility.BACKWARD))
                .extracting(Breach::path)
                .containsExactly("Other.id");
        assertThat(now.breaches("none.proto", old, Compatibility.BACKWARD)).isEmpty();
    }

    private static String told(ProtobufSchemas now, ProtobufSchemas old, Compatibility level)
            throws SchemaFileException {
        List<Breach> breaches = now.breaches(old, level);
        return String.join("\n", breaches.stream().map(Breach::text).toList()).replace("o.proto: ", "");
    }

    private static ProtobufSchemas order(String syntax, String fields) {
        return ProtobufSchemas.of(Map.of(
                "o.proto",
                "syntax = \"" + syntax + "\"; message Order { " + fields
                        + " } message Item {} message Other {} enum Kind { A = 0; }"));
    }
}
