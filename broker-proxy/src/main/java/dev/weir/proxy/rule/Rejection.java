package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.InvalidBatchException.InvalidRecord;
import dev.weir.proxy.batch.RecordReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Refuses the batch as brokers refuse one: all of it, with a message for each bad record (KIP-467), since to take single
 * records out would break the sequence of an idempotent producer.
 */
final class Rejection implements ViolationAction {
    /** A producer that writes nonsense learns enough from these. */
    static final int RECORDS_TOLD_MAX = 16;

    private final SchemaGuard guard;
    private final RuledBatch batch;
    private final List<InvalidRecord> told = new ArrayList<>(0);

    Rejection(SchemaGuard guard, RuledBatch batch) {
        this.guard = guard;
        this.batch = batch;
    }

    @Override
    public void bad(int index, RecordReader record, SchemaCheck.Problem problem) {
        if (told.size() < RECORDS_TOLD_MAX) {
            told.add(new InvalidRecord(index, problem.text()));
        }
    }

    @Override
    public void end(SchemaCheck check) {
        if (!told.isEmpty()) {
            throw new InvalidBatchException(
                    Errors.INVALID_RECORD,
                    "by SchemaRule " + guard.rule() + ": " + check.badRecords() + " of the batch's "
                            + batch.body().count() + " records are refused; the first: "
                            + told.get(0).message(),
                    told);
        }
    }
}
