package dev.weir.proxy.deadletter;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of one batch that are to be kept, all in one topic. Stored once, or given back by
 * {@link DeadLetterStore#release}.
 *
 * @param reservedBytes what was reserved for them
 */
public record DeadLetters(String topic, List<ProducerRecord<byte[], byte[]>> records, long reservedBytes) {
    public DeadLetters {
        records = List.copyOf(records);
    }
}
