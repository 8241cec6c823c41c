package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** Whose configs they are, which right that takes, and how it is refused. */
final class ConfigResources {
    private ConfigResources() {}

    static boolean isKnown(byte type) {
        return ConfigResource.Type.forId(type) != ConfigResource.Type.UNKNOWN;
    }

    /**
     * Asks for an operation on the configs of one resource of a known type.
     *
     * @return {@link Errors#NONE} when it goes on
     */
    static Errors refusal(byte type, String name, Operation operation, RequestContext context) {
        return switch (ConfigResource.Type.forId(type)) {
            case TOPIC -> context.allowsTopic(name, operation) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
            case GROUP -> context.allowsGroup(name, operation) ? Errors.NONE : Errors.GROUP_AUTHORIZATION_FAILED;
            case BROKER, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN ->
                context.allowsCluster(operation) ? Errors.NONE : Errors.CLUSTER_AUTHORIZATION_FAILED;
        };
    }
}
