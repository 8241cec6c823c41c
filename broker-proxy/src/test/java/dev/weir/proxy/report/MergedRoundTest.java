package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.LatencyBuckets;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Flow.InvalidReason;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.mesh.report.v1.Span;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds of several loops become one. */
class MergedRoundTest {
    private static final ReportedClient CHECKOUT = client("checkout");
    private static final ReportedClient BILLING = client("billing");

    private final Groups groups = new Groups();
    private final MergedRound merged = new MergedRound(groups);
    private final Events.MembershipKey member = new Events.MembershipKey(CHECKOUT, "shop", "m");

    @Test
    void addsUpAFlowAndKeepsClientsApart() throws Exception {
        int[] latencies = new int[LatencyBuckets.LAST + 1];
        latencies[160] = 2;
        merged.add(round(List.of(flow(CHECKOUT, 10, latencies), flow(BILLING, 1, null)), List.of()));
        merged.add(round(List.of(flow(CHECKOUT, 5, latencies)), List.of()));

        List<Flow> flows = flows();
        assertThat(flows)
                .extracting(flow -> flow.getClient().getPrincipal(), Flow::getRecords, Flow::getBytes)
                .containsExactlyInAnyOrder(tuple("User:checkout", 15L, 1_500L), tuple("User:billing", 1L, 100L));
        assertThat(flows)
                .filteredOn(flow -> flow.getRecords() == 15)
                .singleElement()
                .satisfies(flow -> {
                    assertThat(flow.getLatency().getBucketsList()).containsExactly(160);
                    assertThat(flow.getLatency().getCountsList()).containsExactly(4L);
                    assertThat(flow.getInvalidReasonsMap())
                            .isEqualTo(Map.of(InvalidReason.PAYLOAD_VALUE, flow.getRecordsInvalid()));
                    assertThat(flow.getHeader().getCluster()).isEqualTo("main");
                    assertThat(flow.getHeader().getFromMillis()).isEqualTo(1_000);
                    assertThat(flow.getHeader().getToMillis()).isEqualTo(2_000);
                });
    }

    @Test
    void joinsAppendsThatFollowEachOther() throws Exception {
        merged.add(round(List.of(), List.of(appended(0, 10, false), appended(20, 30, false))));
        merged.add(round(List.of(), List.of(appended(10, 20, false), appended(30, 40, true), appended(50, 60, true))));

        assertThat(progress().getAppendsList())
                .extracting(Append::getFirstOffset, Append::getEndOffset, Append::getRecords, Append::getTransactional)
                .containsExactly(tuple(0L, 30L, 30L, false), tuple(30L, 40L, 10L, true), tuple(50L, 60L, 10L, true));
        assertThat(progress().getLogEndOffset()).isEqualTo(60);
    }

    @Test
    void tellsOnceWhatSeveralGroupsRead() throws Exception {
        groups.seen(CHECKOUT, "shop", List.of("orders"), 0);
        merged.add(round(List.of(), List.of(seen(CHECKOUT, 0, 10), seen(CHECKOUT, 10, 20))));
        merged.add(round(List.of(), List.of(seen(BILLING, 0, 20), seen(BILLING, 20, 25))));

        Progress progress = progress();
        assertThat(progress.getSpansList())
                .extracting(Span::getFirstOffset, Span::getEndOffset, Span::getRecords)
                .containsExactly(tuple(0L, 25L, 25L));
        assertThat(progress.getPositionsList())
                .extracting(
                        position -> position.getClient().getPrincipal(),
                        Position::getGroup,
                        Position::getDeliveredOffset)
                .containsExactlyInAnyOrder(tuple("User:checkout", "shop", 20L), tuple("User:billing", "", 25L));
        assertThat(progress.getHighWatermark()).isEqualTo(25);
        assertThat(progress.getLogStartOffset()).isEqualTo(-1);
    }

    @Test
    void aClientThatGoesOnByAnotherConnectionStillKnowsWhatItHadPassed() throws Exception {
        merged.add(round(List.of(), List.of(at(10, 30, 10, 1_100), at(30, 40, 30, 1_200))));
        assertThat(othersFrom(progress().getPositions(0))).isEqualTo("10 to 40");
    }

