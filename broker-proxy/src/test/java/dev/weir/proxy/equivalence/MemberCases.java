package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;
import static dev.weir.testkit.await.Patience.awaitAnswer;

import dev.weir.proxy.equivalence.Case.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Groups whose brokers assign: consumer (KIP-848), share (KIP-932) and streams (KIP-1071). */
final class MemberCases {
    private static final String MEMBER = new Uuid(1, 1).toString();
    private static final List<String> SHARED_TOPICS = List.of("open", "seen", "hidden", "read", "write");
    private static final List<String> GROUPS = List.of("open", "read", "seen", "hidden");

    private MemberCases() {}

    static Stream<Case> all() {
        return Stream.of(consumers(), shares(), streams()).flatMap(each -> each);
    }

    private static Stream<Case> consumers() {
        return Stream.of(
                talking(ApiKeys.CONSUMER_GROUP_HEARTBEAT, "topics", Kind.CHANGES, talk -> {
                    for (String group : GROUPS) {
                        talk.ask(consumer(talk, group).setSubscribedTopicNames(topics(talk, "open", "hidden")));
                        talk.ask(consumer(talk, group).setSubscribedTopicNames(topics(talk, "open-no")));
                        talk.ask(consumer(talk, group).setSubscribedTopicNames(topics(talk, "open", "seen")));
                    }
                }),
                talking(ApiKeys.CONSUMER_GROUP_HEARTBEAT, "regex", Kind.CHANGES, MemberCases::regex)
                        .masking("memberEpoch"),
                describing(
                        ApiKeys.CONSUMER_GROUP_DESCRIBE,
                        s -> new ConsumerGroupDescribeRequestData()
                                .setGroupIds(names(s))
                                .setIncludeAuthorizedOperations(true)));
    }

