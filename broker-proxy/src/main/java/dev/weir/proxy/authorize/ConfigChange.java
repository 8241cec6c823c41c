package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What AlterConfigs and IncrementalAlterConfigs share: AlterConfigs on each topic and group, and on the cluster for
 * brokers, their loggers and client metrics. The broker looks at the shape of a change before anyone looks at rights, so
 * a refused change that is also malformed is answered as malformed. Results have the order of the request.
 */
final class ConfigChange {

    /** One resource, by what identifies it in request and response. */
    record Resource(byte type, String name) {}

    /**
     * One resource's change.
     *
     * @param keys names of the configs, in order
     * @param withoutValue those of them that have no value and need one
     */
    record Change(Resource resource, List<String> keys, List<String> withoutValue) {}

    private final List<Resource> order = new ArrayList<>();
    private final Map<Resource, ApiError> refused = new LinkedHashMap<>();

    ConfigChange(List<Change> changes, boolean loggersToo, RequestContext context) {
        changes.forEach(change -> order.add(change.resource));
        Set<Resource> repeated = Repeated.in(order);
        for (Change change : changes) {
            ApiError refusal = repeated.contains(change.resource) ? null : refusal(change, loggersToo, context);
            if (refusal != null) {
                refused.put(change.resource, refusal);
            }
        }
    }

    private static @Nullable ApiError refusal(Change change, boolean loggersToo, RequestContext context) {
        Resource resource = change.resource;
        boolean ofLogger = resource.type == ConfigResource.Type.BROKER_LOGGER.id();
        if (!ConfigResources.isKnown(resource.type) || (ofLogger && !loggersToo)) {
            ApiError malformed = malformed(change);
            return malformed == null
                    ? new ApiError(Errors.INVALID_REQUEST, "Unknown resource type " + resource.type)
                    : malformed;
        }
        Errors error = ConfigResources.refusal(resource.type, resource.name, Operation.ALTER_CONFIGS, context);
        if (error == Errors.NONE) {
            return null;
        }
        ApiError malformed = malformed(change);
        if (malformed != null) {
            return malformed;
        }
        return ofLogger ? new ApiError(error, null) : new ApiError(error);
    }

    private static @Nullable ApiError malformed(Change change) {
        if (!Repeated.in(change.keys).isEmpty()) {
            return new ApiError(Errors.INVALID_REQUEST, "Error due to duplicate config keys");
        }
        return change.withoutValue.isEmpty()
                ? null
                : new ApiError(
                        Errors.INVALID_REQUEST,
                        "Null value not supported for : " + String.join(", ", change.withoutValue));
    }

    boolean refusesNothing() {
        return refused.isEmpty();
    }

    boolean passes(Resource resource) {
        return !refused.containsKey(resource);
    }

    /** The broker's results and the refusals, in the order of the request. */
    <R> List<R> merged(List<R> answered, Function<R, Resource> resourceOf, BiFunction<Resource, ApiError, R> resultOf) {
        Map<Resource, R> byResource = new LinkedHashMap<>();
        answered.forEach(result -> byResource.put(resourceOf.apply(result), result));
        List<R> merged = new ArrayList<>(order.size());
        for (Resource resource : order) {
            ApiError refusal = refused.get(resource);
            R result = refusal == null ? byResource.get(resource) : resultOf.apply(resource, refusal);
            merged.add(result == null ? resultOf.apply(resource, new ApiError(Errors.UNKNOWN_SERVER_ERROR)) : result);
        }
        return merged;
    }
}
