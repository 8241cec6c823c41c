package dev.weir.proxy.report;

import dev.weir.proxy.wire.BatchReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.jspecify.annotations.Nullable;

/**
 * The produce requests of one connection, from the first byte of each to its answer. Event loop only. What they are kept
 * in is used again.
 */
final class ProduceReports {
    private static final int SPARE_REQUESTS_MAX = 8;
    private static final int SPARE_PARTITIONS_MAX = 256;

    private final TopicTable topics;
    private final ProduceRequestTap requests;
    private final ProduceResponseTap responses;
    private final Deque<ProduceSent> spare = new ArrayDeque<>(1);
    private @Nullable ProduceSent beginning;

    ProduceReports(ConnectionReports connection, TopicTable topics, RequestSpans spans) {
        this.topics = topics;
        this.requests = new ProduceRequestTap(
                topics, new BatchReader(), connection.loop().capture());
        this.responses = new ProduceResponseTap(topics, this, spans);
    }

    /** A request begins; who is told of it as it walks by is given. */
    Tap begin() {
        ProduceSent request = beginning;
        if (request == null) {
            request = spare.poll();
        }
        if (request == null) {
            request = new ProduceSent();
        }
        beginning = request;
        request.begin();
        requests.begin(request);
        return requests;
    }

    /** The topics of the request that begins have other names to brokers. */
    void as(UnaryOperator<String> names) {
        ProduceSent request = beginning;
        if (request != null) {
            request.as(names);
        }
    }

    /** Of a topic of the request that goes upstream next, the name that brokers know. */
    String toBroker(String topic) {
        return beginning == null ? topic : beginning.toBroker(topic);
    }

    /** Of the request that goes upstream next, some records do not. */
    void takenOut(List<TakenOut> partitions) {
        ProduceSent request = beginning;
        if (request == null) {
            return;
        }
        for (TakenOut takenOut : partitions) {
            for (int i = 0; i < request.size(); i++) {
                ProducedPartition produced = request.get(i);
                if (produced.partition == takenOut.partition()
                        && takenOut.isOf(nameKey(produced), idKey(produced))
                        && produced.takenOut == null) {
                    produced.takeOut(takenOut);
                    break;
                }
            }
        }
    }

    /**
     * The request goes upstream.
     *
     * @param rewritten as it goes, or {@code null} when it goes as it came
     * @param answered whether there will be a response
     */
    @Nullable
    Sent sent(@Nullable ProduceRequestData rewritten, boolean answered) {
        ProduceSent request = beginning;
        beginning = null;
        if (request == null) {
            return null;
        }
        request.sentNanos = System.nanoTime();
        request.sentMillis = System.currentTimeMillis();
        for (int i = 0; i < request.size(); i++) {
            ProducedPartition produced = request.get(i);
            Uuid id = produced.topicId;
            if (rewritten != null && rewritten.topicData().find(nameKey(produced), idKey(produced)) == null) {
                continue; // refused here: it did not go
            }
            TopicCells cells = produced.topic != null ? topics.of(produced.topic) : id != null ? topics.of(id) : null;
            if (cells == null) {
                continue;
            }
            FlowCell flow = cells.produced();
            if (answered) {
                produced.flow = flow;
                produced.cell = cells.partition(produced.partition);
                produced.cell.sent(produced);
            } else {
                flow.add(produced.records, produced.bytes, produced.batches);
                flow.unacknowledged(produced.records);
            }
        }
        if (!answered) {
            done(request);
            return null;
        }
        return request;
    }

    private static String nameKey(ProducedPartition produced) {
        return produced.topicId != null || produced.topic == null ? "" : produced.topic;
    }

    private static Uuid idKey(ProducedPartition produced) {
        return produced.topicId == null ? Uuid.ZERO_UUID : produced.topicId;
    }

    /** The first byte of the response is there. */
    void responseBegins(ProduceSent request) {
        long micros = (System.nanoTime() - request.sentNanos) / 1_000;
        FlowCell last = null;
        for (int i = 0; i < request.size(); i++) {
            FlowCell flow = request.get(i).flow;
            if (flow != null && flow != last) { // once per request and topic
                flow.latency(micros);
                last = flow;
            }
        }
    }

    Tap responseTap(ProduceSent request) {
        responses.begin(request);
        return responses;
    }

    /** A request is answered, or never will be. */
    void done(ProduceSent request) {
        for (int i = 0; i < request.size(); i++) {
            ProducedPartition produced = request.get(i);
            if (produced.cell != null) {
                produced.cell.answered(request);
                produced.cell = null;
            }
        }
        if (spare.size() < SPARE_REQUESTS_MAX && request.size() <= SPARE_PARTITIONS_MAX) {
            spare.add(request);
        }
    }
}
