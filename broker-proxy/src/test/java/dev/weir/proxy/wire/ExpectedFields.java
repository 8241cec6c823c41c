package dev.weir.proxy.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.proxy.wire.RandomMessages.Kind;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.FieldType.Primitive;
import dev.weir.proxy.wire.spec.StructSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a walk should report of a message, taken from the object that Kafka's own classes decoded, as Kafka's own JSON
 * converters show it.
 */
final class ExpectedFields {

    private final Kind kind;
    private final List<RecordingVisitor.Event> events = new ArrayList<>();

    private ExpectedFields(Kind kind) {
        this.kind = kind;
    }

    static List<RecordingVisitor.Event> of(Kind kind, ApiMessage message) {
        try {
            JsonNode json = (JsonNode) Class.forName(message.getClass().getName() + "JsonConverter")
                    .getMethod("write", message.getClass(), short.class, boolean.class)
                    .invoke(null, message, kind.version(), false);
            ExpectedFields expected = new ExpectedFields(kind);
            expected.struct(kind.spec().body(), json);
            return expected.events;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(kind.toString(), e);
        }
    }

    private void struct(StructSpec struct, JsonNode json) {
        Field meaning = FieldMeanings.of(kind.spec(), struct, kind.version());
        event(meaning, "begin");
        for (FieldSpec field : struct.fields()) {
            if (field.isInline(kind.version())) {
                field(struct, field, json);
            }
        }
        struct.fields().stream()
                .filter(field -> field.isTagged(kind.version()) && json.has(RandomMessages.jsonName(field)))
                .sorted(Comparator.comparingInt(FieldSpec::tag))
                .forEach(field -> taggedField(struct, field, json));
        event(meaning, "end");
    }

    private void taggedField(StructSpec struct, FieldSpec field, JsonNode json) {
        Field carried =
                BrokerAddresses.carries(kind.spec(), field.type(), kind.version()) ? Field.BROKER_ADDRESSES : null;
        event(carried, "tag begin");
        event(carried, "tag size");
        field(struct, field, json);
        event(carried, "tag end");
    }

    private void field(StructSpec struct, FieldSpec field, JsonNode json) {
        Field meaning = FieldMeanings.of(kind.spec(), struct, field, kind.version());
        String name = RandomMessages.jsonName(field);
        if (field.type() == Primitive.RECORDS) {
            JsonNode size = json.get(name + "SizeInBytes");
            event(meaning, size == null ? "null" : size.asInt() + " bytes");
            return;
        }
        JsonNode value = json.get(name);
        if (value == null) {
            throw new AssertionError(kind + " has no " + name + ": " + json);
        }
        if (field.type() instanceof FieldType.Array array) {
            array(array.element(), meaning, value);
        } else {
            value(field.type(), meaning, value);
        }
    }

    private void array(FieldType element, @Nullable Field meaning, JsonNode values) {
        Field elements = element instanceof FieldType.Struct struct
                ? FieldMeanings.of(kind.spec(), struct.spec(), kind.version())
                : meaning;
        event(FieldMeanings.ofArray(elements), values.isNull() ? "count -1" : "count " + values.size());
        for (JsonNode value : values) {
            value(element, meaning, value);
        }
    }

    private void value(FieldType type, @Nullable Field meaning, JsonNode value) {
        if (type instanceof FieldType.Struct struct) {
            if (!value.isNull()) {
                struct(struct.spec(), value);
            }
        } else if (meaning != null) {
            event(meaning, value.isNull() ? "null" : text((Primitive) type, value));
        }
    }

    private static String text(Primitive type, JsonNode value) {
        try {
            return switch (type) {
                case UUID -> Uuid.fromString(value.asText()).toString();
                case BOOL -> value.asBoolean() ? "1" : "0";
                case BYTES -> value.binaryValue().length + " bytes";
                default -> value.asText();
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void event(@Nullable Field field, String what) {
        if (field != null) {
            events.add(new RecordingVisitor.Event(field, what));
        }
    }
}
