package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.schema.Reason;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckedRecordsTest {
    private static final RuleRef RULE = new RuleRef("orders", "orders.yaml", 3, "26b6c8");

    private static Map<Reason, Integer> told(CheckedRecords batch) {
        Map<Reason, Integer> told = new EnumMap<>(Reason.class);
        batch.forEach(told::put);
        return told;
    }

    @Test
    void whatNobodyCanJudgeIsToldButNotBad() {
        CheckedRecords batch = CheckedRecords.unsettled("orders", RULE, 7, "the registry does not answer");
        assertThat(batch.records()).isZero();
        assertThat(batch.badRecords()).isZero();
        assertThat(batch.isGood()).isFalse();
        assertThat(told(batch)).isEqualTo(Map.of(Reason.REGISTRY_DOWN, 7));
        assertThat(batch.example(Reason.REGISTRY_DOWN)).isEqualTo("the registry does not answer");
    }

    @Test
    void whatIsBadIsToldByWhatIsWrongWithIt() {
        Map<Reason, Integer> bad = Map.of(Reason.PAYLOAD, 2, Reason.TOMBSTONE, 1);
        CheckedRecords batch = CheckedRecords.judged("orders", RULE, OnViolation.TAG, 10, bad, Map.of());
        assertThat(batch.badRecords()).isEqualTo(3);
        assertThat(told(batch)).isEqualTo(bad);
        assertThat(batch.example(Reason.PAYLOAD)).isEmpty();
    }

    @Test
    void ofGoodRecordsThereIsNothingToTell() {
        CheckedRecords batch = CheckedRecords.good("orders", RULE, OnViolation.TAG, 10);
        assertThat(batch.isGood()).isTrue();
        assertThat(told(batch)).isEmpty();
    }
}
