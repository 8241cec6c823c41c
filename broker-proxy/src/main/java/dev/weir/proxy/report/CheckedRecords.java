package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Flow.InvalidReason;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.schema.Reason;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Records of one batch that were held against the schema of their topic.
 *
 * @param records how many were judged
 * @param bad how many of them are something else, by what is wrong with them
 * @param unsettled how many nobody can judge now
 * @param examples what is wrong with the first of each kind, in words; made when they are asked for
 */
public record CheckedRecords(
        String topic,
        RuleRef rule,
        OnViolation onViolation,
        int records,
        Map<Reason, Integer> bad,
        int unsettled,
        Map<Reason, Supplier<String>> examples) {

    /** Of records that are good. */
    public static CheckedRecords good(String topic, RuleRef rule, OnViolation onViolation, int records) {
        return judged(topic, rule, onViolation, records, Map.of(), Map.of());
    }

    /** Of records that all are known to be good or bad. */
    public static CheckedRecords judged(
            String topic,
            RuleRef rule,
            OnViolation onViolation,
            int records,
            Map<Reason, Integer> bad,
            Map<Reason, Supplier<String>> examples) {
        return new CheckedRecords(topic, rule, onViolation, records, bad, 0, examples);
    }

    /** Of records that nobody can judge now, so that whoever writes them has to try again. */
    public static CheckedRecords unsettled(String topic, RuleRef rule, int records, String why) {
        return new CheckedRecords(
                topic, rule, OnViolation.REJECT, 0, Map.of(), records, Map.of(Reason.REGISTRY_DOWN, () -> why));
    }

    /** Whether there is nothing to tell but their number. */
    boolean isGood() {
        return bad.isEmpty() && unsettled == 0;
    }

    /** What is to be told of them: how many are bad, by what is wrong with them, and how many cannot be judged. */
    void forEach(ObjIntConsumer<Reason> each) {
        bad.forEach((reason, count) -> each.accept(reason, count));
        if (unsettled > 0) {
            each.accept(Reason.REGISTRY_DOWN, unsettled);
        }
    }

    /** What is wrong with one of that kind; empty where nobody knows. */
    String example(Reason reason) {
        Supplier<String> words = examples.get(reason);
        return words == null ? "" : words.get();
    }

    int badRecords() {
        return bad.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What is wrong with records, as it is reported. */
    static InvalidReason reported(Reason reason) {
        return switch (reason) {
            case FRAMING -> InvalidReason.FRAMING;
            case NO_SCHEMA -> InvalidReason.NO_SCHEMA;
            case UNKNOWN_SCHEMA -> InvalidReason.UNKNOWN_SCHEMA;
            case OTHER_SUBJECT -> InvalidReason.OTHER_SUBJECT;
            case UNUSABLE_SCHEMA -> InvalidReason.UNUSABLE_SCHEMA;
            case PAYLOAD -> InvalidReason.PAYLOAD;
            case TRAILING_BYTES -> InvalidReason.TRAILING_BYTES;
            case LIMIT -> InvalidReason.LIMIT;
            case TOMBSTONE -> InvalidReason.TOMBSTONE;
            case REGISTRY_DOWN -> InvalidReason.REGISTRY_DOWN;
        };
    }
}
