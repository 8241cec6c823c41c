package dev.weir.proxy.rule;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.RecordSigner;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** Tells in the headers of each record who wrote it, where an {@code IdentityPropagation} says so. */
final class IdentityRule implements RequestRule {
    private static final int LOOP_BYTES_MAX = 1 << 20;

    private final SigningKeys keys;

    /** Without a key, what policy wants signed is refused. */
    IdentityRule(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public boolean isUsed(PolicySnapshot policy) {
        return !policy.propagation().isEmpty();
    }

    @Override
    public boolean concerns(PolicySnapshot policy, String topic) {
        return policy.propagation().find(topic) != null;
    }

    @Override
    public int loopBytesMax(PolicySnapshot policy, String topic) {
        Propagation propagation = policy.propagation().find(topic);
        if (propagation == null) {
            return Integer.MAX_VALUE;
        }
        return propagation.signature() ? 0 : LOOP_BYTES_MAX;
    }

    @Override
    public void apply(RuledBatch batch) {
        RecordWrite write = batch.write();
        RuleScope scope = batch.scope();
        Propagation propagation = write.writer().policy().propagation().find(write.topic());
        if (propagation == null || batch.isEmptied()) {
            return;
        }
        BatchPatcher patcher = new BatchPatcher(scope.allocator(), scope.limits());
        boolean dryRun = !propagation.enforced();
        try {
            HeaderPatch patch = HeaderPatch.of(
                    propagation.principal() ? write.writer().name() : null,
                    propagation.traceparent(),
                    propagation.signature() ? recordSigner(write, scope) : null,
                    batch.marks());
            if (dryRun) {
                patcher.inspect(batch.body(), patch);
            } else {
                batch.patched(patcher.patch(batch.body(), patch));
            }
        } catch (InvalidBatchException e) {
            scope.metrics().propagation().refused(e.error(), dryRun);
            if (dryRun) {
                return;
            }
            throw e;
        }
        scope.metrics()
                .propagation()
                .patched(write.writer().service(), dryRun, patcher.records(), patcher.headersRemoved());
    }

    /** What is to be signed and cannot be does not go on unsigned. */
    private RecordSigner recordSigner(RecordWrite write, RuleScope scope) {
        String clusterId = scope.clusterId().get();
        Uuid topicId = write.topicId();
        OriginSigner signer = keys.signer();
        if (signer == null) {
            throw new InvalidBatchException(
                    Errors.POLICY_VIOLATION,
                    "records of this topic are to be signed, and this proxy has no key; it wants signing in weir.yaml");
        }
        if (clusterId == null || topicId.equals(Uuid.ZERO_UUID)) {
            // a topic that is new: the producer asks again, and tries again
            throw new InvalidBatchException(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION, "the topic's id, which is to be signed, is not known yet");
        }
        UUID id = new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits());
        return new RecordSigner(
                signer, clusterId, id, write.partition(), write.writer().name());
    }
}