    @Test
    void aClientThatBeginsByAnotherConnectionStillKnowsWhatItHadPassed() throws Exception {
        merged.add(round(List.of(), List.of(at(25, -1, -1, 1_200), at(10, 30, 10, 1_100))));
        assertThat(othersFrom(progress().getPositions(0))).isEqualTo("10 to 30");
    }

    @Test
    void aClientThatGoesElsewhereKnowsOnlyWhatIsThere() throws Exception {
        merged.add(round(List.of(), List.of(at(10, 30, 10, 1_100), at(50, 60, 55, 1_200))));
        assertThat(othersFrom(progress().getPositions(0))).isEqualTo("55 to 60");
    }

    @Test
    void ofAClientThatNoCanaryConcernsNothingIsSaidOfOthers() throws Exception {
        merged.add(round(List.of(), List.of(at(10, 30, -1, 1_100))));
        assertThat(progress().getPositions(0).hasOthersFromOffset()).isFalse();
    }

    private static String othersFrom(Position position) {
        return position.getOthersFromOffset() + " to " + position.getDeliveredOffset();
    }

    private static LoopRound.PartitionSeen at(long fetching, long delivered, long othersFrom, long atMillis) {
        return new LoopRound.PartitionSeen(
                CHECKOUT,
                "orders",
                0,
                List.of(),
                List.of(),
                -1,
                -1,
                -1,
                -1,
                new LoopRound.Place(fetching, delivered, othersFrom, atMillis));
    }

    @Test
    void tellsThatDataWasAbortedThoughNotEverybodyIsTold() throws Exception {
        merged.add(round(List.of(), List.of(seen(BILLING, 0, 30))));
        merged.add(round(
                List.of(),
                List.of(
                        seen(CHECKOUT, 0, 10),
                        seen(CHECKOUT, 10, 20, LoopRound.Content.ABORTED),
                        seen(CHECKOUT, 20, 30))));

        assertThat(progress().getSpansList())
                .extracting(Span::getFirstOffset, Span::getEndOffset, Span::getAborted)
                .containsExactly(tuple(0L, 30L, false), tuple(10L, 20L, true));
    }

    @Test
    void keepsTheNewestCommit() throws Exception {
        Events first = new Events();
        Events second = new Events();
        Events.CommitKey key = new Events.CommitKey("main", "orders", 0, "shop", false);
        second.commit(key, new Events.Commit(7, 1_500, CHECKOUT, "m"));
        first.commit(key, new Events.Commit(5, 1_200, CHECKOUT, "m"));
        merged.add(new LoopRound(1_000, 2_000, List.of(), List.of(), second, 0));
        merged.add(new LoopRound(1_000, 2_000, List.of(), List.of(), first, 0));

        List<ReportMessage> messages = messages();
        assertThat(Progress.parseFrom(only(messages, ReportTopic.PROGRESS)).getOffsetsList())
                .extracting(GroupOffset::getCommittedOffset, GroupOffset::getAtMillis)
                .containsExactly(tuple(7L, 1_500L));
    }

