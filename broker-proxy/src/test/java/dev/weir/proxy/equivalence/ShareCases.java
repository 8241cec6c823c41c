package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;
import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.equivalence.Case.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Share groups (KIP-932): their members, what they are handed, and where they stand. */
final class ShareCases {
    private static final List<String> SHARED_TOPICS =
            List.of("open", "seen", "hidden", "read", "write", "consumed", "produced");
    private static final List<String> WITH_RECORDS = List.of("open", "seen", "hidden", "read", "consumed");
    private static final int RECORDS_MAX = 500;

    private ShareCases() {}

    static Stream<Case> all() {
        return Stream.of(
                talking(ApiKeys.SHARE_GROUP_HEARTBEAT, "topics", Kind.CHANGES, talk -> {
                    for (String group : MemberCases.GROUPS) {
                        talk.ask(shareBeat(talk, group, "open", "hidden"));
                        talk.ask(shareBeat(talk, group, "hidden-no"));
                        talk.ask(shareBeat(talk, group, "open", "seen"));
                    }
                }),
                reading(
                        ApiKeys.SHARE_GROUP_HEARTBEAT,
                        "no member id",
                        (s, v) -> new ShareGroupHeartbeatRequestData()
                                .setGroupId(s.name("open"))
                                .setSubscribedTopicNames(List.of(s.name("hidden")))),
                MemberCases.describing(
                        ApiKeys.SHARE_GROUP_DESCRIBE,
                        s -> new ShareGroupDescribeRequestData()
                                .setGroupIds(MemberCases.names(s))
                                .setIncludeAuthorizedOperations(true)),
                talking(ApiKeys.SHARE_FETCH, "session", Kind.ACTS, ShareCases::shareFetches)
                        .masking("acquisitionLockTimeoutMs"),
                talking(ApiKeys.SHARE_ACKNOWLEDGE, "session", Kind.ACTS, ShareCases::shareAcknowledges),
                talking(ApiKeys.SHARE_FETCH, "records", Kind.ACTS, talk -> share(talk, talk.version(), (short) 1))
                        .masking("acquisitionLockTimeoutMs"),
                talking(ApiKeys.SHARE_ACKNOWLEDGE, "records", Kind.ACTS, talk -> share(talk, (short) 1, talk.version()))
                        .masking("acquisitionLockTimeoutMs"),
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
                .setMemberId(MemberCases.MEMBER)
                .setSubscribedTopicNames(MemberCases.topics(talk, topics));
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
                .setMemberId(MemberCases.MEMBER)
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
                ApiMessage request = acknowledgement(talk, group, epoch, SHARED_TOPICS, 0, 0);
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

    /** From the second record on, all that the user may read is handed out, and acknowledged. */
    private static void share(Conversation talk, short fetchVersion, short acknowledgeVersion) throws Exception {
        emptyShareGroup(talk, "open");
        arrangeOffsets(talk, "open");
        AtomicInteger epoch = new AtomicInteger();
        Map<String, String> handedOut = new TreeMap<>();
        // a broker loads where a group stands with a partition at some time after it was first asked for
        awaitAnswer().untilAsserted(() -> {
            List<String> topics = epoch.get() == 0 ? WITH_RECORDS : List.<String>of();
            ShareFetchResponseData answer = (ShareFetchResponseData) talk.connection()
                    .request(
                            shareFetch(talk, "open", epoch.getAndIncrement(), topics)
                                    .setMaxWaitMs(100)
                                    .setMinBytes(1)
                                    .setMaxBytes(1 << 20)
                                    .setMaxRecords(RECORDS_MAX)
                                    .setBatchSize(RECORDS_MAX),
                            fetchVersion)
                    .body();
            if (answer.errorCode() != Errors.NONE.code()) {
                handedOut.put("all", Errors.forCode(answer.errorCode()).toString());
                return;
            }
            answer.responses()
                    .forEach(topic -> topic.partitions().forEach(partition -> {
                        if (partition.errorCode() != Errors.NONE.code()) {
                            handedOut.put(
                                    role(talk, topic.topicId()),
                                    Errors.forCode(partition.errorCode()).toString());
                        } else if (!partition.acquiredRecords().isEmpty()) {
                            handedOut.put(
                                    role(talk, topic.topicId()),
                                    partition.acquiredRecords().toString());
                        }
                    }));
            assertThat(handedOut).hasSize(WITH_RECORDS.size());
        });
        talk.hear(handedOut.toString());
        talk.ask(acknowledgement(talk, "open", epoch.get(), WITH_RECORDS, 1, 4), acknowledgeVersion);
    }

    private static String role(Conversation talk, Uuid id) {
        Scene shared = talk.scene().shared();
        return WITH_RECORDS.stream()
                .filter(role -> shared.id(role).equals(id))
                .findFirst()
                .orElse("another");
    }

    private static ShareAcknowledgeRequestData acknowledgement(
            Conversation talk, String group, int epoch, List<String> topics, long first, long last) {
        ShareAcknowledgeRequestData request = new ShareAcknowledgeRequestData()
                .setGroupId(talk.scene().name(group))
                .setMemberId(MemberCases.MEMBER)
                .setShareSessionEpoch(epoch);
        topics.forEach(topic -> request.topics()
                .add(new ShareAcknowledgeRequestData.AcknowledgeTopic()
                        .setTopicId(talk.scene().shared().id(topic))
                        .setPartitions(new ShareAcknowledgeRequestData.AcknowledgePartitionCollection(List.of(
                                        new ShareAcknowledgeRequestData.AcknowledgePartition()
                                                .setPartitionIndex(0)
                                                .setAcknowledgementBatches(
                                                        List.of(new ShareAcknowledgeRequestData.AcknowledgementBatch()
                                                                .setFirstOffset(first)
                                                                .setLastOffset(last)
                                                                .setAcknowledgeTypes(List.of((byte) 1)))))
                                .iterator()))));
        return request;
    }
}
