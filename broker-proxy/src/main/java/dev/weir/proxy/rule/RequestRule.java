package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One thing that policy may want done with records before they are written. Stateless; any thread. */
interface RequestRule {

    /** Whether the policy wants anything of this kind at all. Asked for each produce request. */
    boolean isUsed(PolicySnapshot policy);

    /**
     * Whether records for a topic have to come by here. Asked for each topic of a produce request, on the event loop: it
     * allocates nothing.
     */
    boolean concerns(PolicySnapshot policy, String topic);

    /** Whether it takes so long that an event loop has no time for it, however small the batch. */
    boolean isSlow(PolicySnapshot policy, String topic);

    /**
     * Does it, to one partition's records.
     *
     * @param records the records field, as the client sent it or as the rule before left it; its bytes stay as they are
     * @return the records field to send, a buffer of the caller's; {@code null} for the one that was given
     * @throws dev.weir.proxy.batch.InvalidBatchException when the records cannot go on; their partition is answered with
     *     the error, and the rest of the request goes on
     */
    @Nullable
    ByteBuf apply(RecordWrite write, ByteBuffer records, RuleScope scope);
}
