package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;

/**
 * Metadata: asks for all topics, or names some, or from v12 gives their ids. Needs Describe on each.
 *
 * <p>Of all topics, the answer shows those with Describe. A refused name is taken out and comes back with
 * {@code TOPIC_AUTHORIZATION_FAILED} and the zero id, whether it exists or not; a refused id comes back with the same error
 * and no name. Ids go upstream as they are, and the names that come back are decided; so a topic that is deleted and made
 * again never lives on an old decision.
 *
 * <p>A request that may create missing topics (up to v3 every one does) needs Create on the cluster or on each missing
 * topic. The broker would create them on Weir's word, so the permission to create is taken out of the request whenever the
 * client lacks it for one of the topics. Only where another of them is missing and the client may create that, the
 * missing ones that it may not create are taken out instead; what is missing is then known by names that may be a few
 * seconds old.
 *
 * <p>Bit fields of authorized operations are the client's own, see {@link MetadataEdit}.
 */
public final class MetadataAuthorizer implements ApiAuthorizer<MetadataRequestData> {
    private static final short TOPIC_ID_VERSION_MIN = 12;
    private static final short AUTO_CREATE_FLAG_VERSION_MIN = 4;

    @Override
    public Outcome decide(MetadataRequestData request, RequestContext context) {
        if (asksForAllTopics(request, context)) {
            return new Outcome.Forward(new MetadataEdit(MetadataEdit.Asked.FOR_ALL, request, List.of(), Set.of()));
        }
        Errors malformed = malformed(request, context);
        if (malformed != Errors.NONE) {
            return new Outcome.Answer(new MetadataRequest(request, context.apiVersion())
                    .getErrorResponse(0, malformed.exception())
                    .data());
        }
        if (request.topics().stream().anyMatch(MetadataAuthorizer::hasId)) {
            return new Outcome.Forward(new MetadataEdit(MetadataEdit.Asked.BY_ID, request, List.of(), Set.of()));
        }
        return decideByName(request, context);
    }

    private static boolean asksForAllTopics(MetadataRequestData request, RequestContext context) {
        return request.topics() == null || (request.topics().isEmpty() && context.apiVersion() == 0);
    }

    /** What Kafka refuses as a whole. */
    private static Errors malformed(MetadataRequestData request, RequestContext context) {
        boolean ids = request.topics().stream().anyMatch(MetadataAuthorizer::hasId);
        boolean unnamed = request.topics().stream().anyMatch(topic -> topic.name() == null);
        if (context.apiVersion() < TOPIC_ID_VERSION_MIN && (ids || unnamed)) {
            return Errors.INVALID_REQUEST;
        }
        // neither a name nor an id: Kafka's authorizer trips over it
        return unnamed && !ids ? Errors.UNKNOWN_SERVER_ERROR : Errors.NONE;
    }

    private static boolean hasId(MetadataRequestTopic topic) {
        return !topic.topicId().equals(Uuid.ZERO_UUID);
    }

    private static Outcome decideByName(MetadataRequestData request, RequestContext context) {
        List<MetadataRequestTopic> hidden =
                Split.takeOut(request.topics(), topic -> context.allowsTopic(topic.name(), Operation.DESCRIBE));
        Set<String> uncreatable = uncreatable(request, context);
        boolean withoutFlag = !uncreatable.isEmpty() && mayGoWithoutFlag(request, uncreatable, context);
        List<MetadataRequestTopic> uncreated = List.of();
        if (withoutFlag) {
            request.setAllowAutoTopicCreation(false);
        } else if (!uncreatable.isEmpty()) {
            uncreated = Split.takeOut(
                    request.topics(), topic -> !uncreatable.contains(topic.name()) || exists(topic.name(), context));
        }
        List<MetadataResponseTopic> refused = refusals(uncreated, hidden, context);
        MetadataEdit edit = new MetadataEdit(
                // an empty list of v0 asks for all topics; nothing that it brings is for this client
                request.topics().isEmpty() && context.apiVersion() == 0
                        ? MetadataEdit.Asked.FOR_NONE
                        : MetadataEdit.Asked.BY_NAME,
                request,
                refused,
                withoutFlag ? uncreatable : Set.of());
        return withoutFlag || !refused.isEmpty() ? new Outcome.Rewrite(request, edit) : new Outcome.Forward(edit);
    }

    /** Those of the named topics that the client may not create, missing or not; none when it asks for no creation. */
    private static Set<String> uncreatable(MetadataRequestData request, RequestContext context) {
        if (!request.allowAutoTopicCreation()
                || context.shows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.CREATE)) {
            return Set.of();
        }
        Set<String> uncreatable = new HashSet<>();
        for (MetadataRequestTopic topic : request.topics()) {
            if (!context.showsTopic(topic.name(), Operation.CREATE)) {
                uncreatable.add(topic.name());
            }
        }
        return uncreatable;
    }

    /** Whether nothing that the client may create is missing, and the version can say that nothing shall be created. */
    private static boolean mayGoWithoutFlag(
            MetadataRequestData request, Set<String> uncreatable, RequestContext context) {
        return context.apiVersion() >= AUTO_CREATE_FLAG_VERSION_MIN
                && request.topics().stream()
                        .allMatch(topic -> uncreatable.contains(topic.name()) || exists(topic.name(), context));
    }

    private static boolean exists(String topic, RequestContext context) {
        return context.topicId(topic) != null;
    }

    private static List<MetadataResponseTopic> refusals(
            List<MetadataRequestTopic> uncreated, List<MetadataRequestTopic> hidden, RequestContext context) {
        Set<String> seen = new HashSet<>();
        List<MetadataResponseTopic> refusals = new ArrayList<>(uncreated.size() + hidden.size());
        for (MetadataRequestTopic topic : uncreated) {
            if (seen.add(topic.name())) {
                refusals.add(MetadataEdit.uncreated(topic.name(), context));
            }
        }
        for (MetadataRequestTopic topic : hidden) {
            if (seen.add(topic.name())) {
                refusals.add(MetadataEdit.hidden(topic.name(), Uuid.ZERO_UUID));
            }
        }
        return refusals;
    }
}
