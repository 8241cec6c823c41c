package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/**
 * FindCoordinator: names a group or a transactional id, depending on the key type; from v4 many of them. Needs Describe
 * on each. Up to v3 the error is the response's own; from v4 each refused key has its own, in the order of the request.
 *
 * <p>Share coordinators (key type 2) are asked for by brokers only and refused whatever policy says, with the errors that
 * Kafka has for a client. A key type that nobody knows yet is refused like Kafka does, because its keys cannot be
 * decided.
 */
public final class FindCoordinatorAuthorizer implements ApiAuthorizer<FindCoordinatorRequestData> {
    private static final short BATCH_VERSION_MIN = 4;
    private static final short SHARE_VERSION_MIN = 6;

    /** What the keys of one request are, and how it looks when one is refused. */
    private enum Keys {
        GROUPS(ResourceType.GROUP, Errors.GROUP_AUTHORIZATION_FAILED),
        TRANSACTIONAL_IDS(ResourceType.TRANSACTIONAL_ID, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);

        private final ResourceType type;
        private final Errors error;

        Keys(ResourceType type, Errors error) {
            this.type = type;
            this.error = error;
        }

        boolean allows(String key, RequestContext context) {
            return context.allows(type, key, Operation.DESCRIBE);
        }
    }

    @Override
    public Outcome decide(FindCoordinatorRequestData request, RequestContext context) {
        byte type = request.keyType();
        if (type == CoordinatorType.GROUP.id()) {
            return decide(request, Keys.GROUPS, context);
        }
        if (type == CoordinatorType.TRANSACTION.id()) {
            return decide(request, Keys.TRANSACTIONAL_IDS, context);
        }
        boolean share = type == CoordinatorType.SHARE.id();
        if (share && context.apiVersion() < SHARE_VERSION_MIN && context.apiVersion() >= BATCH_VERSION_MIN) {
            List<Coordinator> refused = new ArrayList<>();
            request.coordinatorKeys().forEach(key -> refused.add(refuse(key, Errors.INVALID_REQUEST)));
            return new Outcome.Answer(new FindCoordinatorResponseData().setCoordinators(refused));
        }
        Errors error = share && context.apiVersion() >= SHARE_VERSION_MIN
                ? Errors.CLUSTER_AUTHORIZATION_FAILED
                : Errors.INVALID_REQUEST;
        return refuseAll(request, error, context);
    }

    private static Outcome decide(FindCoordinatorRequestData request, Keys keys, RequestContext context) {
        if (context.apiVersion() < BATCH_VERSION_MIN) {
            return keys.allows(request.key(), context) ? Outcome.FORWARD : refuseAll(request, keys.error, context);
        }
        List<String> allowed = new ArrayList<>();
        SortedMap<Integer, Coordinator> refused = new TreeMap<>();
        for (String key : request.coordinatorKeys()) {
            if (keys.allows(key, context)) {
                allowed.add(key);
            } else {
                refused.put(allowed.size() + refused.size(), refuse(key, keys.error));
            }
        }
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (allowed.isEmpty()) {
            return new Outcome.Answer(
                    new FindCoordinatorResponseData().setCoordinators(new ArrayList<>(refused.values())));
        }
        ResponseEdit<FindCoordinatorResponseData> edit =
                (response, now) -> response.setCoordinators(Split.interleave(response.coordinators(), refused));
        return new Outcome.Rewrite(request.setCoordinatorKeys(allowed), edit);
    }

    private static Outcome refuseAll(FindCoordinatorRequestData request, Errors error, RequestContext context) {
        FindCoordinatorResponse response = context.apiVersion() < BATCH_VERSION_MIN
                ? FindCoordinatorResponse.prepareOldResponse(error, Node.noNode())
                : FindCoordinatorResponse.prepareErrorResponse(error, request.coordinatorKeys());
        return new Outcome.Answer(response.data());
    }

    private static Coordinator refuse(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setNodeId(Node.noNode().id())
                .setHost(Node.noNode().host())
                .setPort(Node.noNode().port());
    }
}
