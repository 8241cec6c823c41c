package dev.weir.proxy.rule;

import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.mesh.report.v1.Audit.ReadRefusal;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.Verification;
import dev.weir.proxy.batch.BatchBody;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.FetchedBatches;
import dev.weir.proxy.batch.FieldEdit;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.batch.UnverifiedPatch;
import dev.weir.proxy.report.RefusedRead;
import dev.weir.proxy.telemetry.Unverified;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records of one partition, and does with those that prove nothing what is to be done. Batches before the first
 * that may not go on do go on; when it is the first, the partition is answered with an error. One thread; used once.
 */
final class OriginCheck {
    private final RecordRead read;
    private final RuleRef rule;
    private final FieldEdit edit;
    private final Verification action;
    private final RuleScope scope;
    private final FetchedBatches batches;
    private final RecordReader reader;
    private final BatchVerdicts verdicts;

    /** @param rule that wants it */
    OriginCheck(
            RecordRead read,
            RuleRef rule,
            ByteBuffer records,
            Verification action,
            @Nullable OriginVerifier verifier,
            RuleScope scope) {
        this.read = read;
        this.rule = rule;
        this.edit = new FieldEdit(records, scope.allocator());
        this.action = action;
        this.scope = scope;
        this.batches = new FetchedBatches(records);
        this.reader = new RecordReader();
        this.verdicts = new BatchVerdicts(read, verifier, scope.clusterId().get());
    }

    /**
     * Does it.
     *
     * @return the records field to send, a buffer of the caller's; {@code null} for the one that was given
     * @throws ReadRefusedException when policy lets nothing of it go on
     * @throws InvalidBatchException when what is left of a batch becomes too large
     */
    @Nullable
    ByteBuf run() {
        try (edit) {
            boolean whole = true;
            while (whole && batches.next()) {
                whole = batches.isControl() || passes();
            }
            return edit.result();
        }
    }

    /** Whether the batch goes on, as it is or changed. */
    private boolean passes() {
        Unverified ofAll = lookAt();
        verdicts.count(scope.metrics().verification(), action);
        if (verdicts.allGenuine() || action == Verification.OBSERVE) {
            return true;
        }
        if (action == Verification.STRIP && ofAll == Unverified.OLD_FORMAT) {
            return true; // it has no headers that anybody could trust
        }
        if (action == Verification.STRIP && ofAll == null) {
            strip();
            return true;
        }
        if (batches.start() == 0 || read.shared()) {
            throw refusal();
        }
        edit.endAt(batches.start());
        return false;
    }

    /** Gives why none of the batch's records could be looked at, or {@code null} when they were. */
    private @Nullable Unverified lookAt() {
        if (batches.isOld()) {
            verdicts.ofNone(Unverified.OLD_FORMAT);
            return Unverified.OLD_FORMAT;
        }
        verdicts.begin(batches.hasAppendTime());
        try (BatchBody body = BatchBody.open(batches.batch(), scope.allocator(), scope.limits())) {
            reader.read(body, verdicts);
            return null;
        } catch (InvalidBatchException e) {
            verdicts.ofNone(Unverified.UNREADABLE);
            return Unverified.UNREADABLE;
        }
    }

    private void strip() {
        ByteBuf patched = new BatchPatcher(scope.allocator(), scope.limits())
                .patch(batches.batch(), new UnverifiedPatch(verdicts.words()));
        try {
            edit.replace(batches.start(), batches.end(), patched.nioBuffer());
        } finally {
            patched.release();
        }
    }

    private ReadRefusedException refusal() {
        Unverified why = verdicts.first();
        String of = verdicts.firstOffsetDelta() < 0
                ? ""
                : ", record " + (batches.baseOffset() + verdicts.firstOffsetDelta());
        return new ReadRefusedException(
                why == Unverified.UNKNOWN_PLACE ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.CORRUPT_MESSAGE,
                new RefusedRead(
                        read.topic(),
                        read.partition(),
                        rule,
                        ReadRefusal.SIGNATURE,
                        "signature " + why.word(),
                        "its batch of offsets " + batches.baseOffset() + " to " + batches.lastOffset() + of));
    }
}
