package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Flow.InvalidReason;
import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.schema.Reason;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Records of one batch that were held against the schema of their topic.
 *
 * @param records how many
 * @param bad how many of them are something else, by what is wrong with them
 * @param examples what is wrong with the first of each kind, in words; made when they are asked for
 */
public record CheckedRecords(
        String topic,
        RuleRef rule,
        OnViolation onViolation,
        int records,
        Map<Reason, Integer> bad,
        Map<Reason, Supplier<String>> examples) {

    /** Of records that are good. */
    public CheckedRecords(String topic, RuleRef rule, OnViolation onViolation, int records, Map<Reason, Integer> bad) {
        this(topic, rule, onViolation, records, bad, Map.of());
    }

    /** What is wrong with one of that kind; empty where nobody knows. */
    String example(Reason reason) {
        Supplier<String> words = examples.get(reason);
        return words == null ? "" : words.get();
    }

    /** How many are something else. */
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
            case REGISTRY_DOWN -> InvalidReason.UNKNOWN_REASON; // such a record is not judged
        };
    }
}
