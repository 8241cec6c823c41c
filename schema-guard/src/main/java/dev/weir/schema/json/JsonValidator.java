package dev.weir.schema.json;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Violation;
import dev.weir.schema.bytes.Mismatch;
import org.jspecify.annotations.Nullable;

/** Reads JSON and holds it against a schema. Each thread has its own memory for it, which is used again. */
final class JsonValidator implements PayloadValidator {
    private static final ThreadLocal<Evaluation> EVALUATIONS = ThreadLocal.withInitial(Evaluation::new);

    private final SchemaNode schema;
    private final KnownNames names;
    private final Limits limits;

    JsonValidator(SchemaNode schema, KnownNames names, Limits limits) {
        this.schema = schema;
        this.names = names;
        this.limits = limits;
    }

    @Override
    public @Nullable Violation check(byte[] bytes, int offset, int lengthBytes) {
        Evaluation evaluation = EVALUATIONS.get();
        try {
            evaluation.begin(bytes, offset, lengthBytes, limits);
            return schema.valid(evaluation, 0) ? null : evaluation.violation(names);
        } catch (Mismatch e) {
            return e.violation();
        } finally {
            evaluation.end();
        }
    }
}
