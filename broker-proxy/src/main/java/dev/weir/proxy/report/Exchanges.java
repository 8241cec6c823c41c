package dev.weir.proxy.report;

import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.audit.AuditEvent;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** What is reported of the APIs that are decoded for it, and of denials. Event loop of the connection. */
final class Exchanges {
    private static final Set<ApiKeys> CONCERNED = EnumSet.of(
            ApiKeys.OFFSET_COMMIT,
            ApiKeys.OFFSET_FETCH,
            ApiKeys.TXN_OFFSET_COMMIT,
            ApiKeys.END_TXN,
            ApiKeys.INIT_PRODUCER_ID,
            ApiKeys.LIST_OFFSETS,
            ApiKeys.JOIN_GROUP,
            ApiKeys.SYNC_GROUP,
            ApiKeys.HEARTBEAT,
            ApiKeys.LEAVE_GROUP,
            ApiKeys.CONSUMER_GROUP_HEARTBEAT,
            ApiKeys.SHARE_GROUP_HEARTBEAT,
            ApiKeys.SHARE_ACKNOWLEDGE,
            ApiKeys.STREAMS_GROUP_HEARTBEAT);

    private final ConnectionReports connection;
    private final CommitReports commits;
    private final MembershipReports members;
    private final AdminReports admin;

    Exchanges(ConnectionReports connection) {
        this.connection = connection;
        this.commits = new CommitReports(connection);
        this.members = new MembershipReports(connection);
        this.admin = new AdminReports(connection);
    }

    boolean concerns(ApiKeys api) {
        return CONCERNED.contains(api) || AdminReports.concerns(api);
    }

    /** What is to be remembered of a request until its response comes; {@code null} for nothing. */
    Sent.@Nullable Decoded sent(short apiKey, ApiMessage request) {
        ApiKeys api = ApiKeys.forId(apiKey);
        if (AdminReports.concerns(api)) {
            return admin.sent(api, request);
        }
        return CONCERNED.contains(api) ? new Sent.Decoded(api, request, connection.client(), Map.of()) : null;
    }

    void answered(Sent.Decoded sent, ApiMessage response) {
        ReportedClient client = sent.client();
        ApiMessage request = sent.request();
        switch (sent.api()) {
            case OFFSET_COMMIT ->
                commits.committed(client, (OffsetCommitRequestData) request, (OffsetCommitResponseData) response);
            case OFFSET_FETCH ->
                commits.fetched(client, (OffsetFetchRequestData) request, (OffsetFetchResponseData) response);
            case TXN_OFFSET_COMMIT ->
                commits.committedInTransaction(
                        client, (TxnOffsetCommitRequestData) request, (TxnOffsetCommitResponseData) response);
            case END_TXN ->
                commits.transactionEnded(client, (EndTxnRequestData) request, (EndTxnResponseData) response);
            case INIT_PRODUCER_ID ->
                commits.producerBegins(
                        client, (InitProducerIdRequestData) request, (InitProducerIdResponseData) response);
            case LIST_OFFSETS -> commits.listed((ListOffsetsRequestData) request, (ListOffsetsResponseData) response);
            case JOIN_GROUP -> members.joined(client, (JoinGroupRequestData) request, (JoinGroupResponseData) response);
            case SYNC_GROUP -> {
                SyncGroupRequestData sync = (SyncGroupRequestData) request;
                members.alive(
                        client,
                        sync.groupId(),
                        sync.memberId(),
                        sync.groupInstanceId(),
                        sync.generationId(),
                        ((SyncGroupResponseData) response).errorCode());
            }
            case HEARTBEAT -> {
                HeartbeatRequestData beat = (HeartbeatRequestData) request;
                members.alive(
                        client,
                        beat.groupId(),
                        beat.memberId(),
                        beat.groupInstanceId(),
                        beat.generationId(),
                        ((HeartbeatResponseData) response).errorCode());
            }
            case LEAVE_GROUP ->
                members.left(client, (LeaveGroupRequestData) request, ((LeaveGroupResponseData) response).errorCode());
            case CONSUMER_GROUP_HEARTBEAT ->
                members.heartbeat(
                        client, (ConsumerGroupHeartbeatRequestData) request, (ConsumerGroupHeartbeatResponseData)
                                response);
            case SHARE_GROUP_HEARTBEAT ->
                members.heartbeat(
                        client, (ShareGroupHeartbeatRequestData) request, (ShareGroupHeartbeatResponseData) response);
            case SHARE_ACKNOWLEDGE ->
                connection
                        .shares()
                        .acknowledged(
                                client, (ShareAcknowledgeRequestData) request, (ShareAcknowledgeResponseData) response);
            case STREAMS_GROUP_HEARTBEAT ->
                members.heartbeat(
                        client, (StreamsGroupHeartbeatRequestData) request, (StreamsGroupHeartbeatResponseData)
                                response);
            default -> admin.answered(sent, response);
        }
    }

    /** The connection ended before the response to a request that went upstream. */
    void unanswered(Sent.Decoded sent) {
        members.leave(sent.client(), sent.request());
    }

    void reads(ShareFetchRequestData request) {
        if (request.groupId() != null && request.memberId() != null) {
            members.reads(connection.client(), request.groupId(), request.memberId());
        }
    }

    void denied(ResourceType type, String name, Operation operation, Decision decision) {
        boolean dryRun = decision.dryRunDenied();
        if (type == ResourceType.TOPIC && operation == Operation.WRITE) {
            connection.topics().of(name).produced().denied(dryRun);
        } else if (type == ResourceType.TOPIC && operation == Operation.READ) {
            TopicCells topic = connection.topics().of(name);
            topic.consumed().denied(dryRun);
            if (!dryRun) {
                topic.readRefused();
            }
        }
        ReportedClient client = connection.client();
        connection
                .loop()
                .audit()
                .add(
                        AuditEvent.denied(client.cluster(), client.message(), type, name, operation, decision),
                        System.currentTimeMillis());
    }
}
