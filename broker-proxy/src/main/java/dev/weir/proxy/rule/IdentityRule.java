package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.InvalidBatchException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Tells in the headers of each record who wrote it, where an {@code IdentityPropagation} says so. */
final class IdentityRule implements RequestRule {

    @Override
    public boolean isUsed(PolicySnapshot policy) {
        return !policy.propagation().isEmpty();
    }

    @Override
    public boolean concerns(PolicySnapshot policy, String topic) {
        return policy.propagation().find(topic) != null;
    }

    @Override
    public @Nullable ByteBuf apply(RecordWrite write, ByteBuffer records, RuleScope scope) {
        Propagation propagation = write.writer().policy().propagation().find(write.topic());
        if (propagation == null) {
            return null;
        }
        HeaderPatch patch =
                new HeaderPatch(propagation.principal() ? write.writer().name() : null, propagation.traceparent());
        BatchPatcher patcher = new BatchPatcher(scope.allocator(), scope.limits());
        boolean dryRun = !propagation.enforced();
        ByteBuf patched = null;
        try {
            if (dryRun) {
                patcher.inspect(records, patch);
            } else {
                patched = patcher.patch(records, patch);
            }
        } catch (InvalidBatchException e) {
            scope.metrics().propagation().refused(e.error(), dryRun);
            if (dryRun) {
                return null;
            }
            throw e;
        }
        scope.metrics()
                .propagation()
                .patched(write.writer().service(), dryRun, patcher.records(), patcher.headersRemoved());
        return patched;
    }
}
