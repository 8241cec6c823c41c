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
 * @param bad how many of them are something else, by what is wrong with them; or how many cannot be judged
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

    /** Of records that nobody can judge now, so that whoever writes them has to try again. */
    public static CheckedRecords unsettled(String topic, RuleRef rule, int records, String why) {
        return new CheckedRecords(
                topic,
                rule,
                OnViolation.REJECT,
                0,
                Map.of(Reason.REGISTRY_DOWN, records),
                Map.of(Reason.REGISTRY_DOWN, () -> why));
    }

    /** What is wrong with one of that kind; empty where nobody knows. */
    String example(Reason reason) {
        Supplier<String> words = examples.get(reason);
        return words == null ? "" : words.get();
    }

    /** How many are something else; such as cannot be judged are not. */
    int badRecords() {
        int all = bad.values().stream().mapToInt(Integer::intValue).sum();
        return all - bad.getOrDefault(Reason.REGISTRY_DOWN, 0);
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
