package dev.weir.proxy.trace;

import java.nio.ByteBuffer;

/**
 * One produce or fetch that was chosen.
 *
 * @param produced or else fetched
 * @param topic and partition that the batch is of
 * @param batch the beginning of one record batch, from its base offset on
 * @param startEpochNanos when the request was whole (produce) or the response began (fetch)
 * @param errorCode Kafka's, for the partition; 0 for none
 * @param offset of the first record; -1 when it is not known
 * @param records in the batch
 */
public record TracedRequest(
        boolean produced,
        String listener,
        String service,
        String clientId,
        String group,
        String topic,
        int partition,
        ByteBuffer batch,
        long startEpochNanos,
        long endEpochNanos,
        int errorCode,
        long offset,
        int records) {}
