package dev.weir.schema.avro;

import org.apache.avro.Schema;

/** A place in a schema as people write it, from the pointer that Avro gives. */
final class SchemaPath {
    private SchemaPath() {}

    /** One path below another. */
    static String join(String above, String below) {
        boolean dot = !above.isEmpty() && !below.isEmpty() && "[{".indexOf(below.charAt(0)) < 0;
        return above + (dot ? "." : "") + below;
    }

    /**
     * The path: {@code items[].price}.
     *
     * @param pointer as {@code /fields/0/type/items/fields/1}
     */
    static String of(Schema schema, String pointer) {
        StringBuilder path = new StringBuilder();
        Schema at = schema;
        String[] steps = pointer.split("/", -1);
        for (int i = 1; i < steps.length; i++) {
            switch (at.getType()) {
                case RECORD -> {
                    if (!steps[i].equals("fields") || i + 1 == steps.length) {
                        return path.toString();
                    }
                    Schema.Field field = at.getFields().get(Integer.parseInt(steps[++i]));
                    path.append(path.isEmpty() ? "" : ".").append(field.name());
                    at = field.schema();
                    if (i + 1 < steps.length && steps[i + 1].equals("type")) {
                        i++;
                    }
                }
                case ARRAY -> {
                    if (!steps[i].equals("items")) {
                        return path.toString();
                    }
                    path.append("[]");
                    at = at.getElementType();
                }
                case MAP -> {
                    if (!steps[i].equals("values")) {
                        return path.toString();
                    }
                    path.append("{}");
                    at = at.getValueType();
                }
                default -> {
                    return path
                            .toString(); // symbols, size and name of a leaf; a branch, which is numbered as the writer
                    // does
                }
            }
        }
        return path.toString();
    }
}
