package dev.weir.proxy.report;

import dev.weir.proxy.wire.BatchReader;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchRequestData;

/**
 * Share groups (KIP-932) as one connection speaks for them: what their members acquire, and what they acknowledge, with
 * a fetch or by itself. Event loop only.
 */
final class ShareReports {
    private final ConnectionReports connection;
    private final TopicTable topics;
    private final ShareFetchResponseTap responses;

    ShareReports(ConnectionReports connection, TopicTable topics) {
        this.connection = connection;
        this.topics = topics;
        this.responses = new ShareFetchResponseTap(this, topics, new BatchReader());
    }

    /** A share fetch goes upstream, as it is here. */
    Sent sent(ShareFetchRequestData request) {
        Acknowledgements acknowledged =
                new Acknowledgements(connection.client(), request.groupId(), request.memberId());
        for (ShareFetchRequestData.FetchTopic topic : request.topics()) {
            TopicCells cells = topics.of(topic.topicId());
            if (cells != null) {
                cells.mayRead();
                topic.partitions()
                        .forEach(partition -> partition
                                .acknowledgementBatches()
                                .forEach(batch -> acknowledged.add(
                                        cells.topic(),
                                        partition.partitionIndex(),
                                        batch.firstOffset(),
                                        batch.lastOffset(),
                                        batch.acknowledgeTypes())));
            }
        }
        return new ShareFetchSent(acknowledged);
    }

    Tap responseTap(ShareFetchSent sent) {
        responses.begin(sent.acknowledged());
        return responses;
    }

    /** A member acknowledged by itself, and the broker has answered. */
    void acknowledged(
            ReportedClient client, ShareAcknowledgeRequestData request, ShareAcknowledgeResponseData response) {
        if (response.errorCode() != 0) {
            return;
        }
        Acknowledgements acknowledged = new Acknowledgements(client, request.groupId(), request.memberId());
        for (ShareAcknowledgeRequestData.AcknowledgeTopic topic : request.topics()) {
            String name = topics.name(topic.topicId());
            if (name != null) {
                topic.partitions()
                        .forEach(partition -> partition
                                .acknowledgementBatches()
                                .forEach(batch -> acknowledged.add(
                                        name,
                                        partition.partitionIndex(),
                                        batch.firstOffset(),
                                        batch.lastOffset(),
                                        batch.acknowledgeTypes())));
            }
        }
        for (ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse topic : response.responses()) {
            String name = topics.name(topic.topicId());
            if (name != null) {
                topic.partitions().stream()
                        .filter(partition -> partition.errorCode() != 0)
                        .forEach(partition -> acknowledged.refuse(name, partition.partitionIndex()));
            }
        }
        taken(acknowledged);
    }

    /** The broker took what is left here. */
    void taken(Acknowledgements acknowledged) {
        acknowledged.tell(connection.loop().events(), System.currentTimeMillis());
    }
}
