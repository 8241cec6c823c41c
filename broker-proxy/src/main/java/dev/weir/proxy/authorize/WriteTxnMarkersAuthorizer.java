package dev.weir.proxy.authorize;

import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * WriteTxnMarkers: how a transaction coordinator commits or aborts in the logs of other brokers. Never through a
 * listener, whatever policy says; every partition carries {@code CLUSTER_AUTHORIZATION_FAILED}. (Kafka also takes it from
 * an administrator who aborts a hanging transaction, KIP-664: that is done at the brokers.)
 */
public final class WriteTxnMarkersAuthorizer implements ApiAuthorizer<WriteTxnMarkersRequestData> {

    @Override
    public Outcome decide(WriteTxnMarkersRequestData request, RequestContext context) {
        WriteTxnMarkersResponseData response = new WriteTxnMarkersResponseData();
        for (WritableTxnMarker marker : request.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            marker.topics().forEach(topic -> result.topics().add(refuse(topic)));
            response.markers().add(result);
        }
        return new Outcome.Answer(response);
    }

    private static WritableTxnMarkerTopicResult refuse(WritableTxnMarkerTopic topic) {
        WritableTxnMarkerTopicResult result = new WritableTxnMarkerTopicResult().setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
            result.partitions()
                    .add(new WritableTxnMarkerPartitionResult()
                            .setPartitionIndex(partition)
                            .setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        return result;
    }
}
