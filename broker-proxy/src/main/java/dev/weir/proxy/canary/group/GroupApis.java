package dev.weir.proxy.canary.group;

import static dev.weir.proxy.canary.group.GroupNames.foreign;
import static dev.weir.proxy.canary.group.GroupNames.one;
import static dev.weir.proxy.canary.group.GroupNames.other;
import static dev.weir.proxy.canary.group.GroupNames.working;
import static java.util.Map.entry;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.jspecify.annotations.Nullable;

/** Every API whose requests work in, or name, consumer groups, and where its messages name them. */
final class GroupApis {
    private static final Map<ApiKeys, GroupNames> BY_API = new EnumMap<>(Map.ofEntries(
            // members
            entry(ApiKeys.JOIN_GROUP, working(JoinGroupRequestData::groupId, JoinGroupRequestData::setGroupId)),
            entry(ApiKeys.SYNC_GROUP, working(SyncGroupRequestData::groupId, SyncGroupRequestData::setGroupId)),
            entry(ApiKeys.HEARTBEAT, working(HeartbeatRequestData::groupId, HeartbeatRequestData::setGroupId)),
            entry(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    working(
                            ConsumerGroupHeartbeatRequestData::groupId,
                            ConsumerGroupHeartbeatRequestData::setGroupId,
                            (ConsumerGroupHeartbeatResponseData response, MemberNames names) ->
                                    response.setErrorMessage(names.inText(response.errorMessage())))),
            entry(ApiKeys.LEAVE_GROUP, other(one(LeaveGroupRequestData::groupId, LeaveGroupRequestData::setGroupId))),
            // offsets
            entry(
                    ApiKeys.OFFSET_COMMIT,
                    working(OffsetCommitRequestData::groupId, OffsetCommitRequestData::setGroupId)),
            entry(
                    ApiKeys.ADD_OFFSETS_TO_TXN,
                    working(AddOffsetsToTxnRequestData::groupId, AddOffsetsToTxnRequestData::setGroupId)),
            entry(
                    ApiKeys.TXN_OFFSET_COMMIT,
                    working(TxnOffsetCommitRequestData::groupId, TxnOffsetCommitRequestData::setGroupId)),
            entry(ApiKeys.OFFSET_FETCH, other(GroupApis::offsetFetch, GroupApis::fetchedOffsets)),
            entry(
                    ApiKeys.OFFSET_DELETE,
                    other(one(OffsetDeleteRequestData::groupId, OffsetDeleteRequestData::setGroupId))),
            // those who look
            entry(ApiKeys.FIND_COORDINATOR, other(GroupApis::findCoordinator, GroupApis::coordinators)),
            entry(
                    ApiKeys.DESCRIBE_GROUPS,
                    other(
                            many(DescribeGroupsRequestData::groups, DescribeGroupsRequestData::setGroups),
                            GroupApis::describedGroups)),
            entry(
                    ApiKeys.CONSUMER_GROUP_DESCRIBE,
                    other(
                            many(
                                    ConsumerGroupDescribeRequestData::groupIds,
                                    ConsumerGroupDescribeRequestData::setGroupIds),
                            GroupApis::describedConsumerGroups)),
            entry(
                    ApiKeys.DELETE_GROUPS,
                    other(
                            many(DeleteGroupsRequestData::groupsNames, DeleteGroupsRequestData::setGroupsNames),
                            GroupApis::deletedGroups)),
            entry(ApiKeys.LIST_GROUPS, other((ListGroupsRequestData request, UnaryOperator<String> names) -> {})),
            // groups of other kinds
            entry(ApiKeys.SHARE_GROUP_HEARTBEAT, foreign(ShareGroupHeartbeatRequestData::groupId)),
            entry(ApiKeys.SHARE_FETCH, foreign(ShareFetchRequestData::groupId)),
            entry(ApiKeys.SHARE_ACKNOWLEDGE, foreign(ShareAcknowledgeRequestData::groupId)),
            entry(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, foreign(AlterShareGroupOffsetsRequestData::groupId)),
            entry(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, foreign(DeleteShareGroupOffsetsRequestData::groupId)),
            entry(ApiKeys.STREAMS_GROUP_HEARTBEAT, foreign(StreamsGroupHeartbeatRequestData::groupId))));

    private GroupApis() {}

    /** Where the messages of an API name consumer groups; {@code null} for one that names none. */
    static @Nullable GroupNames of(ApiKeys api) {
        return BY_API.get(api);
    }

    private static <Q extends ApiMessage> GroupNames.Renaming<Q> many(
            Function<Q, List<String>> get, BiConsumer<Q, List<String>> set) {
        return (request, names) ->
                set.accept(request, get.apply(request).stream().map(names).toList());
    }

    private static void findCoordinator(FindCoordinatorRequestData request, UnaryOperator<String> names) {
        if (request.keyType() == CoordinatorType.GROUP.id()) {
            request.setKey(names.apply(request.key()));
            request.setCoordinatorKeys(
                    request.coordinatorKeys().stream().map(names).toList());
        }
    }

    private static void coordinators(FindCoordinatorResponseData response, MemberNames names) {
        response.setErrorMessage(names.inText(response.errorMessage()));
        response.coordinators()
                .forEach(coordinator -> coordinator
                        .setKey(names.toClient(coordinator.key()))
                        .setErrorMessage(names.inText(coordinator.errorMessage())));
    }

    private static void offsetFetch(OffsetFetchRequestData request, UnaryOperator<String> names) {
        request.setGroupId(names.apply(request.groupId()));
        request.groups().forEach(group -> group.setGroupId(names.apply(group.groupId())));
    }

    private static void fetchedOffsets(OffsetFetchResponseData response, MemberNames names) {
        response.groups().forEach(group -> group.setGroupId(names.toClient(group.groupId())));
    }

    private static void describedGroups(DescribeGroupsResponseData response, MemberNames names) {
        response.groups()
                .forEach(group -> group.setGroupId(names.toClient(group.groupId()))
                        .setErrorMessage(names.inText(group.errorMessage())));
    }

    private static void describedConsumerGroups(ConsumerGroupDescribeResponseData response, MemberNames names) {
        response.groups()
                .forEach(group -> group.setGroupId(names.toClient(group.groupId()))
                        .setErrorMessage(names.inText(group.errorMessage())));
    }

    /** The results are found by their groups: one whose group changes has to be put in anew. */
    private static void deletedGroups(DeleteGroupsResponseData response, MemberNames names) {
        DeletableGroupResultCollection results =
                new DeletableGroupResultCollection(response.results().size());
        for (DeletableGroupResult result : response.results()) {
            results.add(result.duplicate().setGroupId(names.toClient(result.groupId())));
        }
        response.setResults(results);
    }
}
