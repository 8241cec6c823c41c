package dev.weir.proxy.authorize;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;

/** The share sessions that were opened on one connection (KIP-932), by group and member. */
final class ShareSessions {
    /** A consumer has one; a client that opens more than this on one connection begins anew each time. */
    private static final int SESSIONS_MAX = 100;

    record Key(String group, String member) {}

    private final Map<Key, SessionTopics<PartitionData>> sessions = new HashMap<>(2);

    SessionTopics<PartitionData> open(Key key, Object policyToken) {
        if (sessions.size() >= SESSIONS_MAX) {
            sessions.clear();
        }
        SessionTopics<PartitionData> topics = new SessionTopics<>();
        topics.begin(policyToken);
        sessions.put(key, topics);
        return topics;
    }

    @Nullable
    SessionTopics<PartitionData> find(Key key) {
        return sessions.get(key);
    }

    void close(Key key) {
        sessions.remove(key);
    }
}
