package dev.weir.bench.micro;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authorize.RequestContext;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A request decided by real policy, without a connection around it. */
record PolicyContext(Authorizer authorizer, short apiVersion) implements RequestContext {

    @Override
    public String clientId() {
        return "checkout-1";
    }

    @Override
    public String clientHost() {
        return "/127.0.0.1";
    }

    @Override
    public boolean allows(ResourceType type, String name, Operation operation) {
        return shows(type, name, operation);
    }

    @Override
    public boolean shows(ResourceType type, String name, Operation operation) {
        return authorizer.decide(type, name, operation).passes();
    }

    @Override
    public boolean allowsAny(ResourceType type, Operation operation) {
        return authorizer.decideAny(type, operation).passes();
    }

    @Override
    public int authorizedOperations(ResourceType type, String name) {
        return 0;
    }

    @Override
    public @Nullable String topicName(Uuid topicId) {
        return null;
    }

    @Override
    public @Nullable Uuid topicId(String topicName) {
        return null;
    }

    @Override
    public void topicMissed() {
        // it knows none
    }

    @Override
    public int partitionCount(String topicName) {
        return 0;
    }

    @Override
    public Collection<String> topicNames() {
        return List.of();
    }

    @Override
    public boolean sharedUpstreamCredentials() {
        return true;
    }

    @Override
    public <T> T connectionState(Class<T> type, Supplier<T> initial) {
        return initial.get();
    }
}
