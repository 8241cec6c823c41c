package dev.weir.proxy.wire.spec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads one spec: JSON with {@code //} comments. A struct that contains itself is refused, so that everything built from
 * a spec is finite.
 */
final class SpecParser {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonParser.Feature.ALLOW_COMMENTS).build();

    private final JsonNode root;
    private final VersionRange flexibleVersions;
    private final Map<String, JsonNode> commonStructs = new HashMap<>();
    private final Set<String> open = new HashSet<>();

    private SpecParser(JsonNode root) {
        this.root = root;
        this.flexibleVersions = range(root, "flexibleVersions", VersionRange.NONE);
        for (JsonNode struct : root.path("commonStructs")) {
            commonStructs.put(struct.path("name").asText(), struct);
        }
    }

    static MessageSpec parse(InputStream json, short apiKey, Direction direction) throws IOException {
        JsonNode root = MAPPER.readTree(json);
        String name = root.path("name").asText();
        SpecParser parser = new SpecParser(root);
        return new MessageSpec(
                apiKey,
                direction,
                name,
                range(root, "validVersions", VersionRange.NONE),
                parser.flexibleVersions,
                parser.struct(name, root.path("fields")));
    }

    private StructSpec struct(String name, JsonNode fields) {
        if (!open.add(name)) {
            throw new IllegalStateException(root.path("name").asText() + ": struct " + name + " contains itself");
        }
        List<FieldSpec> specs = new ArrayList<>();
        for (JsonNode field : fields) {
            specs.add(field(field));
        }
        open.remove(name);
        return new StructSpec(name, List.copyOf(specs));
    }

    private FieldSpec field(JsonNode field) {
        return new FieldSpec(
                field.path("name").asText(),
                type(field.path("type").asText().trim(), field),
                range(field, "versions", VersionRange.NONE),
                range(field, "nullableVersions", VersionRange.NONE),
                range(field, "taggedVersions", VersionRange.NONE),
                field.path("tag").asInt(-1),
                range(field, "flexibleVersions", flexibleVersions),
                field.path("entityType").asText(""));
    }

    private FieldType type(String type, JsonNode field) {
        if (type.startsWith("[]")) {
            return new FieldType.Array(type(type.substring(2), field));
        }
        if (!Character.isUpperCase(type.charAt(0))) {
            return FieldType.Primitive.named(type);
        }
        JsonNode declaration = field.has("fields") ? field : commonStructs.get(type);
        if (declaration == null) {
            throw new IllegalStateException(root.path("name").asText() + ": no struct " + type);
        }
        return new FieldType.Struct(struct(type, declaration.path("fields")));
    }

    private static VersionRange range(JsonNode node, String name, VersionRange absent) {
        JsonNode range = node.get(name);
        return range == null ? absent : VersionRange.parse(range.asText());
    }
}
