package dev.weir.proxy.connection;

import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Finds the first batch that an idempotent producer writes to a partition. Brokers that know nothing of a producer take whatever
 * sequence comes first from it (KAFKA-14359): if its first batch fails and the next one, on its way already, does not, the first
 * one is out of order for ever. Transactions end in an abort then, which loses nothing.
 */
final class FirstSequence {
    private FirstSequence() {}

    /** Whether there is such a batch in a request. */
    static boolean isIn(ProduceRequestData request) {
        return request.topicData().stream()
                .flatMap(topic -> topic.partitionData().stream())
                .anyMatch(FirstSequence::isIn);
    }

    private static boolean isIn(PartitionProduceData partition) {
        if (partition.records() instanceof MemoryRecords records) {
            for (MutableRecordBatch batch : records.batches()) {
                if (batch.magic() >= RecordBatch.MAGIC_VALUE_V2
                        && batch.hasProducerId()
                        && !batch.isTransactional()
                        && batch.baseSequence() == 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
