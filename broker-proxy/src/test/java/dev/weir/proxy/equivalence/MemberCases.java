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

/** Groups whose brokers assign: consumer (KIP-848) and streams (KIP-1071); {@link ShareCases} has the third kind. */
final class MemberCases {
    static final String MEMBER = new Uuid(1, 1).toString();
    static final List<String> GROUPS = List.of("open", "read", "seen", "hidden");

    private MemberCases() {}

    static Stream<Case> all() {
        return Stream.of(consumers(), streams()).flatMap(each -> each);
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

    static List<String> topics(Conversation talk, String... roles) {
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

    static List<String> names(Scene s) {
        return GroupCases.GROUPS.stream().map(s::name).toList();
    }

    static Case describing(ApiKeys api, java.util.function.Function<Scene, ApiMessage> request) {
        return reading(api, "groups", (s, v) -> request.apply(s));
    }

    private static Stream<Case> streams() {
        return Stream.of(
                talking(ApiKeys.STREAMS_GROUP_HEARTBEAT, "topologies", Kind.CHANGES, talk -> {
                            for (String group : GROUPS) {
                                talk.ask(streamsBeat(
                                        talk, group, subtopology().setSourceTopics(topics(talk, "open", "hidden"))));
                                talk.ask(streamsBeat(
                                        talk, group, subtopology().setSourceTopics(List.of("__consumer_offsets"))));
                                talk.ask(streamsBeat(
                                        talk,
                                        group,
                                        subtopology()
                                                .setSourceTopics(List.of(
                                                        "__consumer_offsets",
                                                        topics(talk, "hidden").get(0)))));
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
