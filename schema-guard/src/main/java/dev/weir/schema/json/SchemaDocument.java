package dev.weir.schema.json;

import dev.weir.schema.Limits;
import dev.weir.schema.bytes.Mismatch;
import dev.weir.schema.compatibility.SchemaFileException;
import java.nio.charset.StandardCharsets;

/**
 * A file with a schema, read.
 *
 * @param file its name
 * @param tape its values; never changed any more
 */
record SchemaDocument(String file, JsonTape tape) {

    static SchemaDocument read(String file, String text) throws SchemaFileException {
        JsonTape tape = new JsonTape();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        try {
            new JsonParser(tape).parse(utf8, 0, utf8.length, Limits.DEFAULT);
        } catch (Mismatch e) {
            int offset = e.violation().offsetBytes();
            int line = 1
                    + (int) new String(utf8, 0, Math.min(offset, utf8.length), StandardCharsets.UTF_8)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            throw new SchemaFileException(
                    file,
                    line,
                    "no JSON: found " + e.violation().found() + ", expected "
                            + e.violation().expected());
        }
        SchemaDocument read = new SchemaDocument(file, tape);
        for (int i = 0; i < tape.count(); i++) {
            if (tape.kind(i) == JsonKind.NUMBER && !Evaluation.isModest(tape, i)) {
                throw read.mistake(i, "a number with more digits, or a larger exponent, than records may have");
            }
        }
        return read;
    }

    /** What is wrong at a value, with its line. */
    SchemaFileException mistake(int at, String message) {
        return new SchemaFileException(file, tape.line(at), pointer(at) + ": " + message);
    }

    /** JSON pointer (RFC 6901) of a value. */
    String pointer(int value) {
        StringBuilder pointer = new StringBuilder("#");
        int at = 0;
        while (at < value) {
            boolean object = tape.kind(at) == JsonKind.OBJECT;
            int child = at + 1;
            int index = 0;
            for (int next = tape.next(object ? child + 1 : child); next <= value; index++) {
                child = next;
                next = tape.next(object ? child + 1 : child);
            }
            pointer.append('/')
                    .append(object ? tape.text(child).replace("~", "~0").replace("/", "~1") : String.valueOf(index));
            at = object ? child + 1 : child; // a name stands for its member
        }
        return pointer.toString();
    }

    /** A value in words, for mistakes; schemas are no secret. */
    String told(int at) {
        return switch (tape.kind(at)) {
            case STRING -> '"' + tape.text(at) + '"';
            case NUMBER -> tape.numberText(at);
            case TRUE -> "true";
            case FALSE -> "false";
            case NULL -> "null";
            case ARRAY -> "a list";
            case OBJECT -> "an object";
        };
    }
}
