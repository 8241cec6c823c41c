package dev.weir.proxy.rule;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.registry.SchemaRegistries;
import dev.weir.proxy.report.CheckedRecords;
import dev.weir.proxy.telemetry.SchemaMetrics;
import dev.weir.schema.Reason;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads keys and values to their end by the schemas that a {@code SchemaRule} names, and has done with those that are something
 * else what it says.
 */
final class SchemaGuardRule implements RequestRule {
    /** Small records are read by a schema at some 200 MB/s. */
    private static final int LOOP_BYTES_MAX = 128 << 10;

    private final SchemaRegistries registries;

    /** @param registries those that policy may name */
    SchemaGuardRule(SchemaRegistries registries) {
        this.registries = registries;
    }

    @Override
    public boolean isUsed(PolicySnapshot policy) {
        return !policy.schemas().isEmpty();
    }

    @Override
    public boolean concerns(PolicySnapshot policy, String topic) {
        return policy.schemas().find(topic) != null;
    }

    @Override
    public boolean looksInPassing(PolicySnapshot policy, String topic) {
        SchemaGuard guard = policy.schemas().find(topic);
        return guard != null && PassingRecords.canFollow(guard);
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
        boolean observed = guard.onViolation() == OnViolation.OBSERVE;
        SchemaLookups lookups = new SchemaLookups(registries, write.topic(), batch.mayWait());
        SchemaCheck check = new SchemaCheck(guard, write.topic(), lookups, action);
        try {
            new RecordReader().read(batch.body(), check);
        } catch (InvalidBatchException e) {
            if (observed) {
                return; // the broker says what it thinks of it
            }
            throw e;
        }
        CompletableFuture<Void> awaited = observed ? null : lookups.awaited(); // what is only observed waits for nobody
        if (awaited != null) {
            batch.await(awaited, lookups.timeoutMillis());
            return;
        }
        count(batch, guard, check);
        if (check.unsettled() > 0 && !guard.unsettled() && !observed) {
            batch.checked(
                    CheckedRecords.unsettled(write.topic(), guard.rule(), check.unsettled(), check.whyUnsettled()));
            // it says of itself that it was not written; all clients try again
            throw new InvalidBatchException(
                    Errors.NOT_ENOUGH_REPLICAS,
                    "by SchemaRule " + guard.rule() + ": " + check.unsettled() + " of the batch's "
                            + batch.body().count() + " records cannot be judged: " + check.whyUnsettled());
        }
        batch.checked(CheckedRecords.judged(
                write.topic(), guard.rule(), guard.onViolation(), batch.body().count(), check.bad(), check.examples()));
        action.end(check);
    }

    private static void count(RuledBatch batch, SchemaGuard guard, SchemaCheck check) {
        SchemaMetrics metrics = batch.scope().metrics().schemas();
        RecordWrite write = batch.write();
        metrics.checked(write.topic(), write.writer().service(), batch.body().count());
        check.bad()
                .forEach((reason, records) -> metrics.violations(
                        write.topic(), write.writer().service(), reason, guard.onViolation(), records));
        if (check.unsettled() > 0) {
            metrics.violations(
                    write.topic(),
                    write.writer().service(),
                    Reason.REGISTRY_DOWN,
                    guard.unsettled() || guard.onViolation() == OnViolation.OBSERVE
                            ? OnViolation.OBSERVE
                            : OnViolation.REJECT,
                    check.unsettled());
        }
    }
}
