package dev.weir.proxy.authorize;

import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/**
 * The fetch session of one connection (KIP-227). A broker binds a session neither to a connection nor to a principal,
 * so a session that was not opened here is not continued here.
 */
final class FetchSession {
    static final int NONE = 0;

    private final SessionTopics<PartitionData> topics = new SessionTopics<>();
    private int sessionId = NONE;

    int sessionId() {
        return sessionId;
    }

    /** What the broker answered in. */
    void answeredIn(int id) {
        sessionId = id;
    }

    SessionTopics<PartitionData> topics() {
        return topics;
    }
}
