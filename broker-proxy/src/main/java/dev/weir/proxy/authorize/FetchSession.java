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
    private int generation;

    int sessionId() {
        return sessionId;
    }

    /** A session is asked for, or none: the one before it goes on no more, whatever is still on its way. */
    void beginAnew() {
        sessionId = NONE;
        generation++;
    }

    /** Tells the fetches of one session from those of the next. */
    int generation() {
        return generation;
    }

    /** What the broker answered in, to a fetch of the generation. */
    void answeredIn(int id, int ofGeneration) {
        if (ofGeneration == generation) {
            sessionId = id;
        }
    }

    SessionTopics<PartitionData> topics() {
        return topics;
    }
}
