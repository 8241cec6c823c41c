package dev.weir.proxy.rule;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.report.CheckedRecords;
import dev.weir.proxy.telemetry.SchemaMetrics;

/**
 * Reads keys and values to their end by the schemas that a {@code SchemaRule} names, and has done with those that are something
 * else what it says.
 */
final class SchemaGuardRule implements RequestRule {
    /** Small records are read by a schema at some 200 MB/s. */
    private static final int LOOP_BYTES_MAX = 128 << 10;

    @Override
    public boolean isUsed(PolicySnapshot policy) {
        return !policy.schemas().isEmpty();
    }

    @Override
    public boolean concerns(PolicySnapshot policy, String topic) {
        return policy.schemas().find(topic) != null;
    }

    @Override
    public int loopBytesMax(PolicySnapshot policy, String topic) {
        return concerns(policy, topic) ? LOOP_BYTES_MAX : Integer.MAX_VALUE;
    }

    @Override
    public void apply(RuledBatch batch) {
        RecordWrite write = batch.write();
        SchemaGuard guard = write.writer().policy().schemas().find(write.topic());
        if (guard == null) {
            return;
        }
        ViolationAction action = ViolationAction.of(guard, batch);
        SchemaCheck check = new SchemaCheck(guard, write.topic(), action);
        try {
            new RecordReader().read(batch.body(), check);
        } catch (InvalidBatchException e) {
            if (guard.onViolation() == OnViolation.OBSERVE) {
                return; // the broker says what it thinks of it
            }
            throw e;
        }
        count(batch, guard, check);
        batch.checked(new CheckedRecords(
                write.topic(), guard.rule(), guard.onViolation(), batch.body().count(), check.bad()));
        action.end(check);
    }

    private static void count(RuledBatch batch, SchemaGuard guard, SchemaCheck check) {
        SchemaMetrics metrics = batch.scope().metrics().schemas();
        RecordWrite write = batch.write();
        metrics.checked(write.topic(), write.writer().service(), batch.body().count());
        check.bad()
                .forEach((reason, records) -> metrics.violations(
                        write.topic(), write.writer().service(), reason, guard.onViolation(), records));
    }
}
