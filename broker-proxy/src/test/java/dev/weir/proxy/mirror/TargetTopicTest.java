package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Mirroring.Selection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.junit.jupiter.api.Test;

class TargetTopicTest {
    private final Copies copies = new Copies();
    /** Far enough ahead for nothing to end while a test runs. */
    private long nowNanos = System.nanoTime() + TimeUnit.HOURS.toNanos(1);

    private final TargetTopic topic = new TargetTopic("copy", () -> nowNanos);

    private MirrorBatch add() {
        MirrorBatch batch = copies.one(new Selection.All());
        topic.add(batch);
        return batch;
    }

    private void learn() {
        topic.learn(new MetadataResponseTopic()
                .setPartitions(List.of(
                        new MetadataResponsePartition().setPartitionIndex(0).setLeaderId(1))));
    }

    private long secondsOf(Refusal refusal) {
        return TimeUnit.NANOSECONDS.toSeconds(refusal.untilNanos() - nowNanos);
    }

    private long failed() {
        return copies.account.ledger().failed().records();
    }

    @Test
    void whatIsGivenUpIsNotCopiedForAWhileThatGrows() {
        MirrorBatch unplaced = add();
        assertThat(secondsOf(topic.giveUp("denied"))).isEqualTo(1);
        assertThat(failed()).isEqualTo(1);
        assertThat(unplaced.lane().refusal()).isEqualTo("denied");
        assertThat(secondsOf(topic.giveUp("denied")))
                .as("that of which all knew")
                .isEqualTo(1);
        for (int seconds : new int[] {2, 4, 8, 16, 30, 30}) {
            nowNanos += TimeUnit.SECONDS.toNanos(30);
            learn();
            MirrorBatch placed = add();
            assertThat(secondsOf(topic.giveUp("denied"))).isEqualTo(seconds);
            assertThat(placed.lane().refusal()).isEqualTo("denied");
        }
        nowNanos += TimeUnit.SECONDS.toNanos(30);
        topic.takes();
        add();
        assertThat(secondsOf(topic.giveUp("denied")))
                .as("something was taken meanwhile")
                .isEqualTo(1);
        assertThat(failed()).isEqualTo(8);
        assertThat(copies.memory.reservedBytes()).isZero();
    }

    @Test
    void whatWaitedInVainIsCopiedAgainWhenSomebodyAnswers() {
        MirrorBatch waiting = add();
        boolean[] unreachable = {true};
        topic.failed("nobody listens");
        topic.expire(60_000, () -> unreachable[0]);
        assertThat(waiting.lane().refusal()).as("it may wait").isNull();

        nowNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(60);
        topic.expire(-1, () -> unreachable[0]);
        assertThat(failed()).isEqualTo(1);
        assertThat(waiting.lane().refusal()).contains("took nothing in time: nobody listens");
        unreachable[0] = false;
        assertThat(waiting.lane().refusal()).isNull();
    }

    @Test
    void aTargetThatIsOnlySlowGoesOnGettingCopies() {
        learn();
        MirrorBatch waiting = add();
        topic.expire(-1, () -> true);
        assertThat(failed()).isEqualTo(1);
        assertThat(waiting.lane().refusal()).isNull();
    }

    @Test
    void whatNothingWaitedForIsNotGivenUp() {
        learn();
        for (int i = 0; i < 20; i++) {
            assertThat(topic.refused()).isZero();
            topic.giveUp("denied");
            nowNanos += TimeUnit.SECONDS.toNanos(60);
        }
        add();
        assertThat(topic.refused()).isEqualTo(1);
        assertThat(secondsOf(topic.giveUp("denied"))).isEqualTo(1);
    }

    @Test
    void aTargetThatIsOnlySlowGoesOnGettingCopiesThoughNobodyAnsweredOnce() {
        learn();
        topic.failed("nobody listens");
        MirrorBatch waiting = add();
        topic.expire(-1, () -> true);
        assertThat(failed()).isEqualTo(1);
        assertThat(waiting.lane().refusal()).as("its leader is known").isNull();
        topic.queues().get(0).batches().leader(PartitionQueue.NOBODY);
        nowNanos = System.nanoTime();
        MirrorBatch unled = add();
        topic.expire(-1, () -> true);
        assertThat(unled.lane().refusal()).contains("nobody listens");
        topic.takes();
        MirrorBatch leaderless = add();
        topic.expire(-1, () -> true);
        assertThat(failed()).isEqualTo(3);
        assertThat(leaderless.lane().refusal()).as("something was taken since").isNull();
    }

    @Test
    void ofATopicThatIsGoneThePartitionsAreFoundAnew() {
        assertThat(topic.forget()).as("nothing was known").isFalse();
        learn();
        MirrorBatch placed = add();
        assertThat(topic.forget()).as("something waits").isFalse();
        PartitionQueue queue = topic.queues().get(0).batches();
        queue.send();
        assertThat(topic.forget()).as("something is on its way").isFalse();
        queue.refused(placed, "it is gone", true, 10);
        assertThat(queue.settle()).isTrue();
        assertThat(topic.forget()).as("something goes again").isFalse();
        assertThat(topic.refused()).isEqualTo(1);
        topic.giveUp("it is gone");
        assertThat(topic.forget()).isTrue();
        assertThat(topic.queues()).isEmpty();

        MirrorBatch next = add();
        assertThat(topic.firstUnplaced()).isSameAs(next);
        assertThat(topic.needsLeaders()).isTrue();
        assertThat(topic.refused()).as("it may take a while until all know").isEqualTo(1);
        learn();
        assertThat(topic.queues()).hasSize(1);
        assertThat(topic.queues().get(0).batches().send()).isSameAs(next);
    }

    @Test
    void aPartitionThatCannotBeGoesSomewhere() {
        topic.learn(new MetadataResponseTopic()
                .setPartitions(List.of(
                        new MetadataResponsePartition().setPartitionIndex(0).setLeaderId(1),
                        new MetadataResponsePartition().setPartitionIndex(1).setLeaderId(1))));
        assertThat(topic.add(copies.oneOf(-1)).batches().partition()).isEqualTo(1);
        assertThat(topic.add(copies.oneOf(3)).batches().partition()).isEqualTo(1);
        assertThat(topic.add(copies.oneOf(Integer.MIN_VALUE)).batches().partition())
                .isZero();
    }

    @Test
    void onePauseAtATimeAndOneQuestion() {
        add();
        assertThat(topic.isBusy()).isFalse();
        topic.asks();
        assertThat(topic.isBusy()).isTrue();
        assertThat(topic.refused()).isEqualTo(1);
        assertThat(topic.isBusy()).isFalse();
        assertThat(topic.pauses()).isTrue();
        assertThat(topic.pauses()).isFalse();
        assertThat(topic.isBusy()).isTrue();
        topic.paused();
        assertThat(topic.refused()).isEqualTo(2);
        assertThat(topic.failed("nobody listens")).isEqualTo(1);
        assertThat(topic.isUnknown()).isTrue();
        assertThat(topic.refused()).as("it was another broker's word").isEqualTo(1);
        assertThat(topic.isUnknown()).isFalse();
    }
}
