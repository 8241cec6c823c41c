package dev.weir.proxy.authorize;

import static dev.weir.proxy.authorize.Outcomes.answer;
import static dev.weir.proxy.authorize.Outcomes.assertForwarded;
import static dev.weir.proxy.authorize.Outcomes.edited;
import static dev.weir.proxy.authorize.Outcomes.rewritten;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupAuthorizersTest {
    private static final short DENIED = Errors.GROUP_AUTHORIZATION_FAILED.code();

    static IntStream join() {
        return versions(ApiKeys.JOIN_GROUP);
    }

    static IntStream sync() {
        return versions(ApiKeys.SYNC_GROUP);
    }

    static IntStream heartbeat() {
        return versions(ApiKeys.HEARTBEAT);
    }

    static IntStream leave() {
        return versions(ApiKeys.LEAVE_GROUP);
    }

    static IntStream describe() {
        return versions(ApiKeys.DESCRIBE_GROUPS);
    }

    static IntStream delete() {
        return versions(ApiKeys.DELETE_GROUPS);
    }

    static IntStream list() {
        return versions(ApiKeys.LIST_GROUPS);
    }

    static IntStream consumerDescribe() {
        return versions(ApiKeys.CONSUMER_GROUP_DESCRIBE);
    }

    private static IntStream versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion());
    }

    private static FakeContext reader(int version) {
        return new FakeContext(version).allowGroup("g", Operation.READ);
    }

    @ParameterizedTest
    @MethodSource("join")
    void joinNeedsReadOnTheGroup(int version) {
        GroupMemberAuthorizer<JoinGroupRequestData> authorizer = GroupMemberAuthorizer.joinGroup();
        JoinGroupRequestData request = new JoinGroupRequestData().setGroupId("g");
        assertForwarded(authorizer.decide(request, reader(version)));
        FakeContext nobody = new FakeContext(version);
        JoinGroupResponseData refused = answer(JoinGroupResponseData.class, authorizer.decide(request, nobody), nobody);
        assertEquals(DENIED, refused.errorCode());
        assertEquals(version >= 7 ? null : "", refused.protocolName());
        assertEquals(Operation.READ, authorizer.needs((short) version).group());
    }

    @ParameterizedTest
    @MethodSource("sync")
    void syncNeedsReadOnTheGroupAfterAProtocol(int version) {
        GroupMemberAuthorizer<SyncGroupRequestData> authorizer = GroupMemberAuthorizer.syncGroup();
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId("g");
        FakeContext nobody = new FakeContext(version);
        SyncGroupResponseData refused = answer(SyncGroupResponseData.class, authorizer.decide(request, nobody), nobody);
        assertEquals(version < 5 ? DENIED : Errors.INCONSISTENT_GROUP_PROTOCOL.code(), refused.errorCode());
        if (version >= 5) {
            request.setProtocolType("consumer").setProtocolName("range");
        }
        refused = answer(SyncGroupResponseData.class, authorizer.decide(request, nobody), nobody);
        assertEquals(DENIED, refused.errorCode());
        assertForwarded(authorizer.decide(request, reader(version)));
    }

    @ParameterizedTest
    @MethodSource("heartbeat")
    void heartbeatNeedsReadOnTheGroup(int version) {
        GroupMemberAuthorizer<HeartbeatRequestData> authorizer = GroupMemberAuthorizer.heartbeat();
        HeartbeatRequestData request = new HeartbeatRequestData().setGroupId("g");
        assertForwarded(authorizer.decide(request, reader(version)));
        FakeContext nobody = new FakeContext(version);
        assertEquals(
                DENIED,
                answer(HeartbeatResponseData.class, authorizer.decide(request, nobody), nobody)
                        .errorCode());
    }

    @ParameterizedTest
    @MethodSource("leave")
    void leaveNeedsReadOnTheGroup(int version) {
        GroupMemberAuthorizer<LeaveGroupRequestData> authorizer = GroupMemberAuthorizer.leaveGroup();
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId("g");
        assertForwarded(authorizer.decide(request, reader(version)));
        FakeContext nobody = new FakeContext(version);
        assertEquals(
                DENIED,
                answer(LeaveGroupResponseData.class, authorizer.decide(request, nobody), nobody)
                        .errorCode());
    }

    @ParameterizedTest
    @MethodSource("describe")
    void descriptionsHideHostsAndShowTheClientsOperations(int version) {
        DescribeGroupsAuthorizer authorizer = new DescribeGroupsAuthorizer();
        FakeContext context = reader(version);
        Outcome outcome = authorizer.decide(
                new DescribeGroupsRequestData()
                        .setGroups(List.of("g", "other"))
                        .setIncludeAuthorizedOperations(version >= 3),
                context);
        assertEquals(
                List.of("g"),
                rewritten(DescribeGroupsRequestData.class, outcome, context).groups());
        DescribeGroupsResponseData.DescribedGroup described = new DescribeGroupsResponseData.DescribedGroup()
                .setGroupId("g")
                .setMembers(List.of(new DescribeGroupsResponseData.DescribedGroupMember().setClientHost("/10.0.0.9")));
        if (version >= 3) {
            described.setAuthorizedOperations(-1);
        }
        DescribeGroupsResponseData response = edited(
                outcome, new DescribeGroupsResponseData().setGroups(new ArrayList<>(List.of(described))), context);
        assertEquals("other", response.groups().get(0).groupId());
        assertEquals(DENIED, response.groups().get(0).errorCode());
        assertEquals("", response.groups().get(1).members().get(0).clientHost());
        assertEquals(
                version >= 3 ? Operation.READ.bit() | Operation.DESCRIBE.bit() : Integer.MIN_VALUE,
                response.groups().get(1).authorizedOperations());

        FakeContext nobody = new FakeContext(version);
        DescribeGroupsResponseData refused = answer(
                DescribeGroupsResponseData.class,
                authorizer.decide(new DescribeGroupsRequestData().setGroups(List.of("g")), nobody),
                nobody);
        assertEquals(DENIED, refused.groups().get(0).errorCode());
    }

    @ParameterizedTest
    @MethodSource("consumerDescribe")
    void aConsumerGroupWithAHiddenTopicIsNotShown(int version) {
        ConsumerGroupDescribeAuthorizer authorizer = new ConsumerGroupDescribeAuthorizer();
        FakeContext context = reader(version).allowTopic("open", Operation.DESCRIBE);
        ConsumerGroupDescribeRequestData request =
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g")).setIncludeAuthorizedOperations(true);
        Outcome outcome = authorizer.decide(request, context);
        ConsumerGroupDescribeResponseData shown = edited(outcome, consumerGroup("open"), context);
        assertEquals(0, shown.groups().get(0).errorCode());
        assertEquals("", shown.groups().get(0).members().get(0).clientHost());
        assertEquals(
                Operation.READ.bit() | Operation.DESCRIBE.bit(),
                shown.groups().get(0).authorizedOperations());
        ConsumerGroupDescribeResponseData hidden = edited(outcome, consumerGroup("secret"), context);
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(), hidden.groups().get(0).errorCode());
        assertTrue(hidden.groups().get(0).members().isEmpty());
        assertEquals(Integer.MIN_VALUE, hidden.groups().get(0).authorizedOperations());

        FakeContext nobody = new FakeContext(version);
        assertEquals(
                DENIED,
                answer(ConsumerGroupDescribeResponseData.class, authorizer.decide(request, nobody), nobody)
                        .groups()
                        .get(0)
                        .errorCode());
    }

    private static ConsumerGroupDescribeResponseData consumerGroup(String target) {
        ConsumerGroupDescribeResponseData.TopicPartitions partitions =
                new ConsumerGroupDescribeResponseData.TopicPartitions().setTopicName(target);
        ConsumerGroupDescribeResponseData.Member member = new ConsumerGroupDescribeResponseData.Member()
                .setClientHost("/10.0.0.9")
                .setTargetAssignment(
                        new ConsumerGroupDescribeResponseData.Assignment().setTopicPartitions(List.of(partitions)));
        return new ConsumerGroupDescribeResponseData()
                .setGroups(List.of(new ConsumerGroupDescribeResponseData.DescribedGroup()
                        .setGroupId("g")
                        .setAuthorizedOperations(-1)
                        .setMembers(List.of(member))));
    }

    @Test
    void aShareGroupWithAHiddenTopicIsNotShown() {
        ShareGroupDescribeAuthorizer authorizer = new ShareGroupDescribeAuthorizer();
        FakeContext context = reader(1).allowTopic("open", Operation.DESCRIBE);
        Outcome outcome =
                authorizer.decide(new ShareGroupDescribeRequestData().setGroupIds(List.of("other", "g")), context);
        ShareGroupDescribeResponseData shown = edited(outcome, shareGroup("open"), context);
        assertEquals(DENIED, shown.groups().get(0).errorCode());
        assertEquals(0, shown.groups().get(1).errorCode());
        assertEquals("", shown.groups().get(1).members().get(0).clientHost());
        ShareGroupDescribeResponseData hidden = edited(outcome, shareGroup("secret"), context);
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(), hidden.groups().get(1).errorCode());
    }

    private static ShareGroupDescribeResponseData shareGroup(String topic) {
        ShareGroupDescribeResponseData.Member member = new ShareGroupDescribeResponseData.Member()
                .setClientHost("/10.0.0.9")
                .setAssignment(new ShareGroupDescribeResponseData.Assignment()
                        .setTopicPartitions(
                                List.of(new ShareGroupDescribeResponseData.TopicPartitions().setTopicName(topic))));
        return new ShareGroupDescribeResponseData()
                .setGroups(List.of(new ShareGroupDescribeResponseData.DescribedGroup()
                        .setGroupId("g")
                        .setMembers(List.of(member))));
    }

    @Test
    void aStreamsGroupWithAHiddenTopicIsNotShown() {
        StreamsGroupDescribeAuthorizer authorizer = new StreamsGroupDescribeAuthorizer();
        FakeContext context = reader(0).allowTopic("open", Operation.DESCRIBE);
        Outcome outcome = authorizer.decide(new StreamsGroupDescribeRequestData().setGroupIds(List.of("g")), context);
        StreamsGroupDescribeResponseData shown = edited(outcome, streamsGroup("open"), context);
        assertEquals(0, shown.groups().get(0).errorCode());
        StreamsGroupDescribeResponseData hidden = edited(outcome, streamsGroup("secret"), context);
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(), hidden.groups().get(0).errorCode());
        assertNull(hidden.groups().get(0).topology());
    }

    private static StreamsGroupDescribeResponseData streamsGroup(String changelog) {
        StreamsGroupDescribeResponseData.Subtopology subtopology = new StreamsGroupDescribeResponseData.Subtopology()
                .setSourceTopics(List.of("open"))
                .setStateChangelogTopics(List.of(new StreamsGroupDescribeResponseData.TopicInfo().setName(changelog)));
        return new StreamsGroupDescribeResponseData()
                .setGroups(List.of(new StreamsGroupDescribeResponseData.DescribedGroup()
                        .setGroupId("g")
                        .setTopology(new StreamsGroupDescribeResponseData.Topology()
                                .setSubtopologies(List.of(subtopology)))));
    }

    @ParameterizedTest
    @MethodSource("delete")
    void refusedGroupsFollowDeletedOnes(int version) {
        DeleteGroupsAuthorizer authorizer = new DeleteGroupsAuthorizer();
        FakeContext context = new FakeContext(version).allowGroup("g", Operation.DELETE);
        assertForwarded(authorizer.decide(new DeleteGroupsRequestData().setGroupsNames(List.of("g", "g")), context));
        Outcome outcome =
                authorizer.decide(new DeleteGroupsRequestData().setGroupsNames(List.of("no", "g", "no")), context);
        assertEquals(
                List.of("g"),
                rewritten(DeleteGroupsRequestData.class, outcome, context).groupsNames());
        DeleteGroupsResponseData broker = new DeleteGroupsResponseData();
        broker.results().add(new DeletableGroupResult().setGroupId("g"));
        List<DeletableGroupResult> results =
                new ArrayList<>(edited(outcome, broker, context).results());
        assertEquals(
                List.of("g", "no"),
                results.stream().map(DeletableGroupResult::groupId).toList());
        assertEquals(DENIED, results.get(1).errorCode());
        DeleteGroupsResponseData none = answer(
                DeleteGroupsResponseData.class,
                authorizer.decide(new DeleteGroupsRequestData().setGroupsNames(List.of("no", "no")), context),
                context);
        assertEquals(1, none.results().size());
    }

    @ParameterizedTest
    @MethodSource("list")
    void listsShowWhatMayBeDescribedAndNeverReservedGroups(int version) {
        ListGroupsAuthorizer authorizer = new ListGroupsAuthorizer();
        FakeContext some = reader(version);
        assertEquals(List.of("g"), listed(authorizer, some));
        assertEquals(List.of(), listed(authorizer, new FakeContext(version)));
        FakeContext all = new FakeContext(version).allowCluster(Operation.DESCRIBE);
        assertEquals(List.of("g", "other"), listed(authorizer, all));
        assertTrue(some.denials().isEmpty(), "filtering leaves no trace");
        assertEquals(0, all.authorizedOperations(ResourceType.GROUP, "g"));
    }

    private static List<String> listed(ListGroupsAuthorizer authorizer, FakeContext context) {
        ListGroupsResponseData broker = new ListGroupsResponseData()
                .setGroups(new ArrayList<>(List.of(
                        new ListedGroup().setGroupId("g"),
                        new ListedGroup().setGroupId("other"),
                        new ListedGroup().setGroupId("_weir-topology"),
                        new ListedGroup().setGroupId("g~canary"))));
        return edited(authorizer.decide(new ListGroupsRequestData(), context), broker, context).groups().stream()
                .map(ListedGroup::groupId)
                .toList();
    }
}
