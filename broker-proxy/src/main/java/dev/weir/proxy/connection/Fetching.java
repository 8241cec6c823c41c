package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.FetchedTopics;
import dev.weir.proxy.authorize.RequestContext;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a fetch until its response comes.
 *
 * @param topics whose records the response may bring; the same set for all fetches of a session, in which it grows
 * @param waitMillisMax for how long the client lets a broker wait for records
 * @param readsCommitted whether it asks for committed records alone
 */
record Fetching(Set<String> topics, int waitMillisMax, boolean readsCommitted) {

    /** Of a request that has been decided; {@code null} when it is no fetch. */
    static @Nullable Fetching of(@Nullable ApiMessage request, @Nullable RequestContext context) {
        Set<String> topics = request == null || context == null ? null : FetchedTopics.of(request, context);
        return topics == null ? null : new Fetching(topics, waitMillisMax(request), readsCommitted(request));
    }

    private static boolean readsCommitted(@Nullable ApiMessage request) {
        return request instanceof FetchRequestData fetch
                && fetch.isolationLevel() == IsolationLevel.READ_COMMITTED.id();
    }

    private static int waitMillisMax(@Nullable ApiMessage request) {
        if (request instanceof FetchRequestData fetch) {
            return fetch.maxWaitMs();
        }
        return request instanceof ShareFetchRequestData share ? share.maxWaitMs() : 0;
    }
}
