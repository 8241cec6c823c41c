package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the new version is told when it asks for its offsets before it has any. */
class CanarySeedsTest {
    private static final CanaryGroups SEEDED =
            new CanaryGroups(canary -> true, (canary, topic, partition) -> 40L + partition, seen -> {});

    static List<Short> versions() {
        return OnTheWire.versions(ApiKeys.OFFSET_FETCH);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theNewVersionIsToldWhereItBegins(short version) {
        OffsetFetchResponseData known = fetched(SEEDED, version);
        assertThat(offsets(known)).isEqualTo("orders 0: 40 NONE, orders 1: 7 NONE, other 0: -1 NONE");
        assertThat(known.errorCode()).isZero();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aslongAsNobodyKnowsWhereItAsksAgain(short version) {
        CanaryGroups unknown =
                new CanaryGroups(canary -> true, (canary, topic, partition) -> CanarySeeds.UNKNOWN, seen -> {});
        Errors again = version < 7 ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.UNSTABLE_OFFSET_COMMIT;
        OffsetFetchResponseData asked = fetched(unknown, version);
        assertThat(offsets(asked)).isEqualTo("orders 0: -1 " + again + ", orders 1: 7 NONE, other 0: -1 NONE");
        assertThat(Errors.forCode(asked.errorCode())).isEqualTo(version >= 2 && version < 7 ? again : Errors.NONE);
        CanaryGroups closed = new CanaryGroups(canary -> false, (canary, topic, partition) -> 0, seen -> {});
        assertThat(offsets(fetched(closed, version)))
                .isEqualTo("orders 0: -1 " + again + ", orders 1: -1 " + again + ", other 0: -1 NONE");
    }

    private static OffsetFetchResponseData fetched(CanaryGroups groups, short version) {
        FakeContext context = SharedGroup.context(version, SharedGroup.CANARY);
        OffsetFetchRequestData request = version < 8
                ? new OffsetFetchRequestData().setGroupId("g").setTopics(List.of())
                : new OffsetFetchRequestData()
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of())));
        ApiKeys api = ApiKeys.OFFSET_FETCH;
        Outcome outcome = groups.decide(ApiAuthorizers.of(api), api, OnTheWire.request(request, version), context);
        assertThat(OnTheWire.upstream(outcome, ApiMessage.class, context).toString())
                .contains("g~canary");
        OffsetFetchResponseData response = new OffsetFetchResponseData();
        if (version < 8) {
            response.topics().add(topic("orders", -1, 7));
            response.topics().add(topic("other", -1));
        } else {
            OffsetFetchResponseGroup group = new OffsetFetchResponseGroup().setGroupId("g~canary");
            group.topics().add(topics(version, "orders", -1, 7));
            group.topics().add(topics(version, "other", -1));
            response.groups().add(group);
        }
        OffsetFetchResponseData own = OnTheWire.downstream(outcome, response, context);
        own.groups().forEach(group -> assertThat(group.groupId()).isEqualTo("g"));
        return own;
    }

    private static OffsetFetchResponseTopic topic(String name, long... offsets) {
        OffsetFetchResponseTopic topic = new OffsetFetchResponseTopic().setName(name);
        for (int i = 0; i < offsets.length; i++) {
            topic.partitions()
                    .add(new OffsetFetchResponsePartition().setPartitionIndex(i).setCommittedOffset(offsets[i]));
        }
        return topic;
    }

    private static OffsetFetchResponseTopics topics(int version, String name, long... offsets) {
        OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics();
        if (version >= 10) {
            topic.setTopicId(FakeContext.idOf(name));
        } else {
            topic.setName(name);
        }
        for (int i = 0; i < offsets.length; i++) {
            topic.partitions()
                    .add(new OffsetFetchResponsePartitions()
                            .setPartitionIndex(i)
                            .setCommittedOffset(offsets[i]));
        }
        return topic;
    }

    private static String offsets(OffsetFetchResponseData response) {
        Stream<String> old = response.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(one -> line(topic.name(), one.partitionIndex(), one.committedOffset(), one.errorCode())));
        Stream<String> grouped = response.groups().stream()
                .flatMap(group -> group.topics().stream())
                .flatMap(topic -> topic.partitions().stream()
                        .map(one -> line(
                                topic.name().isEmpty() ? nameOf(topic) : topic.name(),
                                one.partitionIndex(),
                                one.committedOffset(),
                                one.errorCode())));
        return String.join(", ", Stream.concat(old, grouped).toList());
    }

    private static String nameOf(OffsetFetchResponseTopics topic) {
        return topic.topicId().equals(FakeContext.idOf("orders")) ? "orders" : "other";
    }

    private static String line(String topic, int partition, long offset, short error) {
        return topic + " " + partition + ": " + offset + " " + Errors.forCode(error);
    }
}
