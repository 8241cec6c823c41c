package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;

/**
 * The answer to a request that is refused as a whole, as Kafka's own request classes shape it: each knows where its API
 * and version put an error. The request is encoded once for that, so this is for refusals only.
 */
public final class Refusal {
    private Refusal() {}

    static Outcome answer(ApiKeys api, ApiMessage request, short version, Errors error) {
        return answer(api, request, version, error.exception());
    }

    /** As Kafka answers when this is thrown; a message of it goes where the response has room for one. */
    public static Outcome answer(ApiKeys api, ApiMessage request, short version, Throwable cause) {
        if (request instanceof DescribeUserScramCredentialsRequestData describe && describe.users() == null) {
            // of all users: Kafka's own class cannot answer that one, and its brokers leave it unanswered
            describe.setUsers(List.of());
        }
        try {
            AbstractRequest parsed = AbstractRequest.parseRequest(
                            api, version, MessageUtil.toByteBufferAccessor(request, version))
                    .request;
            return new Outcome.Answer(parsed.getErrorResponse(cause).data());
        } catch (IllegalArgumentException | KafkaException e) {
            // Kafka closes on content that its request class does not take, before it asks who sent it
            return new Outcome.Close("malformed " + api.name + " request");
        }
    }

    /** What the controller throws for a request that needs an operation on the cluster. */
    static ClusterAuthorizationException clusterNeeds(ApiKeys api, Operation operation) {
        return new ClusterAuthorizationException("Request " + api.name + " needs " + operation + " permission.");
    }
}
