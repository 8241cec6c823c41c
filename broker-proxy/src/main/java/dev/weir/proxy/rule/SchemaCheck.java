package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.framing.Framed;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds the records of one batch against a guard, and counts those that are something else. One thread. */
final class SchemaCheck implements RecordReader.Visitor {
    private final SchemaGuard guard;
    private final String topic;
    private final ViolationAction action;
    private final Map<Reason, Integer> bad = new EnumMap<>(Reason.class);

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

    SchemaCheck(SchemaGuard guard, String topic, ViolationAction action) {
        this.guard = guard;
        this.topic = topic;
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

    private static @Nullable Problem look(boolean key, SchemaGuard.Check check, RecordReader record) {
        int offset = key ? record.keyOffset() : record.valueOffset();
        int lengthBytes = key ? record.keyBytes() : record.valueBytes();
        Framed framed = check.framing().read(key, record.bytes(), offset, lengthBytes, record::lastHeader);
        if (framed instanceof Framed.Unreadable unreadable) {
            return new Problem(
                    Reason.FRAMING,
                    () -> what(key, check) + "found " + unreadable.found() + ", expected " + unreadable.expected());
        } else if (framed instanceof Framed.Payload payload) {
            int from = payload.payloadOffset();
            Violation violation = check.validator().check(record.bytes(), offset + from, lengthBytes - from);
            return violation == null
                    ? null
                    : new Problem(violation.reason(), () -> what(key, check) + violation.text());
        }
        return null;
    }

    private static String what(boolean key, SchemaGuard.Check check) {
        return (key ? "key" : "value") + " by schema " + check.schema() + ": ";
    }
}
