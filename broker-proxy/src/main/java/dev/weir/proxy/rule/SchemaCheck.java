package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.registry.Lookup;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds the records of one batch against a guard, and counts those that are something else. One thread. */
final class SchemaCheck implements RecordReader.Visitor {
    private final SchemaGuard guard;
    private final String topic;
    private final SchemaLookups lookups;
    private final ViolationAction action;
    private final Map<Reason, Integer> bad = new EnumMap<>(Reason.class);
    private int unsettled;
    private @Nullable String whyUnsettled;

    /**
     * What is wrong with a record.
     *
     * @param words for who wrote it; made only when they are asked for
     */
    record Problem(Reason reason, Supplier<String> words) {
        String text() {
            return words.get();
        }
    }

    SchemaCheck(SchemaGuard guard, String topic, SchemaLookups lookups, ViolationAction action) {
        this.guard = guard;
        this.topic = topic;
        this.lookups = lookups;
        this.action = action;
    }

    @Override
    public void visit(int index, RecordReader record) {
        action.seen(record);
        Problem problem = problem(record);
        if (problem != null) {
            bad.merge(problem.reason(), 1, Integer::sum);
            action.bad(index, record, problem);
        }
    }

    /** How many records are bad, by what is wrong with them; each record counts once. */
    Map<Reason, Integer> bad() {
        return bad;
    }

    int badRecords() {
        return bad.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many records nobody can judge, since a registry does not say what their schema is. */
    int unsettled() {
        return unsettled;
    }

    /** Why not; empty when all were judged. */
    String whyUnsettled() {
        return whyUnsettled == null ? "" : whyUnsettled;
    }

    /** What is wrong with a record, or {@code null} for nothing. */
    @Nullable
    Problem problem(RecordReader record) {
        SchemaGuard.Check key = guard.key();
        SchemaGuard.Check value = guard.value();
        if (key != null && record.keyBytes() >= 0) {
            Problem problem = look(true, key, record);
            if (problem != null) {
                return problem;
            }
        }
        if (value != null && record.valueBytes() >= 0) {
            return look(false, value, record);
        }
        if (value != null && !guard.tombstones()) {
            return new Problem(
                    Reason.TOMBSTONE, () -> "the record has no value, and topic " + topic + " takes no tombstones");
        }
        return null;
    }

    private @Nullable Problem look(boolean key, SchemaGuard.Check check, RecordReader record) {
        int offset = key ? record.keyOffset() : record.valueOffset();
        int lengthBytes = key ? record.keyBytes() : record.valueBytes();
        Framed framed = check.framing().read(key, record.bytes(), offset, lengthBytes, record::lastHeader);
        if (framed instanceof Framed.Unreadable unreadable) {
            return new Problem(
                    Reason.FRAMING,
                    () -> what(key, check) + "found " + unreadable.found() + ", expected " + unreadable.expected());
        } else if (framed instanceof Framed.Unframed unframed) {
            return guard.schemaless()
                    ? null
                    : new Problem(
                            Reason.NO_SCHEMA,
                            () -> what(key, check) + "found " + unframed.found() + ", expected " + unframed.expected());
        } else if (framed instanceof Framed.Payload payload) {
            int from = offset + payload.payloadOffset();
            int payloadBytes = lengthBytes - payload.payloadOffset();
            if (check.source() instanceof Source.Declared declared) {
                return read(key, check, declared.validator(), record.bytes(), from, payloadBytes);
            }
            Lookup lookup = lookups.find(key, (Source.Registered) check.source(), payload.schema());
            if (lookup instanceof Lookup.Found found) {
                return read(key, check, found.validator(), record.bytes(), from, payloadBytes);
            } else if (lookup instanceof Lookup.Refused refused) {
                return new Problem(
                        refused.reason(),
                        () -> what(key, check) + "found " + refused.found() + ", expected " + refused.expected());
            } else if (lookup instanceof Lookup.Down down) {
                unsettled++;
                whyUnsettled = down.why();
            }
        }
        return null;
    }

    private static @Nullable Problem read(
            boolean key,
            SchemaGuard.Check check,
            @Nullable PayloadValidator validator,
            byte[] bytes,
            int offset,
            int lengthBytes) {
        Violation violation = validator == null ? null : validator.check(bytes, offset, lengthBytes);
        return violation == null ? null : new Problem(violation.reason(), () -> what(key, check) + violation.text());
    }

    private static String what(boolean key, SchemaGuard.Check check) {
        String by = check.source() instanceof Source.Declared declared
                ? " by schema " + declared.schema()
                : " by registry " + ((Source.Registered) check.source()).registry();
        return (key ? "key" : "value") + by + ": ";
    }
}
