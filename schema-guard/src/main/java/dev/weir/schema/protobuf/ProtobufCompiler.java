package dev.weir.schema.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto.ExtensionRange;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns messages into nodes; one that holds itself becomes a cycle of them. */
final class ProtobufCompiler {
    private final Map<Descriptor, MessageNode> messages = new HashMap<>();

    MessageNode compile(Descriptor message) {
        MessageNode known = messages.get(message);
        if (known != null) {
            return known;
        }
        MessageNode made = new MessageNode(message.getFullName());
        messages.put(message, made);
        List<FieldDescriptor> sorted = message.getFields().stream()
                .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
                .toList();
        int required = 0;
        FieldNode[] fields = new FieldNode[sorted.size()];
        for (int i = 0; i < fields.length; i++) {
            FieldDescriptor field = sorted.get(i);
            fields[i] = field(field, field.isRequired() && required < Long.SIZE ? 1L << required++ : 0);
        }
        made.fill(sorted.stream().mapToInt(FieldDescriptor::getNumber).toArray(), fields, extensions(message));
        return made;
    }

    private static int[] extensions(Descriptor message) {
        List<ExtensionRange> ranges = message.toProto().getExtensionRangeList();
        int[] pairs = new int[2 * ranges.size()];
        for (int i = 0; i < ranges.size(); i++) {
            pairs[2 * i] = ranges.get(i).getStart();
            pairs[2 * i + 1] = ranges.get(i).getEnd();
        }
        return pairs;
    }

    private FieldNode field(FieldDescriptor field, long required) {
        boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        return new FieldNode(
                field.getName(),
                what(field),
                wireType(field.getType()),
                field.getType() == FieldDescriptor.Type.STRING,
                message ? compile(field.getMessageType()) : null,
                closed(field),
                field.isRepeated(),
                required);
    }

    private static @Nullable EnumValues closed(FieldDescriptor field) {
        if (field.getType() != FieldDescriptor.Type.ENUM || !field.getEnumType().isClosed()) {
            return null;
        }
        return new EnumValues(field.getEnumType().getValues().stream()
                .mapToInt(EnumValueDescriptor::getNumber)
                .sorted()
                .distinct()
                .toArray());
    }

    private static String what(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE -> "a message " + field.getMessageType().getFullName();
            case GROUP -> "a group " + field.getMessageType().getFullName();
            case ENUM -> "a value of enum " + field.getEnumType().getFullName();
            case INT32, INT64 -> "an " + field.getType().name().toLowerCase(Locale.ROOT);
            default -> "a " + field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static int wireType(FieldDescriptor.Type type) {
        return switch (type) {
            case DOUBLE, FIXED64, SFIXED64 -> WireCursor.FIXED64;
            case FLOAT, FIXED32, SFIXED32 -> WireCursor.FIXED32;
            case STRING, BYTES, MESSAGE -> WireCursor.LENGTH;
            case GROUP -> WireCursor.START_GROUP;
            case BOOL, ENUM, INT32, INT64, UINT32, UINT64, SINT32, SINT64 -> WireCursor.VARINT;
        };
    }
}
