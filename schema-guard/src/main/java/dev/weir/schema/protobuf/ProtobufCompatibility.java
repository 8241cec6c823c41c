package dev.weir.schema.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a consumer with one version of a file reads what producers with another wrote: by field numbers, as the wire format
 * has it and schema registries look at it. For one file and one direction. Source: protobuf.dev, "Updating A Message Type".
 */
final class ProtobufCompatibility {
    private final String file;
    private final Direction direction;
    private final List<Breach> breaches = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private ProtobufCompatibility(String file, Direction direction) {
        this.file = file;
        this.direction = direction;
    }

    /** Why the reader's version does not read what the writer's wrote; nothing when it does. */
    static List<Breach> breaches(String file, Direction direction, FileDescriptor reader, FileDescriptor writer) {
        ProtobufCompatibility found = new ProtobufCompatibility(file, direction);
        found.messages(reader.getMessageTypes(), writer.getMessageTypes());
        return found.breaches;
    }

    private void messages(List<Descriptor> readers, List<Descriptor> writers) {
        for (Descriptor writer : writers) {
            if (writer.getOptions().getMapEntry()) {
                continue; // looked at with its field
            }
            Descriptor reader = readers.stream()
                    .filter(message -> message.getName().equals(writer.getName()))
                    .findFirst()
                    .orElse(null);
            if (reader == null) {
                if (direction == Direction.BACKWARD) { // one that is new is no record of the old schema
                    add(writer.getFullName(), "the message is gone; keep it");
                }
            } else if (!reader.getFullName().equals(writer.getFullName())) {
                add(writer.getFullName(), "the package is another, so it is another message; keep the package");
            } else {
                message(reader, writer);
                messages(reader.getNestedTypes(), writer.getNestedTypes());
            }
        }
    }

    private void message(Descriptor reader, Descriptor writer) {
        if (!seen.add(reader.getFullName() + " reads " + writer.getFullName())) {
            return;
        }
        for (FieldDescriptor field : reader.getFields()) {
            FieldDescriptor written = writer.findFieldByNumber(field.getNumber());
            String path = field.getFullName();
            if (written != null) {
                field(field, written);
            }
            if (field.isRequired() && (written == null || !written.isRequired())) {
                add(
                        path,
                        "the " + readers() + " schema requires the field, and the " + writers()
                                + " one does not; make it optional");
            }
            if (written == null && direction == Direction.BACKWARD && isReserved(writer, field.getNumber())) {
                add(path, "the old schema has reserved number " + field.getNumber() + "; take one that was never used");
            }
        }
        reader.getRealOneofs().forEach(oneof -> oneof(oneof, writer));
    }

    private static boolean isReserved(Descriptor message, int number) {
        for (ReservedRange range : message.toProto().getReservedRangeList()) {
            if (number >= range.getStart() && number < range.getEnd()) {
                return true;
            }
        }
        return false;
    }

    private void field(FieldDescriptor reader, FieldDescriptor writer) {
        String path = reader.getFullName();
        if (!isRead(reader, writer)) {
            add(
                    path,
                    "the " + writers() + " type of field " + reader.getNumber() + " is " + type(writer) + ", the "
                            + readers() + " one " + type(reader) + ", which does not read it; take a new number");
            return;
        }
        boolean text =
                reader.getType() == FieldDescriptor.Type.STRING || reader.getType() == FieldDescriptor.Type.BYTES;
        if (reader.isRepeated() != writer.isRepeated() && !text) {
            add(
                    path,
                    "the field was " + (writer.isRepeated() ? "repeated" : "single") + " in the " + writers()
                            + " schema, and is not in the " + readers() + " one; take a new number");
            return;
        }
        if (reader.isMapField() && writer.isMapField()) {
            message(reader.getMessageType(), writer.getMessageType());
        }
        if (reader.getType() == FieldDescriptor.Type.ENUM && writer.getType() == FieldDescriptor.Type.ENUM) {
            enumeration(reader, writer);
        }
    }

    /** Whether the bytes of one type are those of another: types of one kind, as the wire format has them. */
    private static boolean isRead(FieldDescriptor reader, FieldDescriptor writer) {
        if (kind(reader) != kind(writer)) {
            return false;
        }
        boolean text = reader.getType() == FieldDescriptor.Type.STRING;
        if (text && writer.getType() != FieldDescriptor.Type.STRING) {
            return false; // not all bytes are UTF-8
        }
        return reader.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || (reader.isMapField() && writer.isMapField())
                || reader.getMessageType()
                        .getFullName()
                        .equals(writer.getMessageType().getFullName());
    }

    private static int kind(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, INT64, UINT32, UINT64, BOOL, ENUM -> 0;
            case SINT32, SINT64 -> 1;
            case FIXED32, SFIXED32 -> 2;
            case FIXED64, SFIXED64 -> 3;
            case FLOAT -> 4;
            case DOUBLE -> 5;
            case STRING, BYTES -> 6;
            case MESSAGE -> 7;
            case GROUP -> 8;
        };
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE ->
                field.isMapField()
                        ? "a map"
                        : (field.getType() == FieldDescriptor.Type.GROUP ? "group " : "message ")
                                + field.getMessageType().getFullName();
            case ENUM -> "enum " + field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private void enumeration(FieldDescriptor reader, FieldDescriptor writer) {
        if (!reader.getEnumType().isClosed()) {
            return;
        }
        List<String> lacking = writer.getEnumType().getValues().stream()
                .filter(value -> reader.getEnumType().findValueByNumber(value.getNumber()) == null)
                .map(EnumValueDescriptor::getName)
                .toList();
        if (!lacking.isEmpty()) {
            add(
                    reader.getFullName(),
                    "the " + readers() + " enum " + reader.getEnumType().getFullName() + " lacks " + lacking
                            + "; keep them");
        }
    }

    /** Two fields that could both be there cannot both be kept by a oneof. */
    private void oneof(OneofDescriptor oneof, Descriptor writer) {
        List<FieldDescriptor> before = oneof.getFields().stream()
                .map(field -> writer.findFieldByNumber(field.getNumber()))
                .flatMap(java.util.stream.Stream::ofNullable)
                .toList();
        @Nullable
        OneofDescriptor first = before.isEmpty() ? null : before.get(0).getRealContainingOneof();
        boolean together = before.stream().allMatch(field -> first != null && field.getRealContainingOneof() == first);
        if (before.size() > 1 && !together) {
            add(
                    oneof.getFullName(),
                    "fields of the " + writers() + " schema that could be there together are a oneof in the "
                            + readers() + " one; leave them outside");
        }
    }

    private void add(String path, String reason) {
        breaches.add(new Breach(file, direction, path, reason));
    }

    private String readers() {
        return direction == Direction.BACKWARD ? "new" : "old";
    }

    private String writers() {
        return direction == Direction.BACKWARD ? "old" : "new";
    }
}
