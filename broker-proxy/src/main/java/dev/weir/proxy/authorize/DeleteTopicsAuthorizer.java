package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResultCollection;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * DeleteTopics: Delete on the cluster, or on each topic, which is named or, from version 6 on, given by name or id.
 * <ul>
 *   <li>By name: {@code TOPIC_AUTHORIZATION_FAILED}, but {@code UNKNOWN_TOPIC_OR_PARTITION} for a topic that may be
 *       described and is not there.
 *   <li>By id: {@code TOPIC_AUTHORIZATION_FAILED}, with the name only if the topic may be described, and
 *       {@code UNKNOWN_TOPIC_ID} for an id that no topic has.
 *   <li>What is given twice, or with both name and id, or with neither, is left to the broker, which refuses it.
 * </ul>
 * As in Kafka, results are shuffled, so that their order does not tell what is absent from what may not be seen.
 */
final class DeleteTopicsAuthorizer implements ApiAuthorizer<DeleteTopicsRequestData> {
    private static final short TOPICS_SINCE = 6;

    @Override
    public Outcome decide(DeleteTopicsRequestData request, RequestContext context) {
        boolean anyTopic = context.shows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.DELETE);
        List<DeletableTopicResult> refused = context.apiVersion() < TOPICS_SINCE
                ? takeOutNames(request, anyTopic, context)
                : takeOutTopics(request, anyTopic, context);
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.topicNames().isEmpty() && request.topics().isEmpty()) {
            return new Outcome.Answer(withRefused(new DeleteTopicsResponseData(), refused));
        }
        ResponseEdit<DeleteTopicsResponseData> edit = (response, later) -> withRefused(response, refused);
        return new Outcome.Rewrite(request, edit);
    }

    private static List<DeletableTopicResult> takeOutNames(
            DeleteTopicsRequestData request, boolean anyTopic, RequestContext context) {
        Set<String> repeated = Repeated.in(request.topicNames());
        List<DeletableTopicResult> refused = new ArrayList<>();
        request.setTopicNames(new ArrayList<>(request.topicNames()));
        for (String name : Split.takeOut(
                request.topicNames(), name -> repeated.contains(name) || mayDelete(name, anyTopic, context))) {
            refused.add(refusedByName(name, context));
        }
        return refused;
    }

    private static List<DeletableTopicResult> takeOutTopics(
            DeleteTopicsRequestData request, boolean anyTopic, RequestContext context) {
        Set<String> repeatedNames = Repeated.in(request.topics().stream()
                .filter(topic -> topic.topicId().equals(Uuid.ZERO_UUID))
                .map(DeleteTopicState::name)
                .filter(Objects::nonNull)
                .toList());
        Set<Uuid> repeatedIds = Repeated.in(request.topics().stream()
                .filter(topic -> topic.name() == null)
                .map(DeleteTopicState::topicId)
                .toList());
        List<DeletableTopicResult> refused = new ArrayList<>();
        List<DeleteTopicState> passed = new ArrayList<>();
        for (DeleteTopicState topic : request.topics()) {
            boolean byName = topic.name() != null;
            boolean byId = !topic.topicId().equals(Uuid.ZERO_UUID);
            boolean repeated = byName ? repeatedNames.contains(topic.name()) : repeatedIds.contains(topic.topicId());
            DeletableTopicResult refusal = byName == byId || repeated
                    ? null
                    : byName
                            ? refusalByName(topic.name(), anyTopic, context)
                            : refusalById(topic.topicId(), anyTopic, context);
            if (refusal == null) {
                passed.add(topic);
            } else {
                refused.add(refusal);
            }
        }
        request.setTopics(passed);
        return refused;
    }

    private static @Nullable DeletableTopicResult refusalByName(String name, boolean anyTopic, RequestContext context) {
        return mayDelete(name, anyTopic, context) ? null : refusedByName(name, context);
    }

    private static @Nullable DeletableTopicResult refusalById(Uuid id, boolean anyTopic, RequestContext context) {
        String name = context.topicName(id);
        if (name == null) {
            return result(null, id, Errors.UNKNOWN_TOPIC_ID);
        }
        if (mayDelete(name, anyTopic, context)) {
            return null;
        }
        boolean described = context.showsTopic(name, Operation.DESCRIBE);
        return result(described ? name : null, id, Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private static boolean mayDelete(String name, boolean anyTopic, RequestContext context) {
        return (anyTopic && !ReservedNames.isReserved(name)) || context.allowsTopic(name, Operation.DELETE);
    }

    private static DeletableTopicResult refusedByName(String name, RequestContext context) {
        Uuid id = context.topicId(name);
        boolean absent = id == null && context.showsTopic(name, Operation.DESCRIBE);
        return result(
                name, Uuid.ZERO_UUID, absent ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private static DeletableTopicResult result(@Nullable String name, Uuid id, Errors error) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    private static DeleteTopicsResponseData withRefused(
            DeleteTopicsResponseData response, List<DeletableTopicResult> refused) {
        List<DeletableTopicResult> results = new ArrayList<>(refused);
        response.responses().forEach(result -> results.add(result.duplicate()));
        Collections.shuffle(results);
        return response.setResponses(new DeletableTopicResultCollection(results.iterator()));
    }
}
