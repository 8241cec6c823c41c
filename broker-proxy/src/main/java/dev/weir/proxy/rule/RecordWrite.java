package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Records on their way to one partition.
 *
 * @param writer who writes them
 * @param topic its name, also where the request names it by its id
 * @param topicId {@link Uuid#ZERO_UUID} where it is not known
 */
public record RecordWrite(Writer writer, String topic, Uuid topicId, int partition) {

    /**
     * Who writes, and what policy is in force.
     *
     * @param service the Service that the client is, or empty when it is none
     * @param principal who it authenticated as: {@code User:alice}
     * @param clientId what the client calls itself
     * @param shadow whether it is the shadow of another, of which nothing may go anywhere but where it is redirected to
     */
    public record Writer(
            PolicySnapshot policy, Optional<String> service, String principal, String clientId, boolean shadow) {

        /** The Service, or, where there is none, the principal: with a colon in it, it is no Service's name. */
        public String name() {
            return service.orElse(principal);
        }
    }
}
