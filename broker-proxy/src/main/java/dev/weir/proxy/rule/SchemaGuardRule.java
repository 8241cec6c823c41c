package dev.weir.proxy.rule;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.InvalidBatchException.InvalidRecord;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.telemetry.SchemaMetrics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads keys and values to their end by the schemas that a {@code SchemaRule} names, and does with those that are something
 * else what it says. A batch that is rejected is refused as brokers refuse it: all of it, with a message for each bad record
 * (KIP-467), since to take single records out would break the sequence of an idempotent producer.
 */
final class SchemaGuardRule implements RequestRule {
    /** A producer that writes nonsense learns enough from these. */
    private static final int RECORDS_TOLD_MAX = 16;

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
        List<InvalidRecord> told = new ArrayList<>(0);
        SchemaCheck check = new SchemaCheck(guard, write.topic(), onBad(guard, batch, told));
        try {
            new RecordReader()
                    .read(batch.body(), guard.onViolation() == OnViolation.TAG ? cleaning(batch, check) : check);
        } catch (InvalidBatchException e) {
            if (guard.onViolation() == OnViolation.OBSERVE) {
                return; // the broker says what it thinks of it
            }
            throw e;
        }
        count(batch, guard, check);
        if (!told.isEmpty()) {
            int bad = check.bad().values().stream().mapToInt(Integer::intValue).sum();
            throw new InvalidBatchException(
                    Errors.INVALID_RECORD,
                    "by SchemaRule " + guard.rule() + ": " + bad + " of the batch's "
                            + batch.body().count() + " records are refused; the first: "
                            + told.get(0).message(),
                    told);
        }
    }

    private static SchemaCheck.OnBad onBad(SchemaGuard guard, RuledBatch batch, List<InvalidRecord> told) {
        return switch (guard.onViolation()) {
            case OBSERVE -> (index, record, problem) -> {};
            case TAG ->
                (index, record, problem) ->
                        batch.marks().tag(index, SchemaMetrics.word(problem.reason()), problem.text());
            case REJECT ->
                (index, record, problem) -> {
                    if (told.size() < RECORDS_TOLD_MAX) {
                        told.add(new InvalidRecord(index, problem.text()));
                    }
                };
        };
    }

    /** What a client says of itself under the name of the tag is removed, from good records too. */
    private static RecordReader.Visitor cleaning(RuledBatch batch, SchemaCheck check) {
        return (index, record) -> {
            if (record.claimsViolation()) {
                batch.marks().clean();
            }
            check.visit(index, record);
        };
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
