package dev.weir.proxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Mirroring.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class PartitionQueueTest {
    private final Copies copies = new Copies();
    private final PartitionQueue queue = new PartitionQueue(0);
    private final List<MirrorBatch> batches =
            Stream.generate(() -> copies.one(new Selection.All())).limit(5).toList();

    /** Four wait, and a fifth was taken. */
    private void fill() {
        batches.forEach(queue::add);
        queue.leader(1);
        queue.taken(send());
    }

    private List<MirrorBatch> left() {
        return batches.subList(1, 5);
    }

    private MirrorBatch send() {
        assertThat(queue.canSend()).isTrue();
        return queue.send();
    }

    private MirrorLedger ledger() {
        return copies.account.ledger();
    }

    @Test
    void nothingIsSentWhileNobodyLeads() {
        batches.forEach(queue::add);
        assertThat(queue.canSend()).isFalse();
        queue.leader(1);
        assertThat(send()).isEqualTo(batches.get(0));
        assertThat(queue.canSend()).as("until the first is taken").isFalse();
        queue.taken(batches.get(0));
        assertThat(left()).allMatch(batch -> send() == batch);
        assertThat(queue.canSend()).isFalse();
        left().forEach(queue::taken);
        assertThat(queue.isIdle()).isTrue();
        assertThat(ledger().mirrored().records()).isEqualTo(5);
        assertThat(copies.memory.reservedBytes()).isZero();
    }

    @Test
    void whatComesBackGoesAgainInItsOrder() {
        fill();
        MirrorBatch first = send();
        MirrorBatch second = send();
        queue.refused(first, "not now", true, 10);
        assertThat(queue.canSend()).as("something is still on its way").isFalse();
        assertThat(queue.settle()).isFalse();
        queue.refused(second, "not now", true, 10);
        assertThat(queue.settle()).isTrue();
        assertThat(queue.canSend()).as("until a leader is known").isFalse();
        queue.leader(2);
        MirrorBatch again = send();
        assertThat(again).isEqualTo(first);
        assertThat(queue.canSend()).as("the new leader has taken nothing yet").isFalse();
        queue.taken(again);
        assertThat(left().subList(1, 4)).allMatch(batch -> send() == batch);
        assertThat(ledger().inFlight().records()).isEqualTo(3);
    }

    @Test
    void whatWouldBeOutOfOrderFails() {
        fill();
        MirrorBatch first = send();
        MirrorBatch second = send();
        queue.refused(first, "not now", true, 10);
        queue.taken(second);
        assertThat(ledger().failed().records()).isEqualTo(1);
        assertThat(ledger().mirrored().records()).isEqualTo(2);
        assertThat(copies.account.lastError().words()).contains("change the order", "not now");
        assertThat(queue.canSend()).isTrue();
    }

    @Test
    void aNewLeaderGetsNothingBeforeTheOldOneHasAnswered() {
        fill();
        MirrorBatch first = send();
        queue.leader(2);
        assertThat(queue.canSend()).isFalse();
        queue.taken(first);
        assertThat(queue.canSend()).isTrue();
    }

    @Test
    void aBatchIsTriedSoOftenAndNotMore() {
        fill();
        for (int attempt = 1; attempt < 3; attempt++) {
            queue.refused(send(), "not now", true, 3);
            assertThat(queue.settle()).isTrue();
            queue.leader(1);
        }
        queue.refused(send(), "not now", true, 3);
        assertThat(ledger().failed().records()).isEqualTo(1);
        assertThat(queue.settle()).isFalse();
        queue.refused(send(), "never", false, 3);
        assertThat(ledger().failed().records()).isEqualTo(2);
        assertThat(copies.account.lastError().words()).isEqualTo("never");
    }

    @Test
    void whatWaitsEnds() {
        fill();
        MirrorBatch sent = send();
        queue.expire(-1, null);
        assertThat(ledger().failed().records()).isEqualTo(3);
        queue.refused(sent, "closed", true, 10);
        queue.end(batch -> batch.dropped("stopped"));
        assertThat(ledger().dropped().records()).isEqualTo(1);
        assertThat(ledger().inFlight()).isEqualTo(Amount.NONE);
        assertThat(queue.isIdle()).isTrue();
        assertThat(copies.memory.reservedBytes()).isZero();
    }

    private static MirrorBatch ready(MirrorBatch batch) {
        assertThat(batch.prepare(null)).isTrue();
        return batch;
    }

    private MirrorBatch large(int bytes) {
        return ready(copies.of(
                new Selection.All(), Copies.batch(CompressionType.NONE, false, new SimpleRecord(new byte[bytes])), 1));
    }

    @Test
    void smallOnesGoTogether() {
        batches.forEach(PartitionQueueTest::ready);
        fill();
        assertThat(queue.sendTogether()).isEqualTo(left());
        left().forEach(queue::taken);
        assertThat(queue.isIdle()).isTrue();
        assertThat(ledger().mirrored().records()).isEqualTo(5);
    }

    @Test
    void largeOnesAndCompressedOnesGoAlone() {
        MirrorBatch compressed = ready(copies.of(
                new Selection.All(), Copies.batch(CompressionType.LZ4, false, new SimpleRecord(new byte[100])), 1));
        List<MirrorBatch> all = List.of(
                batches.get(0), compressed, large(40_000), large(30_000), large(30_000), large(30_000), large(100));
        all.forEach(batch -> queue.add(ready(batch)));
        queue.leader(1);
        List<Integer> sizes = new ArrayList<>();
        List<MirrorBatch> sent = new ArrayList<>();
        while (queue.canSend()) {
            List<MirrorBatch> together = queue.sendTogether();
            sizes.add(together.size());
            together.forEach(queue::taken);
            sent.addAll(together);
        }
        assertThat(sizes).containsExactly(1, 1, 1, 2, 2);
        assertThat(sent).isEqualTo(all);
    }

    @Test
    void whatIsRefusedTogetherGoesAgainOneByOne() {
        batches.forEach(PartitionQueueTest::ready);
        fill();
        queue.apart(queue.sendTogether(), "one of them is broken", false);
        assertThat(queue.canSend()).isFalse();
        assertThat(queue.settle()).isTrue();
        queue.leader(1);
        for (MirrorBatch batch : left()) {
            assertThat(queue.sendTogether()).containsExactly(batch);
            if (batch == left().get(1)) {
                queue.refused(batch, "broken", false, 10);
            } else {
                queue.taken(batch);
            }
        }
        assertThat(ledger().failed().records()).isEqualTo(1);
        assertThat(ledger().mirrored().records()).isEqualTo(4);
        assertThat(copies.memory.reservedBytes()).isZero();
    }

    private List<MirrorBatch> add(int number, int bytes) {
        List<MirrorBatch> added =
                Stream.generate(() -> large(bytes)).limit(number).toList();
        added.forEach(queue::add);
        return added;
    }

    @Test
    void whatIsTooLargeTogetherIsLessFromThenOn() {
        queue.leader(1);
        List<MirrorBatch> four = add(4, 15_000);
        assertThat(queue.sendTogether()).isEqualTo(four);
        queue.apart(four, "too large", true);
        assertThat(queue.settle()).isTrue();
        queue.leader(1);
        List<MirrorBatch> two = queue.sendTogether();
        assertThat(two).isEqualTo(four.subList(0, 2));
        two.forEach(queue::taken);
        assertThat(queue.sendTogether()).isEqualTo(four.subList(2, 4));
    }

    /** Sends what waits, all of which is taken, until several go together. */
    private int aloneUntilTogether() {
        int alone = 0;
        while (true) {
            add(2, 100);
            List<MirrorBatch> next = queue.sendTogether();
            next.forEach(queue::taken);
            if (next.size() > 1) {
                return alone;
            }
            alone++;
        }
    }

    @Test
    void whatWasRefusedTogetherIsTriedTogetherAgainAfterManyWereTaken() {
        queue.leader(1);
        for (boolean tooLarge : new boolean[] {true, false}) {
            add(2, 100);
            queue.apart(queue.sendTogether(), "broken", tooLarge);
            assertThat(queue.settle()).isTrue();
            queue.leader(1);
            assertThat(aloneUntilTogether()).isEqualTo(PartitionQueue.LESS_TIMES);
            queue.end(batch -> batch.dropped("for the next"));
        }
        assertThat(ledger().failed()).isEqualTo(Amount.NONE);
    }

    @Test
    void whatIsRefusedMeanwhileBeginsTheCountAnew() {
        queue.leader(1);
        add(2, 100);
        queue.apart(queue.sendTogether(), "broken", false);
        assertThat(queue.settle()).isTrue();
        queue.leader(1);
        add(PartitionQueue.LESS_TIMES / 2, 100);
        for (int i = 0; i < PartitionQueue.LESS_TIMES / 2; i++) {
            queue.sendTogether().forEach(queue::taken);
        }
        queue.sendTogether().forEach(batch -> queue.refused(batch, "broken", false, 10));
        assertThat(aloneUntilTogether()).isEqualTo(PartitionQueue.LESS_TIMES);
    }

    @Test
    void nothingFollowsAsMuchAsWasTakenOnceButIsNotAnyMore() {
        queue.leader(1);
        add(4, 15_000);
        queue.sendTogether().forEach(queue::taken);
        add(4, 15_000);
        queue.apart(queue.sendTogether(), "too large", true);
        assertThat(queue.settle()).isTrue();
        queue.leader(1);
        for (int i = 0; i < PartitionQueue.LESS_TIMES; i++) {
            add(2, 15_000);
            List<MirrorBatch> two = queue.sendTogether();
            assertThat(two).hasSize(2);
            two.forEach(queue::taken);
        }
        assertThat(queue.sendTogether()).hasSize(4);
        add(1, 100);
        assertThat(queue.canSend()).isFalse();
    }

    @Test
    void nothingFollowsWhatIsLargerThanAllThatWasTaken() {
        queue.leader(1);
        List<MirrorBatch> four = add(4, 15_000);
        queue.sendTogether();
        add(2, 15_000);
        four.subList(0, 3).forEach(queue::taken);
        assertThat(queue.canSend()).as("the largest was taken").isTrue();
        queue.taken(four.get(3));
        List<MirrorBatch> two = queue.sendTogether();
        add(4, 15_000);
        assertThat(queue.canSend()).as("two were less").isTrue();
        queue.sendTogether();
        two.forEach(queue::taken);
        add(4, 16_000);
        queue.sendTogether();
        add(1, 100);
        assertThat(queue.canSend()).isFalse();
    }
}
