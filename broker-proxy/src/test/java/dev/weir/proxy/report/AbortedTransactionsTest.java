package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AbortedTransactionsTest {
    private final AbortedTransactions aborted = new AbortedTransactions();

    @Test
    void dataIsAbortedFromTheBeginningOfItsTransactionToItsMarker() {
        aborted.add(7, 100);
        aborted.add(8, 120);
        aborted.add(7, 200);

        assertThat(aborted.holds(7, 99)).isFalse();
        assertThat(aborted.holds(7, 100)).isTrue();
        assertThat(aborted.holds(8, 110)).isFalse();
        aborted.ended(7, 99); // of a transaction before
        assertThat(aborted.holds(7, 130)).isTrue();
        aborted.ended(7, 140);
        assertThat(aborted.holds(7, 150)).isFalse();
        assertThat(aborted.holds(8, 150)).isTrue();
        assertThat(aborted.holds(7, 200)).isTrue();

        aborted.clear();
        assertThat(aborted.holds(8, 150)).isFalse();
    }

    @Test
    void holdsNoMoreThanItHasRoomFor() {
        for (int i = 0; i < 10_000; i++) {
            aborted.add(i, i);
        }

        assertThat(aborted.holds(1, 20_000)).isTrue();
        assertThat(aborted.holds(9_999, 20_000)).isFalse();
    }
}
