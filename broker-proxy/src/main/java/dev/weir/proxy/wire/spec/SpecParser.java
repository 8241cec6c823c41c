package dev.weir.proxy.wire.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
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

    /** The streaming part of Jackson alone: its data binding takes longer to load than all the specs to read. */
    private static final JsonFactory JSON = new JsonFactory().enable(JsonParser.Feature.ALLOW_COMMENTS);

    private final String message;
    private final VersionRange flexibleVersions;
    private final Map<String, Node> commonStructs = new HashMap<>();
    private final Set<String> open = new HashSet<>();

    private SpecParser(Node root) {
        this.message = root.text("name", "");
        this.flexibleVersions = root.range("flexibleVersions", VersionRange.NONE);
        for (Node struct : root.list("commonStructs")) {
            commonStructs.put(struct.text("name", ""), struct);
        }
    }

    static MessageSpec parse(InputStream json, short apiKey, Direction direction) throws IOException {
        Node root;
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            root = Node.read(parser);
        }
        SpecParser parser = new SpecParser(root);
        return new MessageSpec(
                apiKey,
                direction,
                parser.message,
                root.range("validVersions", VersionRange.NONE),
                parser.flexibleVersions,
                parser.struct(parser.message, root.list("fields")));
    }

    private StructSpec struct(String name, List<Node> fields) {
        if (!open.add(name)) {
            throw new IllegalStateException(message + ": struct " + name + " contains itself");
        }
        List<FieldSpec> specs = new ArrayList<>();
        for (Node field : fields) {
            specs.add(field(field));
        }
        open.remove(name);
        return new StructSpec(name, List.copyOf(specs));
    }

    private FieldSpec field(Node field) {
        return new FieldSpec(
                field.text("name", ""),
                type(field.text("type", "").trim(), field),
                field.range("versions", VersionRange.NONE),
                field.range("nullableVersions", VersionRange.NONE),
                field.range("taggedVersions", VersionRange.NONE),
                Integer.parseInt(field.text("tag", "-1")),
                field.range("flexibleVersions", flexibleVersions),
                field.text("entityType", ""));
    }

    private FieldType type(String type, Node field) {
        if (type.startsWith("[]")) {
            return new FieldType.Array(type(type.substring(2), field));
        }
        if (!Character.isUpperCase(type.charAt(0))) {
            return FieldType.Primitive.named(type);
        }
        Node declaration = field.has("fields") ? field : commonStructs.get(type);
        if (declaration == null) {
            throw new IllegalStateException(message + ": no struct " + type);
        }
        return new FieldType.Struct(struct(type, declaration.list("fields")));
    }

    /** An object of the JSON: its scalars, and its lists of objects. Nothing else is in a spec. */
    private record Node(Map<String, String> scalars, Map<String, List<Node>> lists) {

        /** Reads the object that the parser has just begun. */
        static Node read(JsonParser json) throws IOException {
            Node node = new Node(new HashMap<>(), new HashMap<>());
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                if (json.nextToken().isScalarValue()) {
                    node.scalars.put(name, json.getText());
                } else {
                    node.lists.put(name, readList(json));
                }
            }
            return node;
        }

        private static List<Node> readList(JsonParser json) throws IOException {
            List<Node> nodes = new ArrayList<>();
            while (!json.nextToken().isStructEnd()) {
                if (json.currentToken().isStructStart()) {
                    nodes.add(read(json));
                }
            }
            return nodes;
        }

        boolean has(String list) {
            return lists.containsKey(list);
        }

        List<Node> list(String name) {
            return lists.getOrDefault(name, List.of());
        }

        String text(String name, String absent) {
            return scalars.getOrDefault(name, absent);
        }

        VersionRange range(String name, VersionRange absent) {
            String range = scalars.get(name);
            return range == null ? absent : VersionRange.parse(range);
        }
    }
}
