package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Direction;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** One topic, as one connection sees it. Event loop only. */
final class TopicCells {
    private final ConnectionReports connection;
    private final String topic;
    private final IntObjectMap<PartitionCell> partitions = new IntObjectHashMap<>(4);
    private @Nullable FlowCell produced;
    private @Nullable FlowCell consumed;
    private @Nullable ReportedClient client;
    private boolean readRefused;

    TopicCells(ConnectionReports connection, String topic) {
        this.connection = connection;
        this.topic = topic;
    }

    String topic() {
        return topic;
    }

    FlowCell produced() {
        followClient();
        FlowCell cell = produced;
        if (cell == null) {
            cell = new FlowCell(connection.loop(), connection.client(), Direction.PRODUCE, topic);
            produced = cell;
        }
        return cell;
    }

    FlowCell consumed() {
        followClient();
        FlowCell cell = consumed;
        if (cell == null) {
            cell = new FlowCell(connection.loop(), connection.client(), Direction.CONSUME, topic);
            consumed = cell;
        }
        return cell;
    }

    /** Policy let a fetch of the topic pass. */
    void mayRead() {
        readRefused = false;
    }

    /** Policy did not: whatever refusal the client is told of for it is counted as denied, and not as an error. */
    void readRefused() {
        readRefused = true;
    }

    /** A partition was answered with an error. */
    void readError(int code) {
        if (!readRefused || code != Errors.TOPIC_AUTHORIZATION_FAILED.code()) {
            consumed().error(code);
        }
    }

    /** A flow is of one client; on a connection it changes with the client id, and with policy. */
    @SuppressWarnings("ReferenceEquality") // each client is made once, when something of it changes
    private void followClient() {
        if (client != connection.client()) {
            client = connection.client();
            produced = null;
            consumed = null;
        }
    }

    PartitionCell partition(int index) {
        PartitionCell cell = partitions.get(index);
        if (cell == null) {
            cell = new PartitionCell(connection, topic, index);
            partitions.put(index, cell);
        }
        return cell;
    }

    void notFetching(int index) {
        PartitionCell cell = partitions.get(index);
        if (cell != null) {
            cell.notFetching();
        }
    }

    void notFetching() {
        partitions.values().forEach(PartitionCell::notFetching);
    }
}
