package dev.weir.schema.json;

/** A place in a payload as people write it: {@code items[3].price}; a member that the schema does not name is {@code {2}}. */
final class JsonPath {
    private JsonPath() {}

    static String of(JsonTape tape, int value, KnownNames names) {
        StringBuilder path = new StringBuilder();
        int at = 0;
        while (at < value) {
            boolean object = tape.kind(at) == JsonKind.OBJECT;
            int index = 0;
            int child = at + 1;
            int next = tape.next(object ? child + 1 : child);
            while (next <= value) {
                child = next;
                next = tape.next(object ? child + 1 : child);
                index++;
            }
            if (object) {
                String name = tape.text(child);
                if (names.has(name)) {
                    path.append(path.isEmpty() ? "" : ".").append(name);
                } else {
                    path.append('{').append(index).append('}');
                }
                at = Math.max(child + 1, value == child ? value : 0);
            } else {
                path.append('[').append(index).append(']');
                at = child;
            }
        }
        return path.toString();
    }
}
