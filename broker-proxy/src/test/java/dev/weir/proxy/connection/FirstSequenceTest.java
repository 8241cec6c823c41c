package dev.weir.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class FirstSequenceTest {
    private static final SimpleRecord RECORD = new SimpleRecord("v".getBytes(StandardCharsets.UTF_8));

    private static boolean isIn(MemoryRecords records) {
        TopicProduceData topic = new TopicProduceData()
                .setName("orders")
                .setPartitionData(List.of(
                        new PartitionProduceData().setIndex(0),
                        new PartitionProduceData().setIndex(1).setRecords(records)));
        ProduceRequestData request = new ProduceRequestData();
        request.topicData().add(topic);
        return FirstSequence.isIn(request);
    }

    @Test
    void theFirstBatchOfAnIdempotentProducerIsFound() {
        assertThat(isIn(MemoryRecords.withIdempotentRecords(Compression.NONE, 7, (short) 0, 0, RECORD)))
                .isTrue();
    }

    @Test
    void othersAreNot() {
        assertThat(isIn(MemoryRecords.withIdempotentRecords(Compression.NONE, 7, (short) 0, 1, RECORD)))
                .isFalse();
        assertThat(isIn(MemoryRecords.withTransactionalRecords(Compression.NONE, 7, (short) 0, 0, RECORD)))
                .isFalse();
        assertThat(isIn(MemoryRecords.withRecords(Compression.NONE, RECORD))).isFalse();
    }
}
