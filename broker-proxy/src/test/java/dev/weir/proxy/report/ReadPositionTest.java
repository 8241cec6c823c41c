package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadPositionTest {
    private static final long NOTHING = -1;

    private final ReadPosition position = new ReadPosition();

    private long othersFrom() {
        LoopRound.Place place = position.take();
        assertThat(place).isNotNull();
        return place.othersFrom();
    }

    @Test
    void aClientOfNoCanaryHasNoOthers() {
        position.fetching(10, 1);
        position.delivered(20, 2);

        assertThat(position.take()).isEqualTo(new LoopRound.Place(10, 20, -1, 2));
        assertThat(position.take()).as("nothing new").isNull();
    }

    @Test
    void whatIsNotItsOwnBeginsWhereItBeginsToRead() {
        position.fetching(10, 1);
        assertThat(othersFrom()).as("nobody knows yet").isEqualTo(-1);

        position.deliveredOwn(10, NOTHING, 20, 2);
        assertThat(position.take()).isEqualTo(new LoopRound.Place(10, 20, 10, 2));

        position.fetching(20, 3);
        position.deliveredOwn(20, NOTHING, 30, 3);
        assertThat(position.take()).isEqualTo(new LoopRound.Place(20, 30, 10, 3));
    }

    @Test
    void whatIsNotItsOwnBeginsBehindTheLastThatIs() {
        position.fetching(10, 1);
        position.deliveredOwn(10, 17, 20, 2);
        assertThat(othersFrom()).isEqualTo(17);

        position.fetching(20, 3);
        position.deliveredOwn(20, 30, 30, 3);
        assertThat(othersFrom()).isEqualTo(30);
    }

    /** The first batch may begin before what was asked for. */
    @Test
    void recordsThatItStepsOverAreNotGivenToIt() {
        position.fetching(15, 1);
        position.deliveredOwn(15, 12, 20, 2);

        assertThat(othersFrom()).isEqualTo(15);
    }

    @Test
    void whoeverAsksForItAgainGoesOn() {
        position.fetching(10, 1);
        position.deliveredOwn(10, 12, 20, 2);
        position.fetching(12, 3);
        assertThat(othersFrom()).as("by its last record, and not by the batch").isEqualTo(12);

        position.notFetching();
        position.fetching(18, 4);
        position.deliveredOwn(18, NOTHING, 30, 5);
        assertThat(othersFrom()).isEqualTo(12);
    }

    @Test
    void whoeverGoesElsewhereBeginsThere() {
        position.fetching(10, 1);
        position.deliveredOwn(10, 12, 20, 2);

        position.fetching(5, 3);
        assertThat(othersFrom()).as("back").isEqualTo(-1);
        position.deliveredOwn(5, NOTHING, 8, 4);
        assertThat(othersFrom()).isEqualTo(5);

        position.fetching(100, 5);
        assertThat(othersFrom()).as("on").isEqualTo(-1);
        position.deliveredOwn(100, NOTHING, 110, 6);
        assertThat(othersFrom()).isEqualTo(100);
    }

    @Test
    void whenTheCanaryIsOverAllIsItsOwn() {
        position.fetching(10, 1);
        position.deliveredOwn(10, 12, 20, 2);
        position.fetching(20, 3);
        position.delivered(30, 4);

        assertThat(othersFrom()).isEqualTo(-1);
    }
}
