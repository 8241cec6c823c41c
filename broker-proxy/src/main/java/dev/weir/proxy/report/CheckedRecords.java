package dev.weir.proxy.report;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.schema.Reason;
import java.util.Map;

/**
 * Records of one batch that were held against the schema of their topic.
 *
 * @param records how many
 * @param bad how many of them are something else, by what is wrong with them
 */
public record CheckedRecords(
        String topic, RuleRef rule, OnViolation onViolation, int records, Map<Reason, Integer> bad) {

    /** How many are something else. */
    int badRecords() {
        return bad.values().stream().mapToInt(Integer::intValue).sum();
    }
}