    private static ConsumerGroupHeartbeatRequestData consumer(Conversation talk, String group) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(talk.scene().name(group))
                .setMemberId(MEMBER)
                .setRebalanceTimeoutMs(300_000)
                .setTopicPartitions(List.of());
    }

    private static List<String> topics(Conversation talk, String... roles) {
        return Stream.of(roles).map(talk.scene().shared()::name).toList();
    }

    /** The broker resolves a pattern some time after it was told, so only what comes of it is compared. */
    private static void regex(Conversation talk) throws Exception {
        if (talk.version() < 1) {
            return;
        }
        talk.ask(consumer(talk, "open").setSubscribedTopicRegex("[a"));
        if (talk.user() != User.ADMIN) {
            talk.ask(consumer(talk, "hidden").setSubscribedTopicRegex("open-.*"));
        }
        if (talk.user() == User.BOB) {
            return;
        }
        List<ConsumerGroupHeartbeatResponseData> last = new ArrayList<>();
        awaitAnswer().until(() -> {
            ConsumerGroupHeartbeatResponseData answer = (ConsumerGroupHeartbeatResponseData) talk.connection()
                    .request(
                            consumer(talk, "open").setSubscribedTopicRegex("(open|hidden|seen)-shared"), talk.version())
                    .body();
            last.add(0, answer);
            return answer.assignment() != null
                    && !answer.assignment().topicPartitions().isEmpty();
        });
        talk.hear(last.get(0), talk.version());
    }

    private static List<String> names(Scene s) {
        return GroupCases.GROUPS.stream().map(s::name).toList();
    }

    private static Case describing(ApiKeys api, java.util.function.Function<Scene, ApiMessage> request) {
        return reading(api, "groups", (s, v) -> request.apply(s));
    }

    private static Stream<Case> shares() {
        return Stream.of(
                talking(ApiKeys.SHARE_GROUP_HEARTBEAT, "topics", Kind.CHANGES, talk -> {
                    for (String group : GROUPS) {
                        talk.ask(shareBeat(talk, group, "open", "hidden"));
                        talk.ask(shareBeat(talk, group, "hidden-no"));
                        talk.ask(shareBeat(talk, group, "open", "seen"));
                    }
                }),
                describing(
                        ApiKeys.SHARE_GROUP_DESCRIBE,
                        s -> new ShareGroupDescribeRequestData()
                                .setGroupIds(names(s))
                                .setIncludeAuthorizedOperations(true)),
                talking(ApiKeys.SHARE_FETCH, "session", Kind.ACTS, MemberCases::shareFetches)
                        .masking("acquisitionLockTimeoutMs"),
                talking(ApiKeys.SHARE_ACKNOWLEDGE, "session", Kind.ACTS, MemberCases::shareAcknowledges),
                reading(
                        ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
                        "groups",
                        (s, v) -> new DescribeShareGroupOffsetsRequestData()
                                .setGroups(Stream.concat(
                                                GroupCases.GROUPS.stream()
                                                        .map(group -> shareOffsets(s, group)
                                                                .setTopics(DataCases.TOPICS.stream()
                                                                        .map(topic -> shareOffsetsOf(s, topic))
                                                                        .toList())),
                                                Stream.of(
                                                        shareOffsets(s, "open").setTopics(null)))
                                        .toList())),
                talking(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, "topics", Kind.CHANGES, talk -> {
                    for (String group : List.of("open", "hidden")) {
                        emptyShareGroup(talk, group);
                        talk.ask(alterOffsets(talk, group));
                    }
                    talk.ask(alterOffsets(talk, "open-no"));
                }),
                talking(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, "topics", Kind.CHANGES, talk -> {
                    for (String group : List.of("open", "hidden", "open-no")) {
                        if (!group.equals("open-no")) {
                            emptyShareGroup(talk, group);
                            arrangeOffsets(talk, group);
                        }
                        talk.ask(new DeleteShareGroupOffsetsRequestData()
                                .setGroupId(talk.scene().name(group))
                                .setTopics(DataCases.TOPICS.stream()
                                        .map(topic ->
                                                new DeleteShareGroupOffsetsRequestData
                                                                .DeleteShareGroupOffsetsRequestTopic()
                                                        .setTopicName(talk.scene()
                                                                .shared()
                                                                .name(topic)))
                                        .toList()));
                    }
                }));
    }

    private static ShareGroupHeartbeatRequestData shareBeat(Conversation talk, String group, String... topics) {
        return new ShareGroupHeartbeatRequestData()
                .setGroupId(talk.scene().name(group))
                .setMemberId(MEMBER)
                .setSubscribedTopicNames(topics(talk, topics));
    }

    private static void emptyShareGroup(Conversation talk, String group) {
        talk.arrange(shareBeat(talk, group), 1, ShareGroupHeartbeatResponseData.class);
        talk.arrange(
                shareBeat(talk, group).setSubscribedTopicNames(null).setMemberEpoch(-1),
                1,
                ShareGroupHeartbeatResponseData.class);
    }

    private static DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup shareOffsets(
            Scene s, String group) {
        return new DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup()
                .setGroupId(s.name(group));
    }

    private static DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic shareOffsetsOf(
            Scene s, String topic) {
        return new DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic()
                .setTopicName(s.name(topic))
                .setPartitions(List.of(0));
    }

    private static AlterShareGroupOffsetsRequestData alterOffsets(Conversation talk, String group) {
        AlterShareGroupOffsetsRequestData request =
                new AlterShareGroupOffsetsRequestData().setGroupId(talk.scene().name(group));
        DataCases.TOPICS.forEach(topic -> request.topics()
                .add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic()
                        .setTopicName(talk.scene().shared().name(topic))
                        .setPartitions(
                                List.of(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition()
                                        .setStartOffset(1)))));
        return request;
    }

    private static void arrangeOffsets(Conversation talk, String group) {
        awaitAnswer()
                .until(
                        () -> talk
                                .arrange(alterOffsets(talk, group), 0, AlterShareGroupOffsetsResponseData.class)
                                .responses()
                                .stream()
                                .filter(topic -> !topic.topicName().contains("-no-"))
                                .allMatch(topic -> topic.partitions().get(0).errorCode() == Errors.NONE.code()));
    }

    private static ShareFetchRequestData shareFetch(Conversation talk, String group, int epoch, List<String> topics) {
        ShareFetchRequestData request = new ShareFetchRequestData()
                .setGroupId(talk.scene().name(group))
                .setMemberId(MEMBER)
                .setShareSessionEpoch(epoch)
                .setMaxRecords(10)
                .setBatchSize(10);
        topics.forEach(topic -> request.topics()
                .add(new ShareFetchRequestData.FetchTopic()
                        .setTopicId(talk.scene().shared().id(topic))
                        .setPartitions(new ShareFetchRequestData.FetchPartitionCollection(
                                List.of(new ShareFetchRequestData.FetchPartition().setPartitionIndex(0))
                                        .iterator()))));
        return request;
    }

    private static void shareFetches(Conversation talk) throws Exception {
        for (String group : List.of("open", "hidden")) {
            if (group.equals("open") || talk.user() != User.ADMIN) {
                hearRefusals(talk, shareFetch(talk, group, 0, SHARED_TOPICS), talk.version());
                hearRefusals(talk, shareFetch(talk, group, 1, List.of()), talk.version());
                hearRefusals(talk, shareFetch(talk, group, 7, List.of()), talk.version());
                hearRefusals(talk, shareFetch(talk, group, -1, List.of()), talk.version());
            }
        }
    }

    private static void shareAcknowledges(Conversation talk) throws Exception {
        for (String group : List.of("open", "hidden")) {
            hearRefusals(talk, shareFetch(talk, group, 0, List.of("open")), (short) 1);
            for (int epoch : new int[] {1, 5}) {
                ShareAcknowledgeRequestData request = new ShareAcknowledgeRequestData()
                        .setGroupId(talk.scene().name(group))
                        .setMemberId(MEMBER)
                        .setShareSessionEpoch(epoch);
                SHARED_TOPICS.forEach(topic -> request.topics()
                        .add(new ShareAcknowledgeRequestData.AcknowledgeTopic()
                                .setTopicId(talk.scene().shared().id(topic))
                                .setPartitions(new ShareAcknowledgeRequestData.AcknowledgePartitionCollection(List.of(
                                                new ShareAcknowledgeRequestData.AcknowledgePartition()
                                                        .setPartitionIndex(0)
                                                        .setAcknowledgementBatches(List.of(
                                                                new ShareAcknowledgeRequestData.AcknowledgementBatch()
                                                                        .setFirstOffset(0)
                                                                        .setLastOffset(0)
                                                                        .setAcknowledgeTypes(List.of((byte) 1)))))
                                        .iterator()))));
                hearRefusals(talk, request, talk.version());
            }
        }
    }

    /**
     * A broker loads the state of a partition for a group at some time after it was first asked for, and answers
     * otherwise until then. So of partitions, only those that are refused are compared.
     */
    private static void hearRefusals(Conversation talk, ApiMessage request, short version) throws Exception {
        ApiMessage answer = talk.connection().request(request, version).body();
        short refused = Errors.TOPIC_AUTHORIZATION_FAILED.code();
        if (answer instanceof ShareFetchResponseData fetched) {
            fetched.responses().removeIf(topic -> topic.partitions().get(0).errorCode() != refused);
        } else if (answer instanceof ShareAcknowledgeResponseData acknowledged) {
            acknowledged.responses().removeIf(topic -> topic.partitions().get(0).errorCode() != refused);
        }
        talk.hear(answer, version);
    }

    private static Stream<Case> streams() {
        return Stream.of(
                talking(ApiKeys.STREAMS_GROUP_HEARTBEAT, "topologies", Kind.CHANGES, talk -> {
                            for (String group : GROUPS) {
                                talk.ask(streamsBeat(
                                        talk, group, subtopology().setSourceTopics(topics(talk, "open", "hidden"))));
                                talk.ask(streamsBeat(
                                        talk, group, subtopology().setSourceTopics(List.of("__consumer_offsets"))));
                                talk.ask(
                                        streamsBeat(talk, group, subtopology().setSourceTopicRegex(List.of("open.*"))));
                                talk.ask(streamsBeat(
                                        talk, group, subtopology().setSourceTopics(topics(talk, "open", "read"))));
                            }
                        })
                        .masking("statusDetail"),
                describing(
                        ApiKeys.STREAMS_GROUP_DESCRIBE,
                        s -> new StreamsGroupDescribeRequestData()
                                .setGroupIds(names(s))
                                .setIncludeAuthorizedOperations(true)));
    }

    private static StreamsGroupHeartbeatRequestData.Subtopology subtopology() {
        return new StreamsGroupHeartbeatRequestData.Subtopology().setSubtopologyId("0");
    }

    private static StreamsGroupHeartbeatRequestData streamsBeat(
            Conversation talk, String group, StreamsGroupHeartbeatRequestData.Subtopology subtopology) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(talk.scene().name(group))
                .setMemberId(MEMBER)
                .setProcessId("process")
                .setRebalanceTimeoutMs(300_000)
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setClientTags(List.of())
                .setTopology(new StreamsGroupHeartbeatRequestData.Topology().setSubtopologies(List.of(subtopology)));
    }
}
