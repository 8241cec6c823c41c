package dev.weir.proxy.rule;

import dev.weir.proxy.authorize.RefusedPartitions;
import dev.weir.proxy.report.TakenOut;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * What the rules add to the answer of a produce request: partitions that were refused, and those of which records were kept
 * elsewhere. A partition of the latter kind has no base offset: the offsets that a client would count from it would be those of
 * other records.
 */
final class RuledAnswer {
    private final RefusedPartitions refused = new RefusedPartitions();
    private final RefusedPartitions accepted = new RefusedPartitions();
    private final List<TakenOut> shortened = new ArrayList<>(0);
    private final List<TakenOut> all = new ArrayList<>(0);

    /** Sorts a partition in; {@code true} when nothing of it goes to the broker. */
    boolean add(RuledPart part) {
        var refusal = part.refusal();
        TakenOut takenOut = part.takenOut();
        if (refusal != null) {
            refused.add(
                    part.topic(),
                    part.partition(),
                    new ApiError(refusal.error(), refusal.getMessage()),
                    refusal.records());
            return true;
        }
        if (takenOut == null) {
            return false;
        }
        all.add(takenOut);
        if (takenOut.recordsLeft() > 0) {
            shortened.add(takenOut);
            return false;
        }
        accepted.add(part.topic(), part.partition(), ApiError.NONE);
        return true;
    }

    RefusedPartitions refused() {
        return refused;
    }

    boolean isEmpty() {
        return refused.isEmpty() && all.isEmpty();
    }

    /** Of which records were kept elsewhere. */
    List<TakenOut> takenOut() {
        return all;
    }

    /** @param response what the rest of the request got */
    ProduceResponseData addTo(ProduceResponseData response) {
        for (TakenOut one : shortened) {
            for (TopicProduceResponse topic : response.responses()) {
                if (one.isOf(topic.name(), topic.topicId())) {
                    topic.partitionResponses().stream()
                            .filter(partition -> partition.index() == one.partition())
                            .forEach(partition -> hide(partition, one));
                }
            }
        }
        return refused.mergeInto(accepted.mergeInto(response));
    }

    private static void hide(PartitionProduceResponse partition, TakenOut takenOut) {
        if (partition.errorCode() == Errors.NONE.code()) {
            takenOut.appendedAt(partition.baseOffset());
            partition.setBaseOffset(ProduceResponse.INVALID_OFFSET);
        }
    }
}
