package dev.weir.cli.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.weir.cli.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The topology's JSON: names are the record components of {@code dev.weir.topology.view}, enums are in lower camel
 * case. What a newer Weir adds is passed over.
 */
public final class ViewJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule()
                    .setDeserializerModifier(new EnumsInCamelCase())
                    .addSerializer(Enum.class, new EnumToCamelCase()))
            .build();

    private ViewJson() {}

    /**
     * The object that a text is.
     *
     * @throws CommandFailure if it is none
     */
    public static JsonNode tree(String json, String url) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            throw new CommandFailure("what answers at " + url + " is no topology of Weir.", e);
        }
        throw new CommandFailure("what answers at " + url + " is no topology of Weir.");
    }

    /**
     * The record that a tree is.
     *
     * @throws CommandFailure if it is another
     */
    public static <T> T read(JsonNode tree, Class<T> type, String url) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    url + " gives an answer that this weir cannot read (" + e.getOriginalMessage()
                            + "); are both of one version?",
                    e);
        }
    }

    /** Any answer of a command as JSON. */
    public static String write(Object answer) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the answer cannot be written", e);
        }
    }

    /** Any answer as one line. */
    public static String oneLine(Object answer) {
        return MAPPER.valueToTree(answer).toString();
    }

    /** A node as one line. */
    public static String line(JsonNode node) {
        return node.toString();
    }

    static String camelCase(String constant) {
        StringBuilder word = new StringBuilder();
        for (String part : List.of(constant.toLowerCase(Locale.ROOT).split("_", -1))) {
            word.append(word.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return word.toString();
    }

    @SuppressWarnings("rawtypes") // that is how Jackson asks for it
    private static final class EnumToCamelCase extends JsonSerializer<Enum> {
        @Override
        public void serialize(Enum value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(camelCase(value.name()));
        }
    }

    private static final class EnumsInCamelCase extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config, JavaType type, BeanDescription description, JsonDeserializer<?> usual) {
            return new EnumFromCamelCase(type.getRawClass().getEnumConstants());
        }
    }

    private static final class EnumFromCamelCase extends JsonDeserializer<Object> {
        private final Object[] constants;

        EnumFromCamelCase(Object[] constants) {
            this.constants = constants;
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String word = in.getText();
            for (Object constant : constants) {
                if (camelCase(((Enum<?>) constant).name()).equals(word)) {
                    return constant;
                }
            }
            return context.handleWeirdStringValue(constants[0].getClass(), word, "not a value that is known");
        }
    }
}
