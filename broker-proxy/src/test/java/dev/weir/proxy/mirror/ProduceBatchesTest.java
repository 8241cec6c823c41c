package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Mirroring.Selection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ProduceBatchesTest {
    private final Copies copies = new Copies();
    private final TargetTopic topic = new TargetTopic("copy", System::nanoTime);

    private static ProduceResponseData answer(Errors error) {
        TopicProduceResponse answered = new TopicProduceResponse()
                .setName("copy")
                .setPartitionResponses(
                        List.of(new PartitionProduceResponse().setIndex(0).setErrorCode(error.code())));
        ProduceResponseData response = new ProduceResponseData();
        response.responses().add(answered);
        return response;
    }

    @Test
    void whereTheTopicIsDeniedWhatWasOnItsWayIsEnoughToCopyNothingMore() {
        topic.learn(new MetadataResponseTopic()
                .setPartitions(List.of(
                        new MetadataResponsePartition().setPartitionIndex(0).setLeaderId(1))));
        MirrorBatch only = copies.one(new Selection.All());
        ProduceBatches request = ProduceBatches.of(new HashSet<>(Set.of(topic.add(only))));
        request.answered(answer(Errors.TOPIC_AUTHORIZATION_FAILED), 10);
        assertThat(only.lane().refusal()).contains("may not write to topic copy");
        assertThat(copies.account.ledger().failed().records()).isEqualTo(1);
        assertThat(topic.queues().get(0).batches().isIdle()).isTrue();
        assertThat(copies.memory.reservedBytes()).isZero();
    }
}
