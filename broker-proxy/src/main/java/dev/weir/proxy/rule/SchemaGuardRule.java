package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.InvalidBatchException.InvalidRecord;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.telemetry.SchemaMetrics;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.framing.Framed;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys and values to their end by the schemas that a {@code SchemaRule} names. A batch with one that is something else
 * is refused as brokers refuse it: all of it, with a message for each bad record (KIP-467), since to take single records out
 * would break the sequence of an idempotent producer.
 */
final class SchemaGuardRule implements RequestRule {
    /** A producer that writes nonsense learns enough from these. */
    private static final int RECORDS_TOLD_MAX = 16;

    @Override
    public boolean isUsed(PolicySnapshot policy) {
        return !policy.schemas().isEmpty();
    }

    @Override
    public boolean concerns(PolicySnapshot policy, String topic) {
        return policy.schemas().find(topic) != null;
    }

    @Override
    public boolean isSlow(PolicySnapshot policy, String topic) {
        return false; // a millisecond reads some thousand small records
    }

    @Override
    public @Nullable ByteBuf apply(RecordWrite write, ByteBuffer records, RuleScope scope) {
        SchemaGuard guard = write.writer().policy().schemas().find(write.topic());
        if (guard == null) {
            return null;
        }
        SchemaMetrics metrics = scope.metrics().schemas();
        Check check = new Check(guard, write.topic());
        try {
            int read = new RecordReader(scope.allocator(), scope.limits()).read(records, check);
            metrics.checked(write.topic(), write.writer().service(), read);
        } catch (InvalidBatchException e) {
            if (guard.enforced()) {
                throw e;
            }
            return null; // the broker says what it thinks of it
        }
        check.reasons.forEach(
                reason -> metrics.violation(write.topic(), write.writer().service(), reason, !guard.enforced()));
        if (guard.enforced() && !check.invalid.isEmpty()) {
            throw new InvalidBatchException(
                    Errors.INVALID_RECORD,
                    "by SchemaRule " + guard.rule() + ": " + check.reasons.size()
                            + " of the batch's records are refused;" + " the first: "
                            + check.invalid.get(0).message(),
                    check.invalid);
        }
        return null;
    }

    /** Looks at the records of one batch. */
    private static final class Check implements RecordReader.Visitor {
        private final SchemaGuard guard;
        private final String topic;
        private final List<InvalidRecord> invalid = new ArrayList<>();
        private final List<Reason> reasons = new ArrayList<>();

        Check(SchemaGuard guard, String topic) {
            this.guard = guard;
            this.topic = topic;
        }

        @Override
        public void visit(int index, RecordReader record) {
            SchemaGuard.Check key = guard.key();
            SchemaGuard.Check value = guard.value();
            if (key != null && record.keyBytes() >= 0) {
                look(index, true, key, record);
            }
            if (value != null) {
                if (record.valueBytes() >= 0) {
                    look(index, false, value, record);
                } else if (!guard.tombstones()) {
                    refuse(
                            index,
                            Reason.TOMBSTONE,
                            "the record has no value, and topic " + topic + " takes no tombstones");
                }
            }
        }

        private void look(int index, boolean key, SchemaGuard.Check check, RecordReader record) {
            int offset = key ? record.keyOffset() : record.valueOffset();
            int lengthBytes = key ? record.keyBytes() : record.valueBytes();
            Framed framed = check.framing().read(key, record.bytes(), offset, lengthBytes, record::lastHeader);
            if (framed instanceof Framed.Unreadable unreadable) {
                refuse(
                        index,
                        Reason.FRAMING,
                        what(key, check) + "found " + unreadable.found() + ", expected " + unreadable.expected());
            } else if (framed instanceof Framed.Payload payload) {
                int from = payload.payloadOffset();
                Violation violation = check.validator().check(record.bytes(), offset + from, lengthBytes - from);
                if (violation != null) {
                    refuse(index, violation.reason(), what(key, check) + violation.text());
                }
            }
        }

        private static String what(boolean key, SchemaGuard.Check check) {
            return (key ? "key" : "value") + " by schema " + check.schema() + ": ";
        }

        private void refuse(int index, Reason reason, String message) {
            reasons.add(reason);
            if (invalid.size() < RECORDS_TOLD_MAX) {
                invalid.add(new InvalidRecord(index, message));
            }
        }
    }
}
