package dev.weir.proxy.authorize;

import static dev.weir.proxy.authorize.Outcomes.answer;
import static dev.weir.proxy.authorize.Outcomes.assertForwarded;
import static dev.weir.proxy.authorize.Outcomes.edited;
import static dev.weir.proxy.authorize.Outcomes.rewritten;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatAuthorizersTest {
    private static final short TOPIC_DENIED = Errors.TOPIC_AUTHORIZATION_FAILED.code();

    private final ConsumerGroupHeartbeatAuthorizer consumer = new ConsumerGroupHeartbeatAuthorizer();
    private final ShareGroupHeartbeatAuthorizer share = new ShareGroupHeartbeatAuthorizer();
    private final StreamsGroupHeartbeatAuthorizer streams = new StreamsGroupHeartbeatAuthorizer();

    private static FakeContext member(int version) {
        return new FakeContext(version)
                .topics("orders", "orders-eu", "payments")
                .allowTopic("orders", Operation.READ)
                .allowTopic("payments", Operation.READ)
                .allowGroup("g", Operation.READ);
    }

    private static ConsumerGroupHeartbeatRequestData heartbeat(int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setMemberEpoch(epoch);
    }

    private Outcome beat(ConsumerGroupHeartbeatRequestData request, FakeContext context) {
        return consumer.decide(request, context);
    }

    private static void taken(Outcome outcome, FakeContext context) {
        edited(outcome, new ConsumerGroupHeartbeatResponseData(), context);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void groupAndNamesAreAsked(int version) {
        FakeContext nobody = new FakeContext(version);
        assertEquals(
                Errors.GROUP_AUTHORIZATION_FAILED.code(),
                answer(ConsumerGroupHeartbeatResponseData.class, beat(heartbeat(0), nobody), nobody)
                        .errorCode());
        FakeContext context = member(version);
        Outcome refused = beat(heartbeat(0).setSubscribedTopicNames(List.of("orders", "orders-eu")), context);
        assertEquals(
                TOPIC_DENIED,
                answer(ConsumerGroupHeartbeatResponseData.class, refused, context)
                        .errorCode());
        Outcome passed = beat(heartbeat(0).setSubscribedTopicNames(List.of("orders")), context);
        assertInstanceOf(Outcome.Forward.class, passed);
        assertForwarded(beat(heartbeat(1), context));
        assertEquals(version == 1, consumer.needs((short) version).decode());
    }

    @Test
    void aRegexGoesUpstreamAsTheNamesThatTheMemberMayDescribe() {
        FakeContext context = member(1);
        Outcome outcome = beat(heartbeat(0).setSubscribedTopicRegex("orders.*"), context);
        ConsumerGroupHeartbeatRequestData sent = rewritten(ConsumerGroupHeartbeatRequestData.class, outcome, context);
        assertEquals(List.of("orders"), sent.subscribedTopicNames());
        assertEquals("", sent.subscribedTopicRegex());
        taken(outcome, context);
        assertTrue(context.denials().isEmpty());
        assertForwarded(beat(heartbeat(1), context));
    }

    @Test
    void aRegexMatchesWholeNamesOnly() {
        FakeContext context = member(1);
        Outcome outcome = beat(heartbeat(0).setSubscribedTopicRegex("order"), context);
        assertEquals(
                List.of(),
                rewritten(ConsumerGroupHeartbeatRequestData.class, outcome, context)
                        .subscribedTopicNames());
    }

    @Test
    void laterHeartbeatsCarryWhatTopicsAndPolicyMadeOfARegex() {
        FakeContext context = member(1);
        taken(beat(heartbeat(0).setSubscribedTopicRegex("orders.*"), context), context);
        context.allowTopic("orders-eu", Operation.READ).newPolicy();
        Outcome granted = beat(heartbeat(1), context);
        assertEquals(
                List.of("orders", "orders-eu"),
                rewritten(ConsumerGroupHeartbeatRequestData.class, granted, context)
                        .subscribedTopicNames());
        Outcome again = beat(heartbeat(1), context);
        assertInstanceOf(Outcome.Rewrite.class, again, "until the broker has taken it");
        taken(again, context);
        assertForwarded(beat(heartbeat(2), context));

        context.topics("orders-us").allowTopic("orders-us", Operation.DESCRIBE);
        Outcome added = beat(heartbeat(2), context);
        assertEquals(
                List.of("orders", "orders-eu", "orders-us"),
                rewritten(ConsumerGroupHeartbeatRequestData.class, added, context)
                        .subscribedTopicNames());
        taken(added, context);

        context.revokeAll().allowGroup("g", Operation.READ).allowTopic("orders-us", Operation.DESCRIBE);
        assertEquals(
                List.of("orders-us"),
                rewritten(ConsumerGroupHeartbeatRequestData.class, beat(heartbeat(2), context), context)
                        .subscribedTopicNames());
    }

    @Test
    void whatAPatternStandsForIsKeptUntilTopicsOrPolicyChange() {
        FakeContext context = new FakeContext(1).topics("orders").allowTopic("*", Operation.DESCRIBE);
        TopicPattern pattern = TopicPattern.compile("orders.*");
        assertEquals(List.of("orders"), pattern.resolve(List.of(), context));
        context.topics("orders-eu");
        assertEquals(List.of("orders", "orders-eu"), pattern.resolve(List.of(), context));
        context.revokeAll();
        assertEquals(List.of(), pattern.resolve(List.of(), context));
        context.allowTopic("orders", Operation.DESCRIBE);
        assertEquals(List.of(), pattern.resolve(List.of(), context), "the same policy, so it is not asked again");
        context.clientId("another");
        assertEquals(List.of("orders"), pattern.resolve(List.of(), context));
    }

    @Test
    void namesAndRegexAddUp() {
        FakeContext context = member(1);
        taken(beat(heartbeat(0).setSubscribedTopicNames(List.of("payments")), context), context);
        Outcome outcome = beat(heartbeat(1).setSubscribedTopicRegex("orders"), context);
        assertEquals(
                List.of("orders", "payments"),
                rewritten(ConsumerGroupHeartbeatRequestData.class, outcome, context)
                        .subscribedTopicNames());
        taken(outcome, context);
        Outcome cleared = beat(heartbeat(2).setSubscribedTopicRegex(""), context);
        assertEquals(
                List.of("payments"),
                rewritten(ConsumerGroupHeartbeatRequestData.class, cleared, context)
                        .subscribedTopicNames());
    }

    @Test
    void aRefusedHeartbeatChangesNothing() {
        FakeContext context = member(1);
        Outcome outcome = beat(heartbeat(0).setSubscribedTopicRegex("orders"), context);
        edited(outcome, new ConsumerGroupHeartbeatResponseData().setErrorCode(Errors.NOT_COORDINATOR.code()), context);
        assertForwarded(beat(heartbeat(1), context));
    }

    @Test
    void aMemberThatLeavesIsForgotten() {
        FakeContext context = member(1);
        taken(beat(heartbeat(0).setSubscribedTopicRegex("orders"), context), context);
        assertForwarded(beat(heartbeat(-1), context));
        context.topics("x").revokeAll().allowGroup("g", Operation.READ);
        assertForwarded(beat(heartbeat(1), context));
    }

    @Test
    void aMalformedRegexIsRefusedAsTheCoordinatorDoes() {
        FakeContext context = member(1);
        ConsumerGroupHeartbeatResponseData refused = answer(
                ConsumerGroupHeartbeatResponseData.class,
                beat(heartbeat(0).setSubscribedTopicRegex("[a"), context),
                context);
        assertEquals(Errors.INVALID_REGULAR_EXPRESSION.code(), refused.errorCode());
        assertTrue(refused.errorMessage().startsWith("SubscribedTopicRegex `[a` is not a valid regular expression"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{1000}){1000}){1000}", "(a{1000,}){1,1000}", "(((a{30}){30}){30}){30}"})
    void aRegexThatWouldStallTheEventLoopIsRefused(String regex) {
        FakeContext context = member(1);
        ConsumerGroupHeartbeatResponseData refused = answer(
                ConsumerGroupHeartbeatResponseData.class,
                beat(heartbeat(0).setSubscribedTopicRegex(regex), context),
                context);
        assertEquals(Errors.INVALID_REGULAR_EXPRESSION.code(), refused.errorCode());
    }

    @Test
    void countedRepetitionsOfEverydaySizePass() {
        FakeContext context = member(1);
        String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
        assertInstanceOf(Outcome.Rewrite.class, beat(heartbeat(0).setSubscribedTopicRegex(uuid), context));
    }

    @Test
    void shareMembersNeedGroupThenMemberIdThenTopics() {
        FakeContext context = member(1);
        ShareGroupHeartbeatRequestData request = new ShareGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setSubscribedTopicNames(List.of("orders"));
        assertForwarded(share.decide(request, context));
        request.setSubscribedTopicNames(List.of("orders", "orders-eu"));
        assertEquals(TOPIC_DENIED, shareError(request, context));
        assertEquals(Errors.INVALID_REQUEST.code(), shareError(request.setMemberId(""), context));
        assertEquals(Errors.GROUP_AUTHORIZATION_FAILED.code(), shareError(request.setGroupId("other"), context));
    }

    private short shareError(ShareGroupHeartbeatRequestData request, FakeContext context) {
        return answer(ShareGroupHeartbeatResponseData.class, share.decide(request, context), context)
                .errorCode();
    }

    @Test
    void streamsTopologiesNameTopics() {
        FakeContext context = member(0);
        assertForwarded(streams.decide(streamsBeat(null), context));
        assertForwarded(streams.decide(streamsBeat(new Subtopology().setSourceTopics(List.of("orders"))), context));
        assertEquals(TOPIC_DENIED, streamsError(new Subtopology().setSourceTopics(List.of("orders-eu")), context));
        assertEquals(
                TOPIC_DENIED, streamsError(new Subtopology().setRepartitionSinkTopics(List.of("orders-eu")), context));
        assertEquals(
                Errors.STREAMS_INVALID_TOPOLOGY.code(),
                streamsError(new Subtopology().setSourceTopics(List.of("__consumer_offsets")), context));
        assertEquals(
                Errors.STREAMS_INVALID_TOPOLOGY.code(),
                streamsError(new Subtopology().setSourceTopics(List.of("a b")), context));
        assertEquals(
                Errors.INVALID_REQUEST.code(),
                streamsError(new Subtopology().setSourceTopicRegex(List.of(".*")), context));
        FakeContext nobody = new FakeContext(0);
        assertEquals(
                Errors.GROUP_AUTHORIZATION_FAILED.code(),
                answer(StreamsGroupHeartbeatResponseData.class, streams.decide(streamsBeat(null), nobody), nobody)
                        .errorCode());
    }

    @Test
    void theBrokerMakesNoInternalTopicsThatTheClientMayNotCreate() {
        Subtopology subtopology =
                new Subtopology().setStateChangelogTopics(List.of(new TopicInfo().setName("app-changelog")));
        FakeContext context = member(0).allowTopic("app-changelog", Operation.READ);
        assertEquals(TOPIC_DENIED, streamsError(subtopology, context));
        assertForwarded(streams.decide(
                streamsBeat(subtopology), member(0).allowTopic("app-changelog", Operation.READ, Operation.CREATE)));
        assertForwarded(streams.decide(
                streamsBeat(subtopology),
                member(0).allowTopic("app-changelog", Operation.READ).allowCluster(Operation.CREATE)));
        assertForwarded(streams.decide(streamsBeat(subtopology), context.topics("app-changelog")));
    }

    private static StreamsGroupHeartbeatRequestData streamsBeat(Subtopology subtopology) {
        StreamsGroupHeartbeatRequestData request = new StreamsGroupHeartbeatRequestData().setGroupId("g");
        return subtopology == null
                ? request
                : request.setTopology(new Topology().setSubtopologies(List.of(subtopology)));
    }

    private short streamsError(Subtopology subtopology, FakeContext context) {
        return answer(
                        StreamsGroupHeartbeatResponseData.class,
                        streams.decide(streamsBeat(subtopology), context),
                        context)
                .errorCode();
    }
}
