package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * CreateTopics: Create on the cluster, or on each topic. A refused topic is taken out and follows the broker's results
 * with {@code TOPIC_AUTHORIZATION_FAILED}. Names that occur twice, and the name of the metadata topic, are wrong whoever
 * asks: the broker says so and creates nothing for them. From version 5 on the response shows a new topic's partitions,
 * replication factor and configs, which takes DescribeConfigs on it; without that, {@code TopicConfigErrorCode} says why
 * they are missing.
 */
final class CreateTopicsAuthorizer implements ApiAuthorizer<CreateTopicsRequestData> {
    private static final short SHOWS_CONFIGS_SINCE = 5;

    @Override
    public Outcome decide(CreateTopicsRequestData request, RequestContext context) {
        boolean anyTopic = context.shows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.CREATE);
        Set<String> malformed =
                Repeated.in(request.topics().stream().map(CreatableTopic::name).toList());
        malformed.add(Topic.CLUSTER_METADATA_TOPIC_NAME);
        List<CreatableTopic> refused = Split.takeOut(
                request.topics(),
                topic -> malformed.contains(topic.name()) || mayCreate(topic.name(), anyTopic, context));
        if (!refused.isEmpty() && request.topics().isEmpty()) {
            return new Outcome.Answer(withRefused(new CreateTopicsResponseData(), refused));
        }
        boolean showsConfigs = context.apiVersion() >= SHOWS_CONFIGS_SINCE;
        if (refused.isEmpty()) {
            return showsConfigs ? new Outcome.Forward(editing(refused)) : Outcome.FORWARD;
        }
        return new Outcome.Rewrite(request, editing(refused));
    }

    private static boolean mayCreate(String topic, boolean anyTopic, RequestContext context) {
        return (anyTopic && !ReservedNames.isReserved(topic)) || context.allowsTopic(topic, Operation.CREATE);
    }

    private static ResponseEdit<CreateTopicsResponseData> editing(List<CreatableTopic> refused) {
        return (response, context) -> {
            for (CreatableTopicResult result : response.topics()) {
                boolean created = result.errorCode() == Errors.NONE.code();
                if (created && !context.showsTopic(result.name(), Operation.DESCRIBE_CONFIGS)) {
                    result.setNumPartitions(-1)
                            .setReplicationFactor((short) -1)
                            .setConfigs(new ArrayList<>())
                            .setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
                }
            }
            return withRefused(response, refused);
        };
    }

    private static CreateTopicsResponseData withRefused(
            CreateTopicsResponseData response, List<CreatableTopic> refused) {
        for (CreatableTopic topic : refused) {
            response.topics()
                    .add(new CreatableTopicResult()
                            .setName(topic.name())
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                            .setErrorMessage("Authorization failed."));
        }
        return response;
    }
}
