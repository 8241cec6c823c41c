package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareFetchResponseData.ShareFetchableTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * ShareFetch (78): Read on the group, else GROUP_AUTHORIZATION_FAILED for the whole request; Read on each topic, else
 * TOPIC_AUTHORIZATION_FAILED per partition, for the fetch and for acknowledgements that come with it. A session that was
 * not opened on this connection, or whose topics are decided otherwise by now, is answered with
 * SHARE_SESSION_NOT_FOUND; the client then begins a new one.
 */
final class ShareFetchAuthorizer implements ApiAuthorizer<ShareFetchRequestData> {
    static final int INITIAL_EPOCH = 0;
    static final int FINAL_EPOCH = -1;

    @Override
    public Outcome decide(ShareFetchRequestData request, RequestContext context) {
        if (request.groupId() == null || request.memberId() == null) {
            return Outcome.FORWARD; // refused by every broker
        }
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return answer(Errors.GROUP_AUTHORIZATION_FAILED);
        }
        if (request.shareSessionEpoch() == INITIAL_EPOCH && carriesAcknowledgements(request)) {
            // the broker refuses it, too, and keeps the session it had, which nobody here has decided
            return answer(Errors.INVALID_REQUEST);
        }
        ShareSessions sessions = context.connectionState(ShareSessions.class, ShareSessions::new);
        ShareSessions.Key key = new ShareSessions.Key(request.groupId(), request.memberId());
        SessionTopics<PartitionData> topics = request.shareSessionEpoch() == INITIAL_EPOCH
                ? sessions.open(key, context.policyToken())
                : sessions.find(key);
        if (topics == null || !topics.stillHolds(context)) {
            sessions.close(key);
            return answer(Errors.SHARE_SESSION_NOT_FOUND);
        }
        List<ShareFetchableTopicResponse> refusedAcknowledgements = new ArrayList<>(0);
        boolean changed = takeOut(request, context, topics, refusedAcknowledgements);
        boolean last = request.shareSessionEpoch() == FINAL_EPOCH;
        if (last) {
            sessions.close(key);
        }
        if (!topics.anyRefused() && refusedAcknowledgements.isEmpty()) {
            return new Outcome.Watch(new Watch(context));
        }
        ResponseEdit<ShareFetchResponseData> edit =
                (response, now) -> addRefused(recheck(response, now), last ? null : topics, refusedAcknowledgements);
        return changed ? new Outcome.Rewrite(request, edit) : new Outcome.Forward(edit);
    }

    private static boolean carriesAcknowledgements(ShareFetchRequestData request) {
        return request.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> !partition.acknowledgementBatches().isEmpty());
    }

    private static Outcome answer(Errors error) {
        return new Outcome.Answer(new ShareFetchResponseData().setErrorCode(error.code()));
    }

    private static boolean takeOut(
            ShareFetchRequestData request,
            RequestContext context,
            SessionTopics<PartitionData> topics,
            List<ShareFetchableTopicResponse> refusedAcknowledgements) {
        request.forgottenTopicsData()
                .forEach(forgotten ->
                        forgotten.partitions().forEach(partition -> topics.forget(forgotten.topicId(), partition)));
        List<FetchTopic> refused = Split.takeOut(request.topics(), topic -> {
            String name = context.topicName(topic.topicId());
            if (name == null || !context.allowsTopic(name, Operation.READ)) {
                return false;
            }
            topics.allow(name);
            return true;
        });
        for (FetchTopic topic : refused) {
            String name = context.topicName(topic.topicId());
            Errors error = name == null ? Errors.UNKNOWN_TOPIC_ID : Errors.TOPIC_AUTHORIZATION_FAILED;
            SessionTopics.Key key = new SessionTopics.Key(name == null ? "" : name, topic.topicId());
            ShareFetchableTopicResponse acknowledgements =
                    new ShareFetchableTopicResponse().setTopicId(topic.topicId());
            for (FetchPartition partition : topic.partitions()) {
                topics.refuse(key, partition.partitionIndex(), refusal(partition.partitionIndex(), error));
                if (!partition.acknowledgementBatches().isEmpty()) {
                    acknowledgements
                            .partitions()
                            .add(new PartitionData()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setAcknowledgeErrorCode(error.code())
                                    .setRecords(MemoryRecords.EMPTY));
                }
            }
            if (!acknowledgements.partitions().isEmpty()) {
                refusedAcknowledgements.add(acknowledgements);
            }
        }
        return !refused.isEmpty();
    }

    private static PartitionData refusal(int partition, Errors error) {
        return new PartitionData()
                .setPartitionIndex(partition)
                .setErrorCode(error.code())
                .setRecords(MemoryRecords.EMPTY);
    }

    private static ShareFetchResponseData addRefused(
            ShareFetchResponseData response,
            @Nullable SessionTopics<PartitionData> topics,
            List<ShareFetchableTopicResponse> refusedAcknowledgements) {
        if (response.errorCode() != Errors.NONE.code()) {
            return response;
        }
        if (topics != null) {
            for (Map.Entry<SessionTopics.Key, Map<Integer, PartitionData>> refused :
                    topics.refused().entrySet()) {
                ShareFetchableTopicResponse topic =
                        topic(response, (Uuid) refused.getKey().id());
                refused.getValue()
                        .values()
                        .forEach(partition -> topic.partitions().add(partition.duplicate()));
            }
        }
        for (ShareFetchableTopicResponse refused : refusedAcknowledgements) {
            ShareFetchableTopicResponse topic = topic(response, refused.topicId());
            for (PartitionData acknowledgement : refused.partitions()) {
                PartitionData partition = partition(topic, acknowledgement.partitionIndex());
                if (partition == null) {
                    topic.partitions().add(acknowledgement.duplicate());
                } else {
                    partition.setAcknowledgeErrorCode(acknowledgement.acknowledgeErrorCode());
                }
            }
        }
        return response;
    }

    private static ShareFetchableTopicResponse topic(ShareFetchResponseData response, Uuid id) {
        ShareFetchableTopicResponse topic = response.responses().find(id);
        if (topic == null) {
            topic = new ShareFetchableTopicResponse().setTopicId(id);
            response.responses().add(topic);
        }
        return topic;
    }

    private static @Nullable PartitionData partition(ShareFetchableTopicResponse topic, int index) {
        for (PartitionData partition : topic.partitions()) {
            if (partition.partitionIndex() == index) {
                return partition;
            }
        }
        return null;
    }

    private static ShareFetchResponseData recheck(ShareFetchResponseData response, RequestContext context) {
        for (ShareFetchableTopicResponse topic : response.responses()) {
            String name = context.topicName(topic.topicId());
            if (name == null || !context.allowsTopic(name, Operation.READ)) {
                for (PartitionData partition : topic.partitions()) {
                    partition
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                            .setAcquiredRecords(List.of())
                            .setRecords(MemoryRecords.EMPTY);
                }
            }
        }
        return response;
    }

    /** A fetch that was allowed as it was; its answer is decided again if policy changes meanwhile. */
    private static final class Watch implements ResponseWatch {
        private final RequestContext context;
        private final Object decidedUnder;

        Watch(RequestContext context) {
            this.context = context;
            this.decidedUnder = context.policyToken();
        }

        @Override
        public @Nullable ResponseEdit<ShareFetchResponseData> editNow() {
            return context.policyToken() == decidedUnder ? null : ShareFetchAuthorizer::recheck;
        }

        @Override
        public boolean mayPass(String topicName) {
            return context.showsTopic(topicName, Operation.READ);
        }

        @Override
        public boolean mayPass(Uuid topicId) {
            String name = context.topicName(topicId);
            return name != null && mayPass(name);
        }
    }
}
