package dev.weir.schema.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protobuf's own compiler is the oracle. */
class ProtoLinkerTest {
    @ParameterizedTest
    @ValueSource(strings = {TestSchemas.ORDER, TestSchemas.LEGACY, "shop/money.proto"})
    void understandsTextAsProtocDoes(String file) throws SchemaFileException {
        assertThat(told(new ProtoLinker(TestSchemas.texts()).link(file)))
                .isEqualTo(told(TestSchemas.compiled().get(file)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TestSchemas.ORDER, TestSchemas.LEGACY, "shop/money.proto"})
    void understandsADescriptorAsTheTextThatItIsOf(String file) throws SchemaFileException {
        Map<String, String> descriptors = TestSchemas.descriptors();
        assertThat(told(new ProtoLinker(descriptors).link(file)))
                .isEqualTo(told(TestSchemas.compiled().get(file)))
                .isNotEmpty();
        Map<String, String> mixed = new HashMap<>(TestSchemas.texts());
        mixed.put(file, descriptors.get(file) + "\n");
        assertThat(told(new ProtoLinker(mixed).link(file)))
                .isEqualTo(told(TestSchemas.compiled().get(file)));
    }

    @Test
    void ofADescriptorWhatSaysNothingOfBytesIsLeftOut() throws SchemaFileException {
        FieldDescriptorProto extension = FieldDescriptorProto.newBuilder()
                .setName("who")
                .setNumber(50_000)
                .setType(FieldDescriptorProto.Type.TYPE_STRING)
                .setExtendee(".gone.Options")
                .build();
        FileDescriptorProto descriptor = FileDescriptorProto.newBuilder()
                .setName("of/its/own/name.proto")
                .setSyntax("proto3")
                .addDependency("gone.proto")
                .addExtension(extension)
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("Orders")
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("get")
                                .setInputType(".gone.In")
                                .setOutputType(".gone.Out")))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Order")
                        .addNestedType(
                                DescriptorProto.newBuilder().setName("Line").addExtension(extension)))
                .build();
        FileDescriptor linked = new ProtoLinker(Map.of("o.proto", TestSchemas.base64(descriptor))).link("o.proto");
        assertThat(linked.getName()).isEqualTo("o.proto");
        assertThat(linked.findMessageTypeByName("Order").getNestedTypes()).hasSize(1);
        assertMistake(
                "o.proto: it says an edition",
                Map.of(
                        "o.proto",
                        TestSchemas.base64(descriptor.toBuilder()
                                .setSyntax("editions")
                                .setEdition(Edition.EDITION_2023)
                                .build())));
    }

    @Test
    void whatOnlyLooksLikeADescriptorIsReadAsText() {
        assertMistake("o.proto:1: it cannot be read: ", Map.of("o.proto", "message"));
        assertMistake("o.proto:1: it cannot be read: ", Map.of("o.proto", "CgtvcmRlci5wcm90bxIEc2hvcCIgCgRMaW5l"));
    }

    /** All that matters for reading and comparing, a line each. */
    private static List<String> told(FileDescriptor file) {
        List<String> lines = new ArrayList<>();
        file.getMessageTypes().forEach(message -> tell(message, lines));
        file.getEnumTypes().forEach(enumeration -> tell(enumeration, lines));
        lines.sort(null);
        return lines;
    }

    private static void tell(Descriptor message, List<String> lines) {
        String name = message.getFullName();
        message.getFields().forEach(field -> lines.add(name + " " + told(field)));
        message.toProto()
                .getReservedRangeList()
                .forEach(range -> lines.add(name + " reserved " + range.getStart() + " to " + range.getEnd()));
        message.toProto().getReservedNameList().forEach(reserved -> lines.add(name + " reserved " + reserved));
        message.toProto()
                .getExtensionRangeList()
                .forEach(range -> lines.add(name + " extensions " + range.getStart() + " to " + range.getEnd()));
        message.getNestedTypes().forEach(nested -> tell(nested, lines));
        message.getEnumTypes().forEach(nested -> tell(nested, lines));
    }

    private static String told(FieldDescriptor field) {
        String type = switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> "";
        };
        return field.getNumber() + " " + field.getName() + " " + field.getType() + " " + type
                + (field.isRepeated() ? " repeated" : field.isRequired() ? " required" : "")
                + (field.isMapField() ? " map" : "")
                + (field.getRealContainingOneof() == null
                        ? ""
                        : " of " + field.getRealContainingOneof().getName());
    }

    private static void tell(EnumDescriptor enumeration, List<String> lines) {
        String name = enumeration.getFullName() + (enumeration.isClosed() ? " closed" : " open");
        enumeration.getValues().forEach(value -> lines.add(name + " " + value.getNumber() + " " + value.getName()));
        enumeration
                .toProto()
                .getReservedRangeList()
                .forEach(range -> lines.add(name + " reserved " + range.getStart() + " to " + range.getEnd()));
    }

    @Test
    void importsCountFromAnyFolderAbove() throws SchemaFileException {
        Map<String, String> files = Map.of(
                "schemas/proto/shop/order.proto",
                "syntax = \"proto3\"; import \"shop/money.proto\"; message Order { Money price = 1; }",
                "schemas/proto/shop/money.proto",
                "syntax = \"proto3\"; message Money { int64 cents = 1; }");
        assertThat(new ProtoLinker(files)
                        .link("schemas/proto/shop/order.proto")
                        .findMessageTypeByName("Order")
                        .findFieldByName("price")
                        .getMessageType()
                        .getFullName())
                .isEqualTo("Money");
    }

    @Test
    void anImportOfOptionsNeedNotBeThere() throws SchemaFileException {
        String text = "syntax = \"proto3\"; import \"buf/validate/validate.proto\"; package a;\n"
                + "message Order {\n  string id = 1 [(buf.validate.field).string.min_len = 1];\n%s}\n";
        assertThat(new ProtoLinker(Map.of("o.proto", text.formatted("")))
                        .link("o.proto")
                        .getMessageTypes())
                .hasSize(1);
        assertMistake(
                "o.proto:4: a.Order.rules: \"buf.Rules\" is not defined.; what it imports is not there: buf/validate/validate.proto",
                Map.of("o.proto", text.formatted("  buf.Rules rules = 2;\n")));
    }

    @Test
    void mistakesHaveTheirLine() {
        assertMistake(
                "o.proto:2: it cannot be read: ",
                Map.of("o.proto", "syntax = \"proto3\";\nmessage Order { string id }"));
        assertMistake(
                "o.proto:4: a.Order.b: ",
                Map.of(
                        "o.proto",
                        "syntax = \"proto3\"; package a;\nmessage Order {\n  string a = 1;\n  string b = 1;\n}"));
        assertMistake("o.proto: it says an edition", Map.of("o.proto", "edition = \"2023\";\nmessage Order {}"));
        assertMistake("o.proto", Map.of("o.proto", "\u0000"));
    }

    @Test
    void importsInACircleAreRefused() {
        assertMistake(
                "o.proto: it imports itself: o.proto -> p.proto -> o.proto",
                Map.of(
                        "o.proto", "syntax = \"proto3\"; import \"p.proto\";",
                        "p.proto", "syntax = \"proto3\"; import \"o.proto\";"));
    }

    @Test
    void deepTextIsRefused() {
        assertMistake("o.proto:1: blocks within each other", Map.of("o.proto", "message A {".repeat(100_000)));
        assertMistake(
                "o.proto:1: blocks within each other",
                Map.of("o.proto", "message A { string a = 1 [(x) = " + "{a: ".repeat(100_000)));
    }

    private static void assertMistake(String message, Map<String, String> files) {
        assertThatThrownBy(() -> new ProtoLinker(files).link("o.proto"))
                .isInstanceOf(SchemaFileException.class)
                .hasMessageStartingWith(message);
    }
}
