package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The APIs that need one operation on the cluster, whatever they name. A refusal is {@code CLUSTER_AUTHORIZATION_FAILED}
 * where the API's own error response puts it. A right on the cluster is not one on Weir's own topics: a request that
 * names one is refused as a whole with {@code TOPIC_AUTHORIZATION_FAILED}, and listings leave them out.
 *
 * @param <Q> the generated class of the request's body
 */
final class ClusterAuthorizer<Q extends ApiMessage> implements ApiAuthorizer<Q> {
    private final ApiKeys api;
    private final Operation operation;
    private final boolean saysWhatIsNeeded;
    private final Function<Q, List<String>> topics;
    private final @Nullable ResponseEdit<?> edit;

    private ClusterAuthorizer(
            ApiKeys api,
            Operation operation,
            boolean saysWhatIsNeeded,
            Function<Q, List<String>> topics,
            @Nullable ResponseEdit<?> edit) {
        this.api = api;
        this.operation = operation;
        this.saysWhatIsNeeded = saysWhatIsNeeded;
        this.topics = topics;
        this.edit = edit;
    }

    /** An API whose refusal carries Kafka's standard message for the error code, if any. */
    static ClusterAuthorizer<ApiMessage> plain(ApiKeys api, Operation operation) {
        return new ClusterAuthorizer<>(api, operation, false, request -> List.of(), null);
    }

    /** An API whose refusal says which operation is missing, where its response has room for a message. */
    static ClusterAuthorizer<ApiMessage> explained(ApiKeys api, Operation operation) {
        return new ClusterAuthorizer<>(api, operation, true, request -> List.of(), null);
    }

    /** As this one, for requests that name topics. */
    <T extends ApiMessage> ClusterAuthorizer<T> naming(Function<T, List<String>> named) {
        return new ClusterAuthorizer<>(api, operation, saysWhatIsNeeded, named, edit);
    }

    /** As this one, for responses of which something is left out. */
    ClusterAuthorizer<Q> hiding(ResponseEdit<?> hidden) {
        return new ClusterAuthorizer<>(api, operation, saysWhatIsNeeded, topics, hidden);
    }

    @Override
    public Outcome decide(Q request, RequestContext context) {
        short version = context.apiVersion();
        if (!context.allowsCluster(operation)) {
            return saysWhatIsNeeded
                    ? Refusal.answer(api, request, version, Refusal.clusterNeeds(api, operation))
                    : Refusal.answer(api, request, version, Errors.CLUSTER_AUTHORIZATION_FAILED);
        }
        if (topics.apply(request).stream().anyMatch(ReservedNames::isReserved)) {
            return Refusal.answer(api, request, version, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        return edit == null ? Outcome.FORWARD : new Outcome.Forward(edit);
    }
}
