package dev.weir.schema.avro;

import dev.weir.mesh.log.Counted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/** Turns a schema into nodes; a named type that holds itself becomes a cycle of them. */
final class AvroCompiler {
    private final Map<String, RecordNode> records = new HashMap<>();

    Node compile(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> Leaf.NULL;
            case BOOLEAN -> Leaf.BOOLEAN;
            case INT -> Leaf.INT;
            case LONG -> Leaf.LONG;
            case FLOAT -> Leaf.FLOAT;
            case DOUBLE -> Leaf.DOUBLE;
            case BYTES -> Leaf.BYTES;
            case STRING -> Leaf.STRING;
            case FIXED ->
                Leaf.fixed(
                        schema.getFixedSize(),
                        "a fixed " + schema.getFullName() + " of " + Counted.of(schema.getFixedSize(), "byte"));
            case ENUM ->
                Leaf.enumeration(schema.getFullName(), schema.getEnumSymbols().size());
            case ARRAY -> BlocksNode.array(compile(schema.getElementType()));
            case MAP -> BlocksNode.map(compile(schema.getValueType()));
            case UNION -> union(schema.getTypes());
            case RECORD -> record(schema);
        };
    }

    private Node union(List<Schema> types) {
        String names = types.stream().map(Schema::getFullName).collect(Collectors.joining(", "));
        return new UnionNode(
                "a branch of [" + names + "], 0 to " + (types.size() - 1),
                types.stream().map(this::compile).toArray(Node[]::new));
    }

    private Node record(Schema schema) {
        RecordNode known = records.get(schema.getFullName());
        if (known != null) {
            return known;
        }
        RecordNode made = new RecordNode(schema.getFullName());
        records.put(schema.getFullName(), made);
        List<Schema.Field> fields = schema.getFields();
        made.fill(
                fields.stream().map(Schema.Field::name).toArray(String[]::new),
                fields.stream().map(field -> compile(field.schema())).toArray(Node[]::new));
        return made;
    }
}
