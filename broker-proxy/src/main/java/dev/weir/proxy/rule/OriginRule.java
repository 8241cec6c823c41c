package dev.weir.proxy.rule;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.Verification;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Verifies who wrote fetched records by their signatures, where an {@code IdentityPropagation} says so. */
final class OriginRule implements FetchRule {
    private final SigningKeys keys;

    OriginRule(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public boolean isUsed(PolicySnapshot policy, Canaries canaries) {
        return !policy.propagation().isEmpty();
    }

    @Override
    public boolean concerns(RecordRead.Reader reader, String topic) {
        Propagation propagation = reader.policy().propagation().find(topic);
        return propagation != null && propagation.verify() != Verification.NONE;
    }

    @Override
    public int loopBytesMax(RecordRead.Reader reader, String topic) {
        return 0; // a signature takes some tenths of a millisecond
    }

    @Override
    public @Nullable ByteBuf apply(RecordRead read, ByteBuffer records, FetchScope scope) {
        Propagation propagation = read.reader().policy().propagation().find(read.topic());
        if (propagation == null || propagation.verify() == Verification.NONE) {
            return null;
        }
        Verification action = propagation.enforced() ? propagation.verify() : Verification.OBSERVE;
        return new OriginCheck(read, propagation.rule(), records, action, keys.verifier(), scope.rules()).run();
    }
}
