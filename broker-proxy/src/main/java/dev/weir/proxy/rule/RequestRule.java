package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;

/** One thing that policy may want done with records before they are written. Stateless; any thread. */
interface RequestRule {

    /** Whether the policy wants anything of this kind at all. Asked for each produce request. */
    boolean isUsed(PolicySnapshot policy);

    /**
     * Whether records for a topic have to come by here. Asked for each topic of a produce request, on the event loop: it
     * allocates nothing.
     */
    boolean concerns(PolicySnapshot policy, String topic);

    /** Whether {@link PassingRecords} can see that there is nothing to do for records of the topic. Asked as {@link #concerns}. */
    default boolean looksInPassing(PolicySnapshot policy, String topic) {
        return false;
    }

    /** With how many bytes of records for the topic an event loop is done in about a millisecond; 0 for none. */
    int loopBytesMax(PolicySnapshot policy, String topic);

    /**
     * Does it, to one partition's records.
     *
     * @throws dev.weir.proxy.batch.InvalidBatchException when the records cannot go on; their partition is answered with
     *     the error, and the rest of the request goes on
     */
    void apply(RuledBatch batch);
}
