package dev.weir.schema.avro;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.bytes.Mismatch;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding by the schema that a record was written with. Stricter than Avro's own reader where that
 * makes something up: strings have to be UTF-8, booleans 0 or 1, numbers as many bits as their type, and nothing may follow.
 */
public final class AvroValidator implements PayloadValidator {
    private final Node program;
    private final Limits limits;

    /** Compiles a schema, once for all records. */
    public AvroValidator(Schema schema, Limits limits) {
        this.program = new AvroCompiler().compile(schema);
        this.limits = limits;
    }

    @Override
    public @Nullable Violation check(byte[] bytes, int offset, int lengthBytes) {
        Cursor in = new Cursor(bytes, offset, lengthBytes, limits);
        try {
            program.skip(in);
        } catch (Mismatch e) {
            return e.violation();
        }
        return in.remainingBytes() == 0
                ? null
                : new Violation(
                        Reason.TRAILING_BYTES,
                        "",
                        in.remainingBytes() + " more bytes",
                        "the end of the record",
                        in.offsetBytes());
    }
}
