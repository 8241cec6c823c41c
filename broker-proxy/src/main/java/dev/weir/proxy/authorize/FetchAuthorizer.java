package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * Fetch (1): Read on each topic. A refused topic is taken out of the request, and its partitions are answered with
 * TOPIC_AUTHORIZATION_FAILED behind those of the broker, in every response of a session, as Kafka does. A topic id that
 * the cluster does not know is answered with UNKNOWN_TOPIC_ID.
 *
 * <p>The confused deputy: a replica id would let the fetch read past the high watermark; whoever sends one is answered
 * as a client without ClusterAction. An incremental fetch of a session that this connection did not open, or whose
 * topics are decided otherwise by now, is answered with FETCH_SESSION_ID_NOT_FOUND; the client then begins a new one.
 */
final class FetchAuthorizer implements ApiAuthorizer<FetchRequestData> {
    static final int CONSUMER_REPLICA_ID = -1;
    private static final short TOPIC_ID_VERSION = 13;
    private static final int FINAL_EPOCH = -1;
    private static final int INITIAL_EPOCH = 0;
    private static final int HELD_RESPONSE_BYTES_MAX = 4 << 20;

    @Override
    public Outcome decide(FetchRequestData request, RequestContext context) {
        int replicaId = request.replicaId() != CONSUMER_REPLICA_ID
                ? request.replicaId()
                : request.replicaState().replicaId();
        if (replicaId != CONSUMER_REPLICA_ID) {
            return new Outcome.Answer(refuseAll(request));
        }
        FetchSession session = context.connectionState(FetchSession.class, FetchSession::new);
        boolean incremental = request.sessionEpoch() != INITIAL_EPOCH && request.sessionEpoch() != FINAL_EPOCH;
        boolean foreign = false;
        if (incremental) {
            if (request.sessionId() == FetchSession.NONE
                    || request.sessionId() != session.sessionId()
                    || !session.topics().stillHolds(context)) {
                session.beginAnew();
                return new Outcome.Answer(
                        new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
            }
        } else {
            foreign = dropForeignSession(request, session);
            session.beginAnew();
            session.topics().begin(context.policyToken());
        }
        boolean changed = takeOut(request, context, session.topics()) || foreign;
        if (!session.topics().anyRefused() && !changed) {
            return new Outcome.Watch(new Watch(context, session));
        }
        if (request.topics().isEmpty() && !incremental && request.sessionId() == FetchSession.NONE) {
            return new Outcome.Answer(addRefused(new FetchResponseData(), session.topics()));
        }
        int generation = session.generation();
        ResponseEdit<FetchResponseData> edit =
                (response, now) -> addRefused(recheck(response, now, session, generation), session.topics());
        // such a response is held until it is whole, so it must not be large
        request.setMaxBytes(Math.min(request.maxBytes(), HELD_RESPONSE_BYTES_MAX));
        return new Outcome.Rewrite(request, edit);
    }

    /** A full fetch ends the session that it names: only one of this connection may be. */
    private static boolean dropForeignSession(FetchRequestData request, FetchSession session) {
        boolean foreign = request.sessionId() != FetchSession.NONE && request.sessionId() != session.sessionId();
        if (foreign) {
            request.setSessionId(FetchSession.NONE);
        }
        return foreign;
    }

    /** Moves what is refused from the request to the session; says whether the request changed. */
    private static boolean takeOut(
            FetchRequestData request, RequestContext context, SessionTopics<PartitionData> topics) {
        boolean byId = context.apiVersion() >= TOPIC_ID_VERSION;
        for (ForgottenTopic forgotten : request.forgottenTopicsData()) {
            Object id = byId ? forgotten.topicId() : forgotten.topic();
            forgotten.partitions().forEach(partition -> topics.forget(id, partition));
        }
        boolean changed = false;
        List<FetchTopic> kept = new ArrayList<>(request.topics().size());
        for (FetchTopic topic : request.topics()) {
            String name = byId ? context.topicName(topic.topicId()) : topic.topic();
            Errors error = name == null
                    ? Errors.UNKNOWN_TOPIC_ID
                    : context.allowsTopic(name, Operation.READ) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
            if (error == Errors.NONE && name != null) {
                topics.allow(name);
                kept.add(topic);
                continue;
            }
            changed = true;
            SessionTopics.Key key =
                    new SessionTopics.Key(name == null ? "" : name, byId ? topic.topicId() : topic.topic());
            for (FetchPartition partition : topic.partitions()) {
                topics.refuse(
                        key, partition.partition(), FetchResponse.partitionResponse(partition.partition(), error));
            }
        }
        request.setTopics(kept);
        return changed;
    }

    private static FetchResponseData addRefused(FetchResponseData response, SessionTopics<PartitionData> topics) {
        if (response.errorCode() != Errors.NONE.code()) {
            return response;
        }
        for (Map.Entry<SessionTopics.Key, Map<Integer, PartitionData>> refused :
                topics.refused().entrySet()) {
            FetchableTopicResponse topic = topic(refused.getKey().id());
            refused.getValue().values().forEach(partition -> topic.partitions().add(partition.duplicate()));
            response.responses().add(topic);
        }
        return response;
    }

    private static FetchableTopicResponse topic(Object id) {
        FetchableTopicResponse topic = new FetchableTopicResponse();
        return id instanceof Uuid topicId ? topic.setTopicId(topicId) : topic.setTopic((String) id);
    }

    /** Decides each topic of a response again, under the policy in force now. */
    private static FetchResponseData recheck(
            FetchResponseData response, RequestContext context, FetchSession session, int generation) {
        session.answeredIn(response.sessionId(), generation);
        for (FetchableTopicResponse topic : response.responses()) {
            String name = topic.topicId().equals(Uuid.ZERO_UUID) ? topic.topic() : context.topicName(topic.topicId());
            if (name == null || !context.allowsTopic(name, Operation.READ)) {
                topic.partitions()
                        .replaceAll(partition -> FetchResponse.partitionResponse(
                                partition.partitionIndex(), Errors.TOPIC_AUTHORIZATION_FAILED));
            }
        }
        return response;
    }

    private static FetchResponseData refuseAll(FetchRequestData request) {
        FetchResponseData response = new FetchResponseData();
        for (FetchTopic topic : request.topics()) {
            FetchableTopicResponse refused =
                    new FetchableTopicResponse().setTopic(topic.topic()).setTopicId(topic.topicId());
            topic.partitions()
                    .forEach(partition -> refused.partitions()
                            .add(FetchResponse.partitionResponse(
                                    partition.partition(), Errors.TOPIC_AUTHORIZATION_FAILED)));
            response.responses().add(refused);
        }
        return response;
    }

    /** A fetch that was allowed as it was; its answer is decided again if policy changes meanwhile. */
    private static final class Watch implements ResponseWatch {
        private final RequestContext context;
        private final FetchSession session;
        private final Object decidedUnder;
        private final int generation;

        Watch(RequestContext context, FetchSession session) {
            this.context = context;
            this.session = session;
            this.decidedUnder = context.policyToken();
            this.generation = session.generation();
        }

        @Override
        public @Nullable ResponseEdit<FetchResponseData> editNow() {
            return context.policyToken() == decidedUnder
                    ? null
                    : (response, now) -> recheck(response, now, session, generation);
        }

        @Override
        public void session(int sessionId) {
            session.answeredIn(sessionId, generation);
        }

        @Override
        public boolean mayPass(String topicName) {
            return context.showsTopic(topicName, Operation.READ);
        }

        @Override
        public boolean mayPass(Uuid topicId) {
            String name = context.topicName(topicId);
            return name != null && context.showsTopic(name, Operation.READ);
        }
    }
}
