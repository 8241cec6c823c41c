package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.RecordReader;

/** What is done about the bad records of one batch. Told of its records in order, then of its end; one thread. */
interface ViolationAction {

    static ViolationAction of(SchemaGuard guard, RuledBatch batch) {
        return switch (guard.onViolation()) {
            case REJECT -> new Rejection(guard, batch);
            case TAG -> new Tagging(batch);
            // a dead-letter topic is read by those who mend what really went wrong
            case QUARANTINE ->
                batch.write().writer().shadow() ? new Rejection(guard, batch) : new Quarantine(guard, batch);
            case OBSERVE -> (index, record, problem) -> {};
        };
    }

    /** A record, good or bad. */
    default void seen(RecordReader record) {}

    /** It is bad. */
    void bad(int index, RecordReader record, SchemaCheck.Problem problem);

    /**
     * All were seen, and counted.
     *
     * @throws dev.weir.proxy.batch.InvalidBatchException when the batch cannot go on
     */
    default void end(SchemaCheck check) {}
}
