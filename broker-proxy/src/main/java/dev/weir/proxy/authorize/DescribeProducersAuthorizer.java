package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeProducers: names topics. Needs Read on each. Errors go to each partition of a refused topic, with Kafka's
 * message, in the order of the request. A name that no topic can have is left to the broker, which says what is wrong
 * with it before it asks for permission.
 */
public final class DescribeProducersAuthorizer implements ApiAuthorizer<DescribeProducersRequestData> {

    @Override
    public Needs needs(short version) {
        return Needs.of(Operation.READ, null, null);
    }

    @Override
    public Outcome decide(DescribeProducersRequestData request, RequestContext context) {
        List<TopicRequest> allowed = new ArrayList<>();
        SortedMap<Integer, TopicResponse> refused = new TreeMap<>();
        for (TopicRequest topic : request.topics()) {
            if (!isValid(topic.name()) || context.allowsTopic(topic.name(), Operation.READ)) {
                allowed.add(topic);
            } else {
                refused.put(allowed.size() + refused.size(), refuse(topic));
            }
        }
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (allowed.isEmpty()) {
            return new Outcome.Answer(new DescribeProducersResponseData().setTopics(new ArrayList<>(refused.values())));
        }
        ResponseEdit<DescribeProducersResponseData> edit =
                (response, now) -> response.setTopics(Split.interleave(response.topics(), refused));
        return new Outcome.Rewrite(request.setTopics(allowed), edit);
    }

    private static boolean isValid(String topic) {
        try {
            Topic.validate(topic);
            return true;
        } catch (InvalidTopicException e) {
            return false;
        }
    }

    private static TopicResponse refuse(TopicRequest topic) {
        TopicResponse result = new TopicResponse().setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
            result.partitions()
                    .add(new PartitionResponse()
                            .setPartitionIndex(partition)
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                            .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()));
        }
        return result;
    }
}
