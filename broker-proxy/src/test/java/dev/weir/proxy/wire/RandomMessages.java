package dev.weir.proxy.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.FieldType.Primitive;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.proxy.wire.spec.StructSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Messages of every kind and version, filled at random by their spec: nulls, empty arrays, texts of every length of
 * prefix, and tagged fields that nobody knows. The objects are made by Kafka's own JSON converters.
 */
final class RandomMessages {

    /** One kind of message in one version. */
    record Kind(MessageSpec spec, short version) {

        ApiMessage newMessage() {
            ApiMessageType api = ApiMessageType.fromApiKey(spec.apiKey());
            return spec.direction() == Direction.REQUEST ? api.newRequest() : api.newResponse();
        }

        @Override
        public String toString() {
            return spec.name() + " v" + version;
        }
    }

    private static final String[] LETTERS = {"a", "B", "7", ".", "-", "_", "é", "漢", "🐟"};

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    /** Every kind of message in every version that this release of Kafka knows. */
    static List<Kind> kinds(MessageSpecs specs) {
        List<Kind> kinds = new ArrayList<>();
        for (ApiMessageType api : ApiMessageType.values()) {
            for (Direction direction : Direction.values()) {
                MessageSpec spec = specs.spec(api.apiKey(), direction);
                if (spec != null) {
                    for (int v = spec.validVersions().lowest();
                            v <= spec.validVersions().highest();
                            v++) {
                        kinds.add(new Kind(spec, (short) v));
                    }
                }
            }
        }
        return kinds;
    }

    ApiMessage message(Kind kind) {
        ObjectNode json = struct(kind, kind.spec().body());
        try {
            Class<?> type = kind.newMessage().getClass();
            Method read =
                    Class.forName(type.getName() + "JsonConverter").getMethod("read", JsonNode.class, short.class);
            ApiMessage message = (ApiMessage) read.invoke(null, json, kind.version());
            if (kind.spec().isFlexible(kind.version())) {
                forEachStruct(message, this::addUnknownTags);
            }
            return message;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(kind + ": " + json, e);
        }
    }

    /** Kafka's own bytes of a message. */
    static ByteBuf encode(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        message.addSize(size, cache, version);
        ByteBuf bytes = Unpooled.buffer(size.totalSize());
        message.write(new ByteBufWritable(bytes), cache, version);
        return bytes;
    }

    /** The message and all structs in it, the outer before the inner. */
    static void forEachStruct(Message struct, Consumer<Message> action) {
        action.accept(struct);
        try {
            for (Method getter : struct.getClass().getMethods()) {
                if (getter.getParameterCount() > 0
                        || getter.getName().equals("duplicate")
                        || getter.getDeclaringClass() != struct.getClass()) {
                    continue;
                }
                if (Message.class.isAssignableFrom(getter.getReturnType())) {
                    Message inner = (Message) getter.invoke(struct);
                    if (inner != null) {
                        forEachStruct(inner, action);
                    }
                } else if (Iterable.class.isAssignableFrom(getter.getReturnType())) {
                    Iterable<?> elements = (Iterable<?>) getter.invoke(struct);
                    if (elements != null) {
                        for (Object element : elements) {
                            if (element instanceof Message inner) {
                                forEachStruct(inner, action);
                            }
                        }
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void addUnknownTags(Message struct) {
        if (isDefault(struct)) {
            // Possibly of other versions only, where nothing may be set.
            return;
        }
        for (int tag = 100; random.nextInt(4) == 0; tag += 1 + random.nextInt(100)) {
            byte[] contents = new byte[random.nextInt(5)];
            random.nextBytes(contents);
            struct.unknownTaggedFields().add(new RawTaggedField(tag, contents));
        }
    }

    private static boolean isDefault(Message struct) {
        try {
            return struct.equals(struct.getClass().getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private ObjectNode struct(Kind kind, StructSpec struct) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (FieldSpec field : struct.fields()) {
            if (field.isInline(kind.version()) || (field.isTagged(kind.version()) && random.nextInt(3) > 0)) {
                boolean isNull = field.nullableVersions().contains(kind.version()) && random.nextInt(4) == 0;
                node.set(jsonName(field), isNull ? node.nullNode() : value(kind, field.type()));
            }
        }
        return node;
    }

    static String jsonName(FieldSpec field) {
        return field.name().substring(0, 1).toLowerCase(Locale.ROOT)
                + field.name().substring(1);
    }

    private JsonNode value(Kind kind, FieldType type) {
        if (type instanceof FieldType.Array array) {
            ArrayNode elements = JsonNodeFactory.instance.arrayNode();
            for (int n = random.nextInt(4); n > 0; n--) {
                elements.add(value(kind, array.element()));
            }
            return elements;
        }
        if (type instanceof FieldType.Struct struct) {
            return struct(kind, struct.spec());
        }
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch ((Primitive) type) {
            case BOOL -> json.booleanNode(random.nextBoolean());
            case INT8 -> json.numberNode(random.nextInt(256) - 128);
            case INT16 -> json.numberNode(random.nextInt(65536) - 32768);
            case UINT16 -> json.numberNode(random.nextInt(65536));
            case INT32 -> json.numberNode(random.nextInt());
            case UINT32 -> json.numberNode(random.nextInt() & 0xFFFF_FFFFL);
            case INT64 -> json.numberNode(random.nextLong());
            case FLOAT64 -> json.numberNode(random.nextDouble());
            case UUID -> json.textNode(new Uuid(random.nextLong(), random.nextLong()).toString());
            case STRING -> json.textNode(text());
            case BYTES, RECORDS -> json.binaryNode(text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        };
    }

    private String text() {
        int length = random.nextInt(20) == 0 ? 100 + random.nextInt(300) : random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }
}
