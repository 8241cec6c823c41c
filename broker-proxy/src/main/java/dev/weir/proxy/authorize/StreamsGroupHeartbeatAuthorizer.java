package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * StreamsGroupHeartbeat (KIP-1071): the group needs Read, each topic of the topology Describe. One topic that may not be
 * described refuses the whole heartbeat with {@code TOPIC_AUTHORIZATION_FAILED}; names that are internal or malformed
 * are {@code STREAMS_INVALID_TOPOLOGY} before that.
 *
 * <p>The broker makes a topology's missing internal topics itself, with the rights of whoever asks, which is Weir. So a
 * topology with an internal topic that is missing and that this client may not create (Create on the cluster or on the
 * topic) is refused here. Kafka would let the member join and only tell it so in a status; that cannot be had without
 * the topics being made. A source given as a regular expression is refused, as the broker does.
 */
final class StreamsGroupHeartbeatAuthorizer implements ApiAuthorizer<StreamsGroupHeartbeatRequestData> {

    @Override
    public Outcome decide(StreamsGroupHeartbeatRequestData request, RequestContext context) {
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return Refusal.answer(
                    ApiKeys.STREAMS_GROUP_HEARTBEAT, request, context.apiVersion(), Errors.GROUP_AUTHORIZATION_FAILED);
        }
        Topology topology = request.topology();
        return topology == null ? Outcome.FORWARD : decide(topology, context);
    }

    private static Outcome decide(Topology topology, RequestContext context) {
        Set<String> internal = new LinkedHashSet<>();
        Set<String> topics = new LinkedHashSet<>();
        boolean byRegex = false;
        for (Subtopology subtopology : topology.subtopologies()) {
            topics.addAll(subtopology.sourceTopics());
            topics.addAll(subtopology.repartitionSinkTopics());
            topics.addAll(names(subtopology.repartitionSourceTopics()));
            topics.addAll(names(subtopology.stateChangelogTopics()));
            internal.addAll(names(subtopology.repartitionSourceTopics()));
            internal.addAll(names(subtopology.stateChangelogTopics()));
            byRegex |= !subtopology.sourceTopicRegex().isEmpty();
        }
        String prohibited = topics.stream().filter(Topic::isInternal).collect(Collectors.joining(","));
        if (!prohibited.isEmpty()) {
            return refused(
                    Errors.STREAMS_INVALID_TOPOLOGY,
                    "Use of Kafka internal topics " + prohibited + " in a Kafka Streams topology is prohibited.");
        }
        List<String> invalid =
                topics.stream().filter(name -> !Topic.isValid(name)).toList();
        if (!invalid.isEmpty()) {
            return refused(
                    Errors.STREAMS_INVALID_TOPOLOGY,
                    "Topic names " + String.join(",", invalid) + " are not valid topic names.");
        }
        if (!Subscriptions.allDescribable(List.copyOf(topics), context)) {
            return refused(Errors.TOPIC_AUTHORIZATION_FAILED, null);
        }
        if (byRegex) {
            return refused(Errors.INVALID_REQUEST, "Regular expressions for source topics are not supported yet.");
        }
        List<String> uncreatable = uncreatable(internal, context);
        return uncreatable.isEmpty()
                ? Outcome.FORWARD
                : refused(
                        Errors.TOPIC_AUTHORIZATION_FAILED,
                        "Unauthorized to CREATE on topics " + String.join(", ", uncreatable) + ".");
    }

    private static List<String> names(List<TopicInfo> topics) {
        return topics.stream().map(TopicInfo::name).toList();
    }

    private static List<String> uncreatable(Set<String> internal, RequestContext context) {
        List<String> missing = Subscriptions.missing(internal, context);
        if (missing.isEmpty() || context.shows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.CREATE)) {
            return List.of();
        }
        return missing.stream()
                .filter(topic -> !context.allowsTopic(topic, Operation.CREATE))
                .toList();
    }

    private static Outcome refused(Errors error, @Nullable String message) {
        return new Outcome.Answer(new StreamsGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message));
    }
}
