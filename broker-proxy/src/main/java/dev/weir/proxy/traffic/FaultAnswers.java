package dev.weir.proxy.traffic;

import dev.weir.policy.decide.FaultPolicy;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.Refusal;
import dev.weir.proxy.authorize.RefusedPartitions;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.jspecify.annotations.Nullable;

/**
 * Puts the error of a fault where an API's answer has its place for it. What its authorizer has refused stays refused.
 *
 * <ul>
 *   <li>Produce: the partitions of the topics that the fault is about do not go to the broker; the rest does.
 *   <li>Fetch: nothing goes to the broker. Partitions that the fault is not about are answered without records. A fetch that goes on with a
 *       session names only what changes, so it is told that its session is gone, and the one after it, which names everything, gets the error.
 *   <li>Metadata and ListOffsets, which change nothing, go to the broker, and the error is put into its answer.
 *   <li>All others are answered as a whole, as Kafka's own request classes answer.
 * </ul>
 */
public final class FaultAnswers {
    private FaultAnswers() {}

    /**
     * What becomes of a request that the error of a fault is drawn for.
     *
     * @param request as its authorizer left it
     * @param authorized what its authorizer has said
     */
    public static Outcome of(
            FaultPolicy fault,
            Errors error,
            ApiKeys api,
            ApiMessage request,
            Outcome authorized,
            RequestContext context) {
        ApiMessage rest = request;
        ResponseEdit<?> edit = null;
        if (authorized instanceof Outcome.Forward forward) {
            edit = forward.edit();
        } else if (authorized instanceof Outcome.Rewrite rewrite) {
            rest = rewrite.request();
            edit = rewrite.edit();
        } else if (!(authorized instanceof Outcome.Watch)) {
            return authorized; // it does not go to the broker anyway
        }
        String message = "a fault on purpose: " + fault.rule();
        return switch (api) {
            case PRODUCE -> produce(fault, new ApiError(error, message), (ProduceRequestData) rest, edit, context);
            case FETCH -> fetch(fault, error, (FetchRequestData) rest, authorized, edit, context);
            case METADATA -> edited(rest, authorized, edit, metadata(fault, error));
            case LIST_OFFSETS -> edited(rest, authorized, edit, listOffsets(fault, error));
            default -> whole(Refusal.answer(api, rest, context.apiVersion(), error.exception(message)), edit, context);
        };
    }

    private static Outcome whole(Outcome refusal, @Nullable ResponseEdit<?> edit, RequestContext context) {
        return refusal instanceof Outcome.Answer answer
                ? new Outcome.Answer(ResponseEdit.applied(edit, answer.response(), context))
                : refusal;
    }

    private static Outcome produce(
            FaultPolicy fault,
            ApiError error,
            ProduceRequestData request,
            @Nullable ResponseEdit<?> edit,
            RequestContext context) {
        RefusedPartitions failed = new RefusedPartitions();
        request.topicData().removeIf(topic -> {
            boolean hit = TopicFaults.concerns(fault, topic.name(), topic.topicId(), context);
            if (hit) {
                failed.add(topic, error);
            }
            return hit;
        });
        ResponseEdit<ProduceResponseData> merging =
                (response, now) -> failed.mergeInto((ProduceResponseData) ResponseEdit.applied(edit, response, now));
        return request.topicData().isEmpty()
                ? new Outcome.Answer(merging.edit(new ProduceResponseData(), context))
                : new Outcome.Rewrite(request, merging);
    }

    private static Outcome fetch(
            FaultPolicy fault,
            Errors error,
            FetchRequestData request,
            Outcome authorized,
            @Nullable ResponseEdit<?> edit,
            RequestContext context) {
        if (TopicFaults.isIncremental(request)) {
            return new Outcome.Answer(new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
        }
        if (request.topics().isEmpty()) {
            return authorized; // it only ends a session
        }
        FetchResponseData response = new FetchResponseData();
        request.topics().forEach(topic -> {
            Errors own = TopicFaults.concerns(fault, topic.topic(), topic.topicId(), context) ? error : Errors.NONE;
            FetchableTopicResponse answer =
                    new FetchableTopicResponse().setTopic(topic.topic()).setTopicId(topic.topicId());
            topic.partitions()
                    .forEach(partition ->
                            answer.partitions().add(FetchResponse.partitionResponse(partition.partition(), own)));
            response.responses().add(answer);
        });
        return new Outcome.Answer(ResponseEdit.applied(edit, response, context));
    }

    private static Outcome edited(
            ApiMessage request, Outcome authorized, @Nullable ResponseEdit<?> edit, ResponseEdit<ApiMessage> failing) {
        ResponseEdit<ApiMessage> both = (response, now) -> failing.edit(ResponseEdit.applied(edit, response, now), now);
        return authorized instanceof Outcome.Rewrite ? new Outcome.Rewrite(request, both) : new Outcome.Forward(both);
    }

    private static ResponseEdit<ApiMessage> metadata(FaultPolicy fault, Errors error) {
        return (response, context) -> {
            ((MetadataResponseData) response).topics().forEach(topic -> {
                if (topic.errorCode() == Errors.NONE.code()
                        && TopicFaults.concerns(fault, topic.name(), topic.topicId(), context)) {
                    topic.setErrorCode(error.code()).setPartitions(List.of());
                }
            });
            return response;
        };
    }

    private static ResponseEdit<ApiMessage> listOffsets(FaultPolicy fault, Errors error) {
        return (response, context) -> {
            ((ListOffsetsResponseData) response)
                    .topics().stream()
                            .filter(topic -> fault.concerns(topic.name()))
                            .flatMap(topic -> topic.partitions().stream())
                            .filter(partition -> partition.errorCode() == Errors.NONE.code())
                            .forEach(partition -> partition
                                    .setErrorCode(error.code())
                                    .setOffset(ListOffsetsResponse.UNKNOWN_OFFSET)
                                    .setTimestamp(ListOffsetsResponse.UNKNOWN_TIMESTAMP)
                                    .setLeaderEpoch(ListOffsetsResponse.UNKNOWN_EPOCH));
            return response;
        };
    }
}
