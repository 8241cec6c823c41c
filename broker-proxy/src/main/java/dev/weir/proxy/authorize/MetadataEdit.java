package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets to see of a Metadata answer. Each topic in it is decided again, under the policy then in force; the
 * topics refused before the request went on are added at the end, as Kafka does.
 *
 * <p>Authorized operations (KIP-430), of topics and of the cluster, become those that the client has and that Weir's own
 * credentials have too; where the broker gave none, there are none. A client without Describe on the cluster gets 0 there.
 */
final class MetadataEdit implements ResponseEdit<MetadataResponseData> {

    /** How the client asked for topics; it decides how a hidden one looks. */
    enum Asked {
        FOR_ALL,
        FOR_NONE,
        BY_NAME,
        BY_ID
    }

    private final Asked asked;
    private final boolean clusterOperations;
    private final boolean topicOperations;
    private final List<MetadataResponseTopic> refused;
    private final Set<String> uncreatable;

    /**
     * @param refused the answers to what did not go upstream
     * @param uncreatable topics that the broker was kept from creating, because the client may not
     */
    MetadataEdit(
            Asked asked, MetadataRequestData request, List<MetadataResponseTopic> refused, Set<String> uncreatable) {
        this.asked = asked;
        this.clusterOperations = request.includeClusterAuthorizedOperations();
        this.topicOperations = request.includeTopicAuthorizedOperations();
        this.refused = refused;
        this.uncreatable = uncreatable;
    }

    @Override
    public MetadataResponseData edit(MetadataResponseData response, RequestContext context) {
        if (asked == Asked.FOR_NONE) {
            response.topics().clear();
        }
        List<MetadataResponseTopic> replaced = new ArrayList<>(0);
        Iterator<MetadataResponseTopic> topics = response.topics().iterator();
        while (topics.hasNext()) {
            MetadataResponseTopic topic = topics.next();
            if (topic.name() == null) {
                continue; // an id that the cluster does not know
            }
            if (!describes(topic.name(), context)) {
                topics.remove();
                addHidden(topic, replaced);
            } else if (wasKeptFromCreation(topic, context)) {
                topics.remove();
                replaced.add(uncreated(topic.name(), context));
            } else {
                topic.setTopicAuthorizedOperations(AuthorizedOperations.both(
                        topic.topicAuthorizedOperations(), context, ResourceType.TOPIC, topic.name()));
            }
        }
        response.topics().addAll(replaced);
        refused.forEach(topic -> response.topics().add(topic.duplicate()));
        if (clusterOperations) {
            response.setClusterAuthorizedOperations(clusterOperations(response, context));
        }
        return response;
    }

    @Override
    public @Nullable Predicate<String> topicsShown(RequestContext context) {
        return asked == Asked.FOR_ALL && !clusterOperations && !topicOperations && refused.isEmpty()
                ? name -> describes(name, context)
                : null;
    }

    private static int clusterOperations(MetadataResponseData response, RequestContext context) {
        return context.allowsCluster(Operation.DESCRIBE)
                ? AuthorizedOperations.both(
                        response.clusterAuthorizedOperations(),
                        context,
                        ResourceType.CLUSTER,
                        ResourceType.CLUSTER_NAME)
                : 0;
    }

    private void addHidden(MetadataResponseTopic topic, List<MetadataResponseTopic> replaced) {
        switch (asked) {
            case BY_NAME -> replaced.add(hidden(topic.name(), Uuid.ZERO_UUID));
            case BY_ID -> replaced.add(hidden(null, topic.topicId()));
            case FOR_ALL, FOR_NONE -> {}
        }
    }

    private boolean wasKeptFromCreation(MetadataResponseTopic topic, RequestContext context) {
        boolean missing = topic.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code()
                || topic.errorCode() == Errors.INVALID_TOPIC_EXCEPTION.code();
        return missing
                && uncreatable.contains(topic.name())
                && context.autoCreatesTopics()
                && !context.allowsTopic(topic.name(), Operation.CREATE);
    }

    /** A name was decided, and any denial counted, before it went upstream; an id is decided here first. */
    private boolean describes(String topic, RequestContext context) {
        return asked == Asked.BY_ID
                ? context.allowsTopic(topic, Operation.DESCRIBE)
                : context.showsTopic(topic, Operation.DESCRIBE);
    }

    /** A topic without Describe. */
    static MetadataResponseTopic hidden(@Nullable String name, Uuid topicId) {
        return new MetadataResponseTopic()
                .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                .setName(name)
                .setTopicId(topicId);
    }

    /** A missing topic that the client may describe but not create. */
    static MetadataResponseTopic uncreated(String name, RequestContext context) {
        Errors error =
                context.autoCreatesTopics() ? Errors.TOPIC_AUTHORIZATION_FAILED : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setIsInternal(Topic.isInternal(name));
    }
}
