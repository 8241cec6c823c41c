package dev.weir.proxy.rule;

import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.telemetry.SchemaMetrics;

/** Gives bad records a header that says what is wrong with them, and takes what clients say under its name from all. */
final class Tagging implements ViolationAction {
    private final RuledBatch batch;

    Tagging(RuledBatch batch) {
        this.batch = batch;
    }

    @Override
    public void seen(RecordReader record) {
        if (record.claimsViolation()) {
            batch.marks().clean();
        }
    }

    @Override
    public void bad(int index, RecordReader record, SchemaCheck.Problem problem) {
        batch.marks().tag(index, SchemaMetrics.word(problem.reason()), problem.text());
    }
}
