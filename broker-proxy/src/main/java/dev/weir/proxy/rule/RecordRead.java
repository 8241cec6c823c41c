package dev.weir.proxy.rule;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.PolicySnapshot;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Records of one partition on their way to whoever fetches them.
 *
 * @param reader who fetches them
 * @param topic its name, also where the response names it by its id
 * @param topicId {@link Uuid#ZERO_UUID} where it is not known
 * @param shared whether they go to a member of a share group (KIP-932), which takes records that are left out for gaps that it
 *     may acknowledge
 */
public record RecordRead(Reader reader, String topic, Uuid topicId, int partition, boolean shared) {

    /**
     * Who fetches, and what is in force.
     *
     * @param canaries of the cluster
     * @param service the Service that the client is, or empty when it is none
     * @param principal who it authenticated as: {@code User:alice}
     * @param clientId of the request, or the empty string
     * @param readsCommitted whether it asked for committed records alone, and so knows markers of transactions for what they are
     */
    public record Reader(
            PolicySnapshot policy,
            Canaries canaries,
            Optional<String> service,
            String principal,
            String clientId,
            boolean readsCommitted) {}
}
