package dev.weir.proxy.authorize;

import static dev.weir.proxy.authorize.Outcomes.answer;
import static dev.weir.proxy.authorize.Outcomes.assertForwarded;
import static dev.weir.proxy.authorize.Outcomes.edited;
import static dev.weir.proxy.authorize.Outcomes.rewritten;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetAuthorizersTest {
    private static final Uuid UNKNOWN_ID = new Uuid(1, 1);

    private final OffsetCommitAuthorizer commit = new OffsetCommitAuthorizer();
    private final OffsetFetchAuthorizer fetch = new OffsetFetchAuthorizer();
    private final OffsetDeleteAuthorizer delete = new OffsetDeleteAuthorizer();

    static IntStream commitVersions() {
        return versions(ApiKeys.OFFSET_COMMIT);
    }

    static IntStream fetchVersions() {
        return versions(ApiKeys.OFFSET_FETCH);
    }

    private static IntStream versions(ApiKeys api) {
        return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion());
    }

    private static FakeContext context(int version) {
        return new FakeContext(version)
                .topics("open", "secret")
                .allowTopic("open", Operation.READ)
                .allowGroup("g", Operation.READ);
    }

    private static OffsetCommitRequestData commitOf(int version, String... topics) {
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId("g");
        for (String topic : topics) {
            OffsetCommitRequestTopic each = new OffsetCommitRequestTopic()
                    .setPartitions(List.of(new OffsetCommitRequestPartition().setPartitionIndex(3)));
            request.topics().add(version < 10 ? each.setName(topic) : each.setTopicId(FakeContext.idOf(topic)));
        }
        return request;
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void commitOfAllowedTopicsPasses(int version) {
        assertForwarded(commit.decide(commitOf(version, "open"), context(version)));
        assertEquals(version >= 10, commit.needs((short) version).decode());
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void commitToRefusedGroupFailsEveryPartition(int version) {
        FakeContext context = new FakeContext(version).topics("open").allowTopic("open", Operation.READ);
        OffsetCommitResponseData response =
                answer(OffsetCommitResponseData.class, commit.decide(commitOf(version, "open"), context), context);
        assertEquals(
                Errors.GROUP_AUTHORIZATION_FAILED.code(),
                response.topics().get(0).partitions().get(0).errorCode());
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void commitTakesRefusedTopicsOutAndPutsTheirErrorsFirst(int version) {
        FakeContext context = context(version);
        Outcome outcome = commit.decide(commitOf(version, "open", "secret"), context);
        OffsetCommitRequestData sent = rewritten(OffsetCommitRequestData.class, outcome, context);
        assertEquals(1, sent.topics().size());
        OffsetCommitResponseData merged = edited(
                outcome,
                new OffsetCommitResponseData()
                        .setThrottleTimeMs(version >= 3 ? 7 : 0)
                        .setTopics(new ArrayList<>(List.of(new OffsetCommitResponseTopic()
                                .setName(sent.topics().get(0).name())
                                .setTopicId(sent.topics().get(0).topicId())))),
                context);
        assertEquals(version >= 3 ? 7 : 0, merged.throttleTimeMs());
        assertEquals(2, merged.topics().size());
        OffsetCommitResponseTopic refused = merged.topics().get(0);
        assertEquals(version < 10 ? "secret" : "", refused.name());
        assertEquals(version < 10 ? Uuid.ZERO_UUID : FakeContext.idOf("secret"), refused.topicId());
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(),
                refused.partitions().get(0).errorCode());
        assertEquals(3, refused.partitions().get(0).partitionIndex());
    }

    @ParameterizedTest
    @MethodSource("commitVersions")
    void commitOfRefusedTopicsOnlyIsAnsweredHere(int version) {
        FakeContext context = context(version);
        OffsetCommitResponseData response =
                answer(OffsetCommitResponseData.class, commit.decide(commitOf(version, "secret"), context), context);
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(),
                response.topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void commitToUnknownIdNeverReachesTheBroker() {
        FakeContext context = context(10).allowTopic(FakeContext.ANY, Operation.READ);
        OffsetCommitRequestData request = commitOf(10, "open");
        request.topics().get(0).setTopicId(UNKNOWN_ID);
        OffsetCommitResponseData response =
                answer(OffsetCommitResponseData.class, commit.decide(request, context), context);
        assertEquals(
                Errors.UNKNOWN_TOPIC_ID.code(),
                response.topics().get(0).partitions().get(0).errorCode());
    }

    private static OffsetFetchRequestData fetchOf(int version, String group, String... topics) {
        if (version < 8) {
            OffsetFetchRequestData request = new OffsetFetchRequestData().setGroupId(group);
            for (String topic : topics) {
                request.topics()
                        .add(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(List.of(3)));
            }
            return request;
        }
        return new OffsetFetchRequestData().setGroups(new ArrayList<>(List.of(groupOf(version, group, topics))));
    }

    private static OffsetFetchRequestGroup groupOf(int version, String group, String... topics) {
        OffsetFetchRequestGroup one = new OffsetFetchRequestGroup().setGroupId(group);
        for (String topic : topics) {
            OffsetFetchRequestTopics each = new OffsetFetchRequestTopics().setPartitionIndexes(List.of(3));
            one.topics().add(version < 10 ? each.setName(topic) : each.setTopicId(FakeContext.idOf(topic)));
        }
        return one;
    }

    private static OffsetFetchResponseTopics offsetsOf(int version, String topic) {
        OffsetFetchResponseTopics offsets = new OffsetFetchResponseTopics();
        return version < 10 ? offsets.setName(topic) : offsets.setTopicId(FakeContext.idOf(topic));
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetchOfAllowedTopicsPasses(int version) {
        assertForwarded(fetch.decide(fetchOf(version, "g", "open"), context(version)));
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetchOfRefusedGroupIsAnsweredHere(int version) {
        FakeContext context = context(version);
        OffsetFetchResponseData response = answer(
                OffsetFetchResponseData.class, fetch.decide(fetchOf(version, "other", "open"), context), context);
        short expected = Errors.GROUP_AUTHORIZATION_FAILED.code();
        if (version < 2) {
            assertEquals(expected, response.topics().get(0).partitions().get(0).errorCode());
        } else if (version < 8) {
            assertEquals(expected, response.errorCode());
        } else {
            assertEquals(expected, response.groups().get(0).errorCode());
            assertEquals("other", response.groups().get(0).groupId());
        }
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetchTakesRefusedTopicsOutAndAddsTheirErrorsLast(int version) {
        FakeContext context = context(version);
        Outcome outcome = fetch.decide(fetchOf(version, "g", "secret", "open"), context);
        OffsetFetchRequestData sent = rewritten(OffsetFetchRequestData.class, outcome, context);
        short expected = Errors.TOPIC_AUTHORIZATION_FAILED.code();
        if (version < 8) {
            assertEquals(1, sent.topics().size());
            OffsetFetchResponseData response = new OffsetFetchResponseData();
            response.topics().add(new OffsetFetchResponseTopic().setName("open"));
            OffsetFetchResponseTopic refused =
                    edited(outcome, response, context).topics().get(1);
            assertEquals("secret", refused.name());
            assertEquals(expected, refused.partitions().get(0).errorCode());
            assertEquals(-1, refused.partitions().get(0).committedOffset());
        } else {
            assertEquals(1, sent.groups().get(0).topics().size());
            OffsetFetchResponseGroup group = new OffsetFetchResponseGroup().setGroupId("g");
            group.topics().add(offsetsOf(version, "open"));
            OffsetFetchResponseData response =
                    edited(outcome, new OffsetFetchResponseData().setGroups(List.of(group)), context);
            OffsetFetchResponseTopics refused =
                    response.groups().get(0).topics().get(1);
            assertEquals(offsetsOf(version, "secret").name(), refused.name());
            assertEquals(offsetsOf(version, "secret").topicId(), refused.topicId());
            assertEquals(expected, refused.partitions().get(0).errorCode());
        }
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void fetchOfAllTopicsShowsOnlyDescribableOnes(int version) {
        if (version < 2) {
            return; // there is no such request yet
        }
        FakeContext context = context(version);
        OffsetFetchRequestData request = fetchOf(version, "g");
        if (version < 8) {
            Outcome outcome = fetch.decide(request.setTopics(null), context);
            OffsetFetchResponseData response = new OffsetFetchResponseData();
            response.topics().add(new OffsetFetchResponseTopic().setName("secret"));
            response.topics().add(new OffsetFetchResponseTopic().setName("open"));
            List<OffsetFetchResponseTopic> shown =
                    edited(outcome, response, context).topics();
            assertEquals(
                    List.of("open"),
                    shown.stream().map(OffsetFetchResponseTopic::name).toList());
        } else {
            request.groups().get(0).setTopics(null);
            Outcome outcome = fetch.decide(request, context);
            OffsetFetchResponseGroup group = new OffsetFetchResponseGroup().setGroupId("g");
            group.topics().addAll(List.of(offsetsOf(version, "secret"), offsetsOf(version, "open")));
            if (version >= 10) {
                group.topics().add(new OffsetFetchResponseTopics().setTopicId(UNKNOWN_ID));
            }
            OffsetFetchResponseData response =
                    edited(outcome, new OffsetFetchResponseData().setGroups(List.of(group)), context);
            assertEquals(
                    List.of(offsetsOf(version, "open")),
                    response.groups().get(0).topics());
        }
    }

    @Test
    void batchedFetchPutsRefusedGroupsBackInTheirPlaces() {
        FakeContext context = context(8).allowGroup("h", Operation.DESCRIBE);
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(new ArrayList<>(List.of(
                        groupOf(8, "no1", "open"),
                        groupOf(8, "g", "open"),
                        groupOf(8, "no2", "open"),
                        groupOf(8, "h", "secret"))));
        Outcome outcome = fetch.decide(request, context);
        OffsetFetchRequestData sent = rewritten(OffsetFetchRequestData.class, outcome, context);
        assertEquals(
                List.of("g", "h"),
                sent.groups().stream().map(OffsetFetchRequestGroup::groupId).toList());
        assertTrue(sent.groups().get(1).topics().isEmpty());
        OffsetFetchResponseData response = edited(
                outcome,
                new OffsetFetchResponseData()
                        .setGroups(List.of(
                                new OffsetFetchResponseGroup().setGroupId("g"),
                                new OffsetFetchResponseGroup()
                                        .setGroupId("h")
                                        .setErrorCode(Errors.NOT_COORDINATOR.code()))),
                context);
        assertEquals(
                List.of("no1", "g", "no2", "h"),
                response.groups().stream()
                        .map(OffsetFetchResponseGroup::groupId)
                        .toList());
        assertTrue(response.groups().get(3).topics().isEmpty(), "a group's own error stands alone");
    }

    @Test
    void deleteOfOffsetsNeedsDeleteOnTheGroupAndReadOnTheTopic() {
        FakeContext refusing = context(0);
        OffsetDeleteResponseData refused =
                answer(OffsetDeleteResponseData.class, delete.decide(deleteOf("open"), refusing), refusing);
        assertEquals(Errors.GROUP_AUTHORIZATION_FAILED.code(), refused.errorCode());

        FakeContext context = context(0).allowGroup("g", Operation.DELETE);
        assertForwarded(delete.decide(deleteOf("open"), context));
        Outcome outcome = delete.decide(deleteOf("open", "secret"), context);
        assertEquals(
                1,
                rewritten(OffsetDeleteRequestData.class, outcome, context)
                        .topics()
                        .size());
        OffsetDeleteResponseData merged = edited(outcome, new OffsetDeleteResponseData().setThrottleTimeMs(5), context);
        assertEquals(5, merged.throttleTimeMs());
        assertEquals(
                Errors.TOPIC_AUTHORIZATION_FAILED.code(),
                merged.topics().find("secret").partitions().find(3).errorCode());
    }

    private static OffsetDeleteRequestData deleteOf(String... topics) {
        OffsetDeleteRequestTopicCollection collection = new OffsetDeleteRequestTopicCollection();
        for (String topic : topics) {
            collection.add(new OffsetDeleteRequestTopic()
                    .setName(topic)
                    .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(3))));
        }
        return new OffsetDeleteRequestData().setGroupId("g").setTopics(collection);
    }
}
