package dev.weir.proxy.canary.shadow;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.ShadowLimits;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request of a shadow. Policy decides the names that the client uses, and a shadow may do no more than {@link ShadowLimits} permit, so that each
 * API refuses the rest as it refuses what policy does not allow. A topic that it may write to has the id and the partitions of the one
 * that really gets it; the id of the topic of that name means nothing to it. What held when the request came holds for all of it. Event loop of the connection.
 */
public final class ShadowContext implements RequestContext {
    private final RequestContext client;
    private final ShadowLimits limits;

    /**
     * @param client the same request, as that of a client like any other
     */
    public ShadowContext(RequestContext client, ShadowLimits limits) {
        this.client = client;
        this.limits = limits;
    }

    /** What really goes up of a request that has been decided, and what then comes down of its answer. */
    public Outcome toBroker(ApiMessage request, Outcome decided) {
        return new ShadowRequest(limits).rename(request, decided);
    }

    @Override
    public boolean allows(ResourceType type, String name, Operation operation) {
        if (limits.permits(type, name, operation)) {
            return client.allows(type, name, operation);
        }
        client.denied(type, name, operation, new Decision(false, true, limits.rule()));
        return false;
    }

    @Override
    public boolean shows(ResourceType type, String name, Operation operation) {
        return limits.permits(type, name, operation) && client.shows(type, name, operation);
    }

    @Override
    public boolean allowsAny(ResourceType type, Operation operation) {
        return client.allowsAny(type, operation);
    }

    @Override
    public int authorizedOperations(ResourceType type, String name) {
        int bits = client.authorizedOperations(type, name);
        for (Operation operation : Operation.values()) {
            if (!limits.permits(type, name, operation)) {
                bits &= ~operation.bit();
            }
        }
        return bits;
    }

    @Override
    public @Nullable String topicName(Uuid topicId) {
        String real = client.topicName(topicId);
        if (real == null || limits.redirected().contains(real)) {
            return null; // an id that this client was never told, or before it was a shadow
        }
        String own = limits.ofBroker(real);
        return own == null ? real : own;
    }

    @Override
    public @Nullable Uuid topicId(String topicName) {
        return client.topicId(limits.toBroker(topicName));
    }

    @Override
    public int partitionCount(String topicName) {
        return client.partitionCount(limits.toBroker(topicName));
    }

    /** Nothing is made for a shadow. */
    @Override
    public boolean autoCreatesTopics() {
        return false;
    }

    @Override
    public short apiVersion() {
        return client.apiVersion();
    }

    @Override
    public String clientId() {
        return client.clientId();
    }

    @Override
    public String clientHost() {
        return client.clientHost();
    }

    @Override
    public void topicMissed() {
        client.topicMissed();
    }

    @Override
    public Collection<String> topicNames() {
        return client.topicNames();
    }

    /** So that it is given no delegation token either: with that somebody would be a client like any other, past Weir. */
    @Override
    public boolean sharedUpstreamCredentials() {
        return true;
    }

    @Override
    public Object policyToken() {
        return client.policyToken();
    }

    @Override
    public String service() {
        return client.service();
    }

    @Override
    public Canaries canaries() {
        return client.canaries();
    }

    @Override
    public void denied(ResourceType type, String name, Operation operation, Decision decision) {
        client.denied(type, name, operation, decision);
    }

    @Override
    public void warn(String kind, String reason, String message) {
        client.warn(kind, reason, message);
    }

    @Override
    public <T> T connectionState(Class<T> type, Supplier<T> initial) {
        return client.connectionState(type, initial);
    }
}
