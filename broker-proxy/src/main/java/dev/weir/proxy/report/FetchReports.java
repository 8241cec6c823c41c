package dev.weir.proxy.report;

import dev.weir.proxy.wire.BatchReader;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;

/** The fetches of one connection: where its client reads, by partition, and what it is given. Event loop only. */
final class FetchReports {
    private final TopicTable topics;
    private final FetchResponseTap responses;

    FetchReports(ConnectionReports connection, TopicTable topics, RequestSpans spans) {
        this.topics = topics;
        this.responses = new FetchResponseTap(connection, new BatchReader(), spans);
    }

    /** A fetch goes upstream, as it is here. */
    Sent sent(FetchRequestData request) {
        long nowMillis = System.currentTimeMillis();
        if (request.sessionEpoch() <= 0) {
            topics.notFetching();
        }
        for (FetchRequestData.ForgottenTopic forgotten : request.forgottenTopicsData()) {
            TopicCells cells = topics.of(forgotten.topic(), forgotten.topicId());
            if (cells != null) {
                forgotten.partitions().forEach(cells::notFetching);
            }
        }
        for (FetchRequestData.FetchTopic topic : request.topics()) {
            TopicCells cells = topics.of(topic.topic(), topic.topicId());
            if (cells != null) {
                cells.mayRead();
                for (FetchRequestData.FetchPartition partition : topic.partitions()) {
                    cells.partition(partition.partition()).fetching(partition.fetchOffset(), nowMillis);
                }
            }
        }
        return FetchSent.INSTANCE;
    }

    Tap responseTap(List<SharedRecords> shared) {
        responses.begin(shared);
        return responses;
    }
}
