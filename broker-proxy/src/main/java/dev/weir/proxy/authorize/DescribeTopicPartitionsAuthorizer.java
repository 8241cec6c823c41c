package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.jspecify.annotations.Nullable;

/**
 * DescribeTopicPartitions: names topics, or asks for all of them by naming none, and pages through them in the order of
 * their names with a cursor (KIP-966). Needs Describe on each. A refused name comes back with
 * {@code TOPIC_AUTHORIZATION_FAILED} and the zero id after the others, on every page that starts at or before it.
 *
 * <p>What goes upstream always names the topics that the client may see, also when it asked for all: so pages are as full
 * as Kafka would make them, and no cursor ever points at a topic that is hidden. Of all topics, one that has just been
 * deleted is left out. Authorized operations are the client's own.
 */
public final class DescribeTopicPartitionsAuthorizer implements ApiAuthorizer<DescribeTopicPartitionsRequestData> {

    @Override
    public Outcome decide(DescribeTopicPartitionsRequestData request, RequestContext context) {
        Cursor cursor = request.cursor();
        boolean all = request.topics().isEmpty();
        SortedSet<String> topics = new TreeSet<>(all ? context.topicNames() : names(request));
        if (cursor != null && (cursor.partitionIndex() < 0 || !(all || topics.contains(cursor.topicName())))) {
            return new Outcome.Answer(new DescribeTopicPartitionsRequest(request, context.apiVersion())
                    .getErrorResponse(0, Errors.INVALID_REQUEST.exception())
                    .data());
        }
        if (cursor != null) {
            topics = topics.tailSet(cursor.topicName());
        }
        List<String> refused = Split.takeOut(
                topics,
                topic -> all
                        ? context.showsTopic(topic, Operation.DESCRIBE)
                        : context.allowsTopic(topic, Operation.DESCRIBE));
        Edit edit = new Edit(all, all ? List.of() : refused);
        if (topics.isEmpty()) {
            // nothing named would mean all topics
            return new Outcome.Answer(edit.edit(new DescribeTopicPartitionsResponseData(), context));
        }
        return new Outcome.Rewrite(rewrite(request, topics, cursor), edit);
    }

    private static Collection<String> names(DescribeTopicPartitionsRequestData request) {
        return request.topics().stream().map(TopicRequest::name).toList();
    }

    private static DescribeTopicPartitionsRequestData rewrite(
            DescribeTopicPartitionsRequestData request, SortedSet<String> topics, @Nullable Cursor cursor) {
        // a cursor must point at a topic that is named; without its topic, the page starts with the next one
        boolean keepCursor = cursor != null && topics.contains(cursor.topicName());
        return new DescribeTopicPartitionsRequestData()
                .setTopics(topics.stream()
                        .map(topic -> new TopicRequest().setName(topic))
                        .toList())
                .setResponsePartitionLimit(request.responsePartitionLimit())
                .setCursor(keepCursor ? cursor : null);
    }

    /**
     * @param all whether the client asked for all topics, and so for none that is missing
     * @param refused names to add to the answer
     */
    private record Edit(boolean all, List<String> refused)
            implements ResponseEdit<DescribeTopicPartitionsResponseData> {

        @Override
        public DescribeTopicPartitionsResponseData edit(
                DescribeTopicPartitionsResponseData response, RequestContext context) {
            Iterator<DescribeTopicPartitionsResponseTopic> topics =
                    response.topics().iterator();
            while (topics.hasNext()) {
                DescribeTopicPartitionsResponseTopic topic = topics.next();
                if (all && topic.errorCode() != Errors.NONE.code()) {
                    topics.remove();
                } else {
                    topic.setTopicAuthorizedOperations(AuthorizedOperations.both(
                            topic.topicAuthorizedOperations(), context, ResourceType.TOPIC, topic.name()));
                }
            }
            for (String name : refused) {
                response.topics()
                        .add(new DescribeTopicPartitionsResponseTopic()
                                .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                                .setName(name)
                                .setTopicId(Uuid.ZERO_UUID));
            }
            return response;
        }
    }
}