    /** The fetches and the heartbeats of a member go over different connections, so of different loops. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLeaveOutlivesAShareFetchOfTheSameRound(boolean leftFirst) throws Exception {
        Events heartbeats = member("orders", true);
        Events fetches = member("", false);
        merged.add(round(leftFirst ? heartbeats : fetches));
        merged.add(round(leftFirst ? fetches : heartbeats));

        assertThat(membership().getLeft()).isTrue();
        assertThat(membership().getTopicsList()).containsExactly("orders");
    }

    @Test
    void aMemberThatJoinsAgainIsThere() throws Exception {
        Events heartbeats = member("orders", true);
        heartbeats.member(member, new Events.Member(Membership.Protocol.SHARE, "", List.of("payments"), false));
        merged.add(round(heartbeats));

        assertThat(membership().getLeft()).isFalse();
        assertThat(membership().getTopicsList()).containsExactly("payments");
    }

    @Test
    void noRebalanceOfARoundIsLost() throws Exception {
        Events events = new Events();
        events.member(member, joined(4));
        events.member(member, joined(5));
        events.member(member, new Events.Member(Membership.Protocol.CLASSIC, "", List.of("orders"), true));
        Events elsewhere = new Events();
        elsewhere.member(member, joined(6));
        merged.add(round(events));
        merged.add(round(elsewhere));

        assertThat(membership().getBegunEpochsList()).containsExactly(4, 5, 6);
        assertThat(membership().getEpoch()).isEqualTo(6);
    }

    private static Events.Member joined(int generation) {
        return new Events.Member(Membership.Protocol.CLASSIC, "", List.of("orders"), false).begins(generation);
    }

    @Test
    void countsWhatHasNoRoom() {
        Events many = new Events();
        for (int i = 0; i < 10_500; i++) {
            many.commit(
                    new Events.CommitKey("main", "orders", i, "shop", false),
                    new Events.Commit(7, 1_500, CHECKOUT, "m"));
        }
        merged.add(new LoopRound(1_000, 2_000, List.of(), List.of(), many, 3));

        assertThat(merged.overflow()).isEqualTo(503);
    }

    private Events member(String topic, boolean left) {
        Events events = new Events();
        events.member(
                member,
                new Events.Member(Membership.Protocol.SHARE, "", topic.isEmpty() ? List.of() : List.of(topic), left));
        return events;
    }

    private Membership membership() throws InvalidProtocolBufferException {
        return Membership.parseFrom(only(messages(), ReportTopic.MEMBERSHIPS));
    }

    private static LoopRound round(Events events) {
        return new LoopRound(1_000, 2_000, List.of(), List.of(), events, 0);
    }

    private List<Flow> flows() throws InvalidProtocolBufferException {
        List<Flow> flows = new java.util.ArrayList<>();
        for (ReportMessage message : messages()) {
            flows.add(Flow.parseFrom(message.value()));
        }
        return flows;
    }

    private Progress progress() throws InvalidProtocolBufferException {
        return Progress.parseFrom(only(messages(), ReportTopic.PROGRESS));
    }

    private List<ReportMessage> messages() {
        return merged.messages(Header.newBuilder()
                .setProxy("p")
                .setFromMillis(merged.fromMillis())
                .setToMillis(merged.toMillis()));
    }

    private static byte[] only(List<ReportMessage> messages, ReportTopic topic) {
        List<ReportMessage> found =
                messages.stream().filter(message -> message.topic() == topic).toList();
        assertThat(found).hasSize(1);
        return found.get(0).value();
    }

    private static LoopRound round(List<LoopRound.FlowCounts> flows, List<LoopRound.PartitionSeen> partitions) {
        return new LoopRound(1_000, 2_000, flows, partitions, new Events(), 0);
    }

    private static LoopRound.FlowCounts flow(ReportedClient client, long records, int[] latencies) {
        return new LoopRound.FlowCounts(
                client,
                Direction.PRODUCE,
                "orders",
                records,
                records * 100,
                1,
                0,
                0,
                0,
                4,
                1,
                reasons(),
                null,
                latencies);
    }

    private static IntObjectMap<Long> reasons() {
        IntObjectMap<Long> reasons = new IntObjectHashMap<>();
        reasons.put(InvalidReason.PAYLOAD_VALUE, Long.valueOf(1));
        return reasons;
    }

    private static LoopRound.PartitionSeen appended(long first, long end, boolean transactional) {
        return new LoopRound.PartitionSeen(
                CHECKOUT,
                "orders",
                0,
                List.of(new LoopRound.Appended(first, end, 1_000, 1_100, transactional, end - first)),
                List.of(),
                -1,
                -1,
                -1,
                end,
                null);
    }

    private static LoopRound.PartitionSeen seen(ReportedClient client, long first, long end) {
        return seen(client, first, end, LoopRound.Content.DATA);
    }

    private static LoopRound.PartitionSeen seen(
            ReportedClient client, long first, long end, LoopRound.Content content) {
        return new LoopRound.PartitionSeen(
                client,
                "orders",
                0,
                List.of(),
                List.of(new LoopRound.Seen(first, end, end - first, content, 9)),
                end,
                -1,
                -1,
                -1,
                new LoopRound.Place(first, end, -1, end));
    }

    private static ReportedClient client(String name) {
        return new ReportedClient(
                "main", "plain", "User:" + name, name, "", name + "-1", "", "", "NONE", false, "127.0.0.1");
    }
}
