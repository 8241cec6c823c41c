package dev.weir.schema.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.squareup.wire.Syntax;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.internal.parser.EnumConstantElement;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.ExtensionsElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.GroupElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OneOfElement;
import com.squareup.wire.schema.internal.parser.OptionElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ReservedElement;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import kotlin.ranges.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Turns a parsed file into the descriptor of it that Protobuf's library links. Of options, only what says how bytes are read
 * is kept. Messages within a message come in the order of the text, and then what groups and maps make of themselves: the
 * message indexes of Confluent's serializers count the former only.
 */
final class DescriptorBuilder {
    private static final Map<String, FieldDescriptorProto.Type> SCALARS = Arrays.stream(
                    FieldDescriptorProto.Type.values())
            .filter(type -> type != FieldDescriptorProto.Type.TYPE_MESSAGE
                    && type != FieldDescriptorProto.Type.TYPE_GROUP
                    && type != FieldDescriptorProto.Type.TYPE_ENUM)
            .collect(Collectors.toUnmodifiableMap(
                    type -> type.name().substring("TYPE_".length()).toLowerCase(Locale.ROOT), Function.identity()));

    private DescriptorBuilder() {}

    /** The file without its imports. */
    static FileDescriptorProto.Builder file(String name, ProtoFileElement file) {
        FileDescriptorProto.Builder built = FileDescriptorProto.newBuilder().setName(name);
        if (file.getPackageName() != null) {
            built.setPackage(file.getPackageName());
        }
        if (file.getSyntax() == Syntax.PROTO_3) {
            built.setSyntax("proto3");
        }
        types(file.getTypes(), built::addMessageType, built::addEnumType);
        return built;
    }

    private static void types(
            List<TypeElement> types, Consumer<DescriptorProto> messages, Consumer<EnumDescriptorProto> enums) {
        for (TypeElement type : types) {
            if (type instanceof MessageElement message) {
                messages.accept(message(message));
            } else if (type instanceof EnumElement enumeration) {
                enums.accept(enumeration(enumeration));
            }
        }
    }

    private static DescriptorProto message(MessageElement message) {
        DescriptorProto.Builder built = DescriptorProto.newBuilder().setName(message.getName());
        types(message.getNestedTypes(), built::addNestedType, built::addEnumType);
        message.getFields().forEach(field -> built.addField(field(field, built)));
        message.getGroups().forEach(group -> built.addField(group(group, built)));
        for (OneOfElement oneof : message.getOneOfs()) {
            int index = built.getOneofDeclCount();
            built.addOneofDecl(OneofDescriptorProto.newBuilder().setName(oneof.getName()));
            oneof.getFields()
                    .forEach(field -> built.addField(field(field, built).setOneofIndex(index)));
            oneof.getGroups()
                    .forEach(group -> built.addField(group(group, built).setOneofIndex(index)));
        }
        for (ReservedElement reserved : message.getReserveds()) {
            ranges(
                    reserved.getValues(),
                    (from, to) -> built.addReservedRange(DescriptorProto.ReservedRange.newBuilder()
                            .setStart(from)
                            .setEnd(to + 1)));
            names(reserved.getValues()).forEach(built::addReservedName);
        }
        for (ExtensionsElement extensions : message.getExtensions()) {
            ranges(
                    extensions.getValues(),
                    (from, to) -> built.addExtensionRange(DescriptorProto.ExtensionRange.newBuilder()
                            .setStart(from)
                            .setEnd(to + 1)));
        }
        return built.build();
    }

    private static EnumDescriptorProto enumeration(EnumElement enumeration) {
        EnumDescriptorProto.Builder built = EnumDescriptorProto.newBuilder().setName(enumeration.getName());
        for (EnumConstantElement constant : enumeration.getConstants()) {
            built.addValue(EnumValueDescriptorProto.newBuilder()
                    .setName(constant.getName())
                    .setNumber(constant.getTag()));
        }
        if (isSet(enumeration.getOptions(), "allow_alias")) {
            built.setOptions(EnumOptions.newBuilder().setAllowAlias(true));
        }
        for (ReservedElement reserved : enumeration.getReserveds()) {
            ranges(
                    reserved.getValues(),
                    (from, to) -> built.addReservedRange(EnumDescriptorProto.EnumReservedRange.newBuilder()
                            .setStart(from)
                            .setEnd(to)));
            names(reserved.getValues()).forEach(built::addReservedName);
        }
        return built.build();
    }

    private static FieldDescriptorProto.Builder field(FieldElement field, DescriptorProto.Builder of) {
        FieldDescriptorProto.Builder built = FieldDescriptorProto.newBuilder()
                .setName(field.getName())
                .setNumber(field.getTag())
                .setLabel(label(field.getLabel()));
        String type = field.getType();
        if (!type.startsWith("map<")) {
            return typed(built, type);
        }
        int comma = type.indexOf(',');
        String name = entryName(field.getName());
        of.addNestedType(DescriptorProto.newBuilder()
                .setName(name)
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(typed(
                        entryField("key", 1),
                        type.substring("map<".length(), comma).trim()))
                .addField(typed(
                        entryField("value", 2),
                        type.substring(comma + 1, type.length() - 1).trim())));
        return built.setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(name);
    }

    private static FieldDescriptorProto.Builder entryField(String name, int number) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static FieldDescriptorProto.Builder typed(FieldDescriptorProto.Builder field, String type) {
        FieldDescriptorProto.Type scalar = SCALARS.get(type);
        return scalar == null ? field.setTypeName(type) : field.setType(scalar);
    }

    private static FieldDescriptorProto.Builder group(GroupElement group, DescriptorProto.Builder of) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(group.getName());
        group.getFields().forEach(field -> message.addField(field(field, message)));
        of.addNestedType(message);
        return FieldDescriptorProto.newBuilder()
                .setName(group.getName().toLowerCase(Locale.ROOT))
                .setNumber(group.getTag())
                .setLabel(label(group.getLabel()))
                .setType(FieldDescriptorProto.Type.TYPE_GROUP)
                .setTypeName(group.getName());
    }

    private static FieldDescriptorProto.Label label(Field.@Nullable Label label) {
        return label == Field.Label.REQUIRED
                ? FieldDescriptorProto.Label.LABEL_REQUIRED
                : label == Field.Label.REPEATED
                        ? FieldDescriptorProto.Label.LABEL_REPEATED
                        : FieldDescriptorProto.Label.LABEL_OPTIONAL;
    }

    /** What protoc calls the message that a map is a list of: {@code line_items} becomes {@code LineItemsEntry}. */
    private static String entryName(String field) {
        return Arrays.stream(field.split("_", -1))
                        .filter(part -> !part.isEmpty())
                        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
                        .collect(Collectors.joining())
                + "Entry";
    }

    private static void ranges(List<Object> values, BiConsumer<Integer, Integer> range) {
        for (Object value : values) {
            if (value instanceof IntRange many) {
                range.accept(many.getFirst(), many.getLast());
            } else if (value instanceof Integer one) {
                range.accept(one, one);
            }
        }
    }

    private static List<String> names(List<Object> values) {
        return values.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    private static boolean isSet(List<OptionElement> options, String name) {
        return options.stream()
                .anyMatch(option -> option.getName().equals(name)
                        && !option.isParenthesized()
                        && "true".equals(String.valueOf(option.getValue())));
    }
}
