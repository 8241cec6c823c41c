package dev.weir.proxy.report;

import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** What one produce request holds for one partition. Belongs to its request, and is used again with it. */
final class ProducedPartition {
    final ProduceSent request;
    /** {@code null} while only an id is known that nobody has resolved. */
    @Nullable
    String topic;

    @Nullable
    Uuid topicId;

    int partition;
    long records;
    long bytes;
    long batches;
    boolean transactional;

    /** The beginning of its batch, when it was chosen for a span. */
    @Nullable
    ByteBuffer batch;

    /** What of it went elsewhere, or {@code null} for nothing. */
    @Nullable
    TakenOut takenOut;

    @Nullable
    FlowCell flow;

    @Nullable
    PartitionCell cell;

    /** The next request's, of the same partition. */
    @Nullable
    ProducedPartition next;

    ProducedPartition(ProduceSent request) {
        this.request = request;
    }

    void begin(@Nullable String name, @Nullable Uuid id, int index) {
        topic = name;
        topicId = id;
        partition = index;
        records = 0;
        bytes = 0;
        batches = 0;
        transactional = false;
        batch = null;
        takenOut = null;
        flow = null;
        cell = null;
        next = null;
    }

    /** Some of it goes elsewhere: what is counted is the rest. */
    void takeOut(TakenOut elsewhere) {
        takenOut = elsewhere;
        records = elsewhere.recordsLeft();
        bytes = elsewhere.bytesLeft();
        batches = records == 0 ? 0 : 1;
    }

    /** Where it was appended; the client may not have been told. */
    long appendedAt(long baseOffset) {
        return takenOut == null || baseOffset >= 0 ? baseOffset : takenOut.baseOffset();
    }
}
