package dev.weir.proxy.rule;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.PolicySnapshot;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One thing that policy may want done with records before they are read. Stateless; any thread. */
interface FetchRule {

    /** Whether anything of this kind is wanted at all. Asked for each fetch. */
    boolean isUsed(PolicySnapshot policy, Canaries canaries);

    /**
     * Whether records of a topic have to come by here. Asked on the event loop, for each topic of a fetch session whenever policy
     * or session change: it allocates nothing.
     */
    boolean concerns(RecordRead.Reader reader, String topic);

    /** With how many bytes of records of the topic an event loop is done in about a millisecond; 0 for none. */
    int loopBytesMax(RecordRead.Reader reader, String topic);

    /**
     * Does it, to one partition's records, or leaves them where it does not concern them. They are as {@link dev.weir.proxy.batch.FetchedBatches} shows them: several batches, of
     * any format, markers of transactions among them, the last one perhaps only begun.
     *
     * @param records the records field, as the broker sent it or as the rule before left it; its bytes stay as they are
     * @return the records field to send, a buffer of the caller's; {@code null} for the one that was given
     * @throws ReadRefusedException when policy does not let the records go on: their partition is answered with the error, and the
     *     rest of the response goes on
     * @throws dev.weir.proxy.batch.InvalidBatchException the same, when they cannot go on for what they are
     */
    @Nullable
    ByteBuf apply(RecordRead read, ByteBuffer records, FetchScope scope);
}
