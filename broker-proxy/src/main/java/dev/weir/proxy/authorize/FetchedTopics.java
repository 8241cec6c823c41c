package dev.weir.proxy.authorize;

import java.util.Set;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** Of which topics the response to a fetch may bring records: a session's request names only what has changed. */
public final class FetchedTopics {
    private FetchedTopics() {}

    /**
     * Asked when the request has been decided.
     *
     * @return names, perhaps some that are fetched no longer; the set grows with the session; {@code null} where the request is no
     *     fetch
     */
    public static @Nullable Set<String> of(ApiMessage request, RequestContext context) {
        if (request instanceof FetchRequestData) {
            return context.connectionState(FetchSession.class, FetchSession::new)
                    .topics()
                    .allowed();
        }
        if (request instanceof ShareFetchRequestData share && share.groupId() != null && share.memberId() != null) {
            SessionTopics<?> topics = context.connectionState(ShareSessions.class, ShareSessions::new)
                    .find(new ShareSessions.Key(share.groupId(), share.memberId()));
            return topics == null ? Set.of() : topics.allowed(); // the last request of a session brings no records
        }
        return null;
    }
}
