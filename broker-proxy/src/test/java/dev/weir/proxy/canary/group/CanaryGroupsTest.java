package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CanaryGroupsTest {
    private static final String REAL = "g~canary";

    /** Requests that name the group, each in a way that every version can say. */
    private static final Map<ApiKeys, Supplier<ApiMessage>> NAMING = Map.ofEntries(
            Map.entry(ApiKeys.JOIN_GROUP, () -> join("range")),
            Map.entry(
                    ApiKeys.SYNC_GROUP,
                    () -> new SyncGroupRequestData()
                            .setGroupId("g")
                            .setProtocolType("consumer")
                            .setProtocolName("range")),
            Map.entry(ApiKeys.HEARTBEAT, () -> new HeartbeatRequestData().setGroupId("g")),
            Map.entry(ApiKeys.LEAVE_GROUP, () -> new LeaveGroupRequestData().setGroupId("g")),
            Map.entry(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    () -> new ConsumerGroupHeartbeatRequestData()
                            .setGroupId("g")
                            .setMemberId("m")
                            .setMemberEpoch(3)),
            Map.entry(
                    ApiKeys.OFFSET_COMMIT,
                    () -> new OffsetCommitRequestData()
                            .setGroupId("g")
                            .setTopics(List.of(new OffsetCommitRequestTopic()
                                    .setTopicId(FakeContext.idOf("orders"))
                                    .setPartitions(List.of(new OffsetCommitRequestPartition()))))),
            Map.entry(ApiKeys.OFFSET_DELETE, () -> new OffsetDeleteRequestData().setGroupId("g")),
            Map.entry(
                    ApiKeys.ADD_OFFSETS_TO_TXN,
                    () -> new AddOffsetsToTxnRequestData()
                            .setTransactionalId("t")
                            .setGroupId("g")),
            Map.entry(
                    ApiKeys.TXN_OFFSET_COMMIT,
                    () -> new TxnOffsetCommitRequestData()
                            .setTransactionalId("t")
                            .setGroupId("g")
                            .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                                    .setName("orders")
                                    .setPartitions(List.of(new TxnOffsetCommitRequestPartition()))))),
            Map.entry(ApiKeys.DESCRIBE_GROUPS, () -> new DescribeGroupsRequestData().setGroups(List.of("g"))),
            Map.entry(
                    ApiKeys.CONSUMER_GROUP_DESCRIBE,
                    () -> new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g"))),
            Map.entry(ApiKeys.DELETE_GROUPS, () -> new DeleteGroupsRequestData().setGroupsNames(List.of("g"))));

    private static final Map<ApiKeys, Supplier<ApiMessage>> FOREIGN = Map.of(
            ApiKeys.SHARE_GROUP_HEARTBEAT,
            () -> new ShareGroupHeartbeatRequestData().setGroupId("g").setMemberId("m"),
            ApiKeys.SHARE_FETCH,
            () -> new ShareFetchRequestData().setGroupId("g").setMemberId("m"),
            ApiKeys.SHARE_ACKNOWLEDGE,
            () -> new ShareAcknowledgeRequestData().setGroupId("g").setMemberId("m"),
            ApiKeys.STREAMS_GROUP_HEARTBEAT,
            () -> new StreamsGroupHeartbeatRequestData().setGroupId("g").setMemberId("m"));

    private final CanaryGroups groups =
            new CanaryGroups(canary -> true, (canary, topic, partition) -> 40L + partition, seen -> {});

    private static JoinGroupRequestData join(String assignor) {
        JoinGroupRequestData join = new JoinGroupRequestData().setGroupId("g").setProtocolType("consumer");
        join.protocols().add(new JoinGroupRequestProtocol().setName(assignor));
        return join;
    }

    private Outcome decide(ApiKeys api, ApiMessage request, FakeContext context) {
        return decide(groups, api, request, context);
    }

    private static Outcome decide(CanaryGroups groups, ApiKeys api, ApiMessage request, FakeContext context) {
        return groups.decide(ApiAuthorizers.of(api), api, OnTheWire.request(request, context.apiVersion()), context);
    }

    private static Stream<Arguments> versions(Map<ApiKeys, ?> apis) {
        return apis.keySet().stream()
                .flatMap(api -> OnTheWire.versions(api).stream().map(version -> Arguments.of(api, version)));
    }

    static Stream<Arguments> naming() {
        return versions(NAMING);
    }

    static Stream<Arguments> working() {
        return naming().filter(one -> GroupApis.of((ApiKeys) one.get()[0]).use() == GroupUse.WORK);
    }

    static Stream<Arguments> foreign() {
        return versions(FOREIGN);
    }

    @ParameterizedTest
    @MethodSource("naming")
    void theBrokerGetsTheGroupOfTheNewVersion(ApiKeys api, short version) {
        FakeContext context = SharedGroup.context(version, SharedGroup.CANARY);
        Outcome outcome = decide(api, NAMING.get(api).get(), context);
        ApiMessage sent = OnTheWire.upstream(outcome, ApiMessage.class, context);
        assertThat(sent.toString()).contains(REAL).doesNotContain("'g'", "[g]");
        assertThat(context.denials()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("naming")
    void nothingOfTheStableSideIsChanged(ApiKeys api, short version) {
        ApiMessage request = OnTheWire.request(NAMING.get(api).get(), version);
        FakeContext context = SharedGroup.context(version, SharedGroup.STABLE);
        Outcome outcome = groups.decide(ApiAuthorizers.of(api), api, request, context);
        assertThat(outcome).isInstanceOf(Outcome.Forward.class);
        assertThat(request).isEqualTo(OnTheWire.request(NAMING.get(api).get(), version));
    }

    @ParameterizedTest
    @MethodSource("working")
    void whoeverIsOfNeitherSideDoesNotWorkInTheGroup(ApiKeys api, short version) {
        FakeContext context = SharedGroup.context(version, SharedGroup.NEITHER);
        Outcome outcome = decide(api, NAMING.get(api).get(), context);
        assertThat(errors(api, outcome, version)).containsOnlyKeys(Errors.GROUP_AUTHORIZATION_FAILED);
        assertThat(context.denials()).containsExactly("GROUP:g:READ:next");
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void groupsOfOtherKindsAreRefused(ApiKeys api, short version) {
        for (String client : List.of(SharedGroup.STABLE, SharedGroup.CANARY, SharedGroup.NEITHER)) {
            FakeContext context = SharedGroup.context(version, client);
            Outcome outcome = decide(api, FOREIGN.get(api).get(), context);
            assertThat(errors(api, outcome, version)).containsOnlyKeys(Errors.GROUP_AUTHORIZATION_FAILED);
            assertThat(context.denials()).containsExactly("GROUP:g:READ:next");
        }
    }

    private static Map<Errors, Integer> errors(ApiKeys api, Outcome outcome, short version) {
        ApiMessage answer = ((Outcome.Answer) outcome).response();
        return AbstractResponse.parseResponse(
                        api,
                        new ByteBufferAccessor(MessageUtil.toByteBufferAccessor(answer, version)
                                .buffer()),
                        version)
                .errorCounts();
    }

    @Test
    void whoeverIsOfNeitherSideMayLookAndGo() {
        for (ApiKeys api : List.of(ApiKeys.LEAVE_GROUP, ApiKeys.DESCRIBE_GROUPS, ApiKeys.CONSUMER_GROUP_DESCRIBE)) {
            FakeContext context = SharedGroup.context(api.latestVersion(), SharedGroup.NEITHER);
            assertThat(decide(api, NAMING.get(api).get(), context)).isInstanceOf(Outcome.Forward.class);
            assertThat(context.denials()).isEmpty();
        }
        ConsumerGroupHeartbeatRequestData leaving = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setMemberEpoch(-1);
        assertThat(decide(ApiKeys.CONSUMER_GROUP_HEARTBEAT, leaving, SharedGroup.context(1, SharedGroup.NEITHER)))
                .isEqualTo(Outcome.FORWARD);
    }

    @Test
    void inTheGroupThatAShadowReadsBesideNothingIsRefused() {
        for (String client : List.of(SharedGroup.LIGHT, SharedGroup.NEITHER)) {
            FakeContext context = SharedGroup.context(9, client).allowGroup("h", Operation.READ);
            ApiMessage join = join("stream").setGroupId("h");
            assertThat(decide(ApiKeys.JOIN_GROUP, join, context)).isEqualTo(Outcome.FORWARD);
            assertThat(context.denials()).isEmpty();
        }
    }

    @Test
    void policysOwnDenialComesFirst() {
        FakeContext context = new FakeContext(4)
                .clientId(SharedGroup.NEITHER)
                .canaries(SharedGroup.policy().canaries(), SharedGroup.SERVICE);
        decide(ApiKeys.HEARTBEAT, new HeartbeatRequestData().setGroupId("g"), context);
        assertThat(context.denials()).containsExactly("GROUP:g:READ");
    }

    @Test
    void kafkaStreamsAndOtherProtocolsDoNotJoin() {
        short version = ApiKeys.JOIN_GROUP.latestVersion();
        for (ApiMessage join : List.of(join("stream"), join("range").setProtocolType("connect"))) {
            Outcome outcome = decide(ApiKeys.JOIN_GROUP, join, SharedGroup.context(version, SharedGroup.STABLE));
            assertThat(errors(ApiKeys.JOIN_GROUP, outcome, version))
                    .containsOnlyKeys(Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
    }

    @Test
    void theNewVersionWaitsUntilItMayBegin() {
        CanaryGroups closed = new CanaryGroups(canary -> false, (canary, topic, partition) -> 0, seen -> {});
        short version = ApiKeys.JOIN_GROUP.latestVersion();
        Outcome join =
                decide(closed, ApiKeys.JOIN_GROUP, join("range"), SharedGroup.context(version, SharedGroup.CANARY));
        assertThat(errors(ApiKeys.JOIN_GROUP, join, version)).containsOnlyKeys(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        ConsumerGroupHeartbeatRequestData first = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setMemberEpoch(0);
        Outcome beat =
                decide(closed, ApiKeys.CONSUMER_GROUP_HEARTBEAT, first, SharedGroup.context(1, SharedGroup.CANARY));
        assertThat(errors(ApiKeys.CONSUMER_GROUP_HEARTBEAT, beat, (short) 1))
                .containsOnlyKeys(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(List.of(join, beat))
                .as("it does not ask again at once")
                .allSatisfy(outcome ->
                        assertThat(((Outcome.Answer) outcome).quietMillis()).isEqualTo(Admission.AGAIN_MILLIS));
        assertThat(decide(closed, ApiKeys.JOIN_GROUP, join("range"), SharedGroup.context(version, SharedGroup.STABLE)))
                .isEqualTo(Outcome.FORWARD);
        FakeContext there = SharedGroup.context(1, SharedGroup.CANARY);
        assertThat(decide(closed, ApiKeys.CONSUMER_GROUP_HEARTBEAT, first.setMemberEpoch(2), there))
                .as("whoever is in stays in")
                .isInstanceOf(Outcome.Rewrite.class);
    }

    @Test
    void findsTheCoordinatorOfItsOwnGroup() {
        for (short version : OnTheWire.versions(ApiKeys.FIND_COORDINATOR)) {
            FakeContext context = SharedGroup.context(version, SharedGroup.CANARY);
            FindCoordinatorRequestData request = version < 4
                    ? new FindCoordinatorRequestData().setKey("g")
                    : new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g", "forbidden"));
            Outcome outcome = decide(ApiKeys.FIND_COORDINATOR, request, context);
            assertThat(OnTheWire.upstream(outcome, ApiMessage.class, context).toString())
                    .contains(REAL);
            FindCoordinatorResponseData response = new FindCoordinatorResponseData();
            if (version >= 4) {
                response.coordinators().add(new FindCoordinatorResponseData.Coordinator().setKey(REAL));
                assertThat(OnTheWire.downstream(outcome, response, context).coordinators())
                        .extracting(FindCoordinatorResponseData.Coordinator::key)
                        .containsExactly("g", "forbidden");
            }
            FindCoordinatorRequestData transaction =
                    version < 4 ? request.setKey("t") : request.setCoordinatorKeys(List.of("t"));
            if (version >= 1) {
                assertThat(decide(ApiKeys.FIND_COORDINATOR, transaction.setKeyType((byte) 1), context))
                        .isEqualTo(Outcome.FORWARD);
            }
        }
    }

    @Test
    void responsesNameTheGroupAsTheClientDoes() {
        FakeContext context = SharedGroup.context(6, SharedGroup.CANARY);
        DescribeGroupsResponseData classic = new DescribeGroupsResponseData();
        classic.groups()
                .add(new DescribeGroupsResponseData.DescribedGroup()
                        .setGroupId(REAL)
                        .setErrorMessage("Group g~canary not found."));
        assertRestored(ApiKeys.DESCRIBE_GROUPS, classic, context);

        context = SharedGroup.context(1, SharedGroup.CANARY);
        ConsumerGroupDescribeResponseData described = new ConsumerGroupDescribeResponseData();
        described
                .groups()
                .add(new ConsumerGroupDescribeResponseData.DescribedGroup()
                        .setGroupId(REAL)
                        .setErrorMessage("Group g~canary is not a consumer group."));
        assertRestored(ApiKeys.CONSUMER_GROUP_DESCRIBE, described, context);
        assertRestored(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                new ConsumerGroupHeartbeatResponseData().setErrorMessage("Member m is not a member of group g~canary."),
                context);

        context = SharedGroup.context(2, SharedGroup.CANARY);
        DeleteGroupsResponseData deleted = new DeleteGroupsResponseData();
        deleted.results().add(new DeletableGroupResult().setGroupId(REAL).setErrorCode((short) 68));
        DeleteGroupsResponseData own =
                (DeleteGroupsResponseData) assertRestored(ApiKeys.DELETE_GROUPS, deleted, context);
        assertThat(own.results().find("g").errorCode()).isEqualTo((short) 68);
    }

    private ApiMessage assertRestored(ApiKeys api, ApiMessage response, FakeContext context) {
        Outcome outcome = decide(api, NAMING.get(api).get(), context);
        ApiMessage own = OnTheWire.downstream(outcome, response, context);
        assertThat(own.toString()).doesNotContain("canary").containsAnyOf("'g'", "group g.");
        return own;
    }

    @Test
    void eachSeesItsOwnGroupInAList() {
        assertThat(listed(SharedGroup.CANARY)).containsExactly("g", "other");
        assertThat(listed(SharedGroup.STABLE)).containsExactly("g", "other");
        assertThat(listed(SharedGroup.NEITHER)).containsExactly("g", "g~canary", "other");
    }

    private List<String> listed(String clientId) {
        FakeContext context = SharedGroup.context(5, clientId).allowCluster(Operation.DESCRIBE);
        Outcome outcome = decide(ApiKeys.LIST_GROUPS, new ListGroupsRequestData(), context);
        ListGroupsResponseData all = new ListGroupsResponseData();
        for (String group : List.of("g", REAL, "other", "else~canary", "_weir-topology")) {
            all.groups().add(new ListGroupsResponseData.ListedGroup().setGroupId(group));
        }
        return OnTheWire.downstream(outcome, all, context).groups().stream()
                .map(ListGroupsResponseData.ListedGroup::groupId)
                .toList();
    }

    @Test
    void theTableHasTheRequestsOfItsApis() {
        for (ApiKeys api : ApiKeys.values()) {
            GroupNames names = GroupApis.of(api);
            if (names != null) {
                ApiMessage request = ApiMessageType.fromApiKey(api.id).newRequest();
                names.request().rename(request, name -> name);
                names.one().group(request);
            }
        }
    }
}
