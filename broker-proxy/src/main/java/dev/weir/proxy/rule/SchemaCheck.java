package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.framing.SchemaRef;
import dev.weir.schema.registry.Lookup;
import dev.weir.schema.registry.SubjectNaming;
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
    private final Map<Reason, Supplier<String>> examples = new EnumMap<>(Reason.class);
    private int unsettled;
    private @Nullable String whyUnsettled;

    /**
     * What is wrong with a record.
     *
     * @param words for who wrote it; made only when they are asked for
     * @param hint what more there may be to say; it is found out only when it is asked for
     */
    record Problem(
            Reason reason, Supplier<String> words, @Nullable FramingHint hint) {
        Problem(Reason reason, Supplier<String> words) {
            this(reason, words, null);
        }

        String text() {
            return hint == null ? words.get() : words.get() + hint.text();
        }

        /** The text, for when the batch is closed. */
        Supplier<String> kept() {
            if (hint == null) {
                return words;
            }
            Supplier<String> more = hint.kept();
            return () -> words.get() + more.get();
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
            examples.computeIfAbsent(problem.reason(), first -> problem.kept());
            action.bad(index, record, problem);
        }
    }

    /** How many records are bad, by what is wrong with them; each record counts once. */
    Map<Reason, Integer> bad() {
        return bad;
    }

    /** What is wrong with the first of each kind; may be asked for when the batch is closed. */
    Map<Reason, Supplier<String>> examples() {
        return examples;
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
            return problem(key, check, Reason.FRAMING, unreadable.found(), unreadable.expected());
        } else if (framed instanceof Framed.Unframed unframed) {
            return guard.schemaless()
                    ? null
                    : problem(key, check, Reason.NO_SCHEMA, unframed.found(), unframed.expected());
        } else if (framed instanceof Framed.Payload payload) {
            int from = offset + payload.payloadOffset();
            int payloadBytes = lengthBytes - payload.payloadOffset();
            if (check.source() instanceof Source.Declared declared) {
                Violation violation = declared.validator().check(record.bytes(), from, payloadBytes);
                if (violation == null) {
                    return null;
                }
                return new Problem(
                        violation.reason(),
                        () -> side(key) + " by schema " + declared.schema() + ": " + violation.text(),
                        FramingHint.of(declared, key, record.bytes(), from, payloadBytes));
            }
            Source.Registered source = (Source.Registered) check.source();
            Lookup lookup = lookups.find(key, source, payload.schema());
            if (lookup instanceof Lookup.Found found) {
                return read(key, source, payload.schema(), found, record.bytes(), from, payloadBytes);
            } else if (lookup instanceof Lookup.Refused refused) {
                return problem(key, check, refused.reason(), refused.found(), refused.expected());
            } else if (lookup instanceof Lookup.Down down) {
                unsettled++;
                whyUnsettled = down.why();
            }
        }
        return null;
    }

    private static @Nullable Problem read(
            boolean key,
            Source.Registered source,
            SchemaRef schema,
            Lookup.Found found,
            byte[] bytes,
            int offset,
            int lengthBytes) {
        PayloadValidator validator = found.validator();
        Violation violation = validator == null ? null : validator.check(bytes, offset, lengthBytes);
        return violation == null
                ? null
                : new Problem(
                        violation.reason(),
                        () -> side(key) + " by " + schema.text() + of(found.subject(), source) + ": "
                                + violation.text());
    }

    /** One of which no schema is there to read it by. */
    private Problem problem(boolean key, SchemaGuard.Check check, Reason reason, String found, String expected) {
        return new Problem(
                reason, () -> side(key) + expectation(key, check) + ": found " + found + ", expected " + expected);
    }

    private String expectation(boolean key, SchemaGuard.Check check) {
        if (check.source() instanceof Source.Declared declared) {
            return " by schema " + declared.schema();
        }
        Source.Registered source = (Source.Registered) check.source();
        SubjectNaming naming = source.demand().naming();
        return naming.needsRecordName()
                ? " by registry " + source.registry()
                : of(naming.subject(topic, key, ""), source);
    }

    private static String of(String subject, Source.Registered source) {
        return " of subject " + subject + " (registry " + source.registry() + ")";
    }

    private static String side(boolean key) {
        return key ? "key" : "value";
    }
}
