package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OffsetTimesTest {
    private static final long T = 1_700_000_000_000L;

    /** When all reports have come. */
    private static final long LATER = T + 86_400_000;

    private final OffsetTimes times = new OffsetTimes(512);

    @Test
    void dataIsAsOldAsItsAppend() {
        times.append(0, 100, T, T + 990, false);
        times.append(100, 200, T + 5_000, T + 5_990, false);

        assertThat(times.firstMillis(0, 200, LATER)).isEqualTo(T);
        assertThat(times.firstMillis(50, 200, LATER)).isEqualTo(T + 500);
        assertThat(times.firstMillis(100, 200, LATER)).isEqualTo(T + 5_000);
        assertThat(times.firstMillis(200, 200, LATER)).isEqualTo(-1);
        assertThat(times.records(50, 200)).isEqualTo(150);
    }

    @Test
    void theEndOfATransactionIsNoData() {
        times.append(0, 100, T, T + 100, true);
        times.observeEnd(101, T + 200);

        assertThat(times.records(100, 101)).isZero();
        assertThat(times.firstMillis(100, 101, LATER)).isEqualTo(-1);
        times.append(101, 111, T + 300, T + 300, true);
        times.observeEnd(112, T + 400);
        times.append(112, 113, T + 60_000, T + 60_000, true);
        times.observeEnd(114, T + 60_100);
        assertThat(times.records(0, 114)).isEqualTo(111);
        assertThat(times.firstMillis(113, 114, LATER)).isEqualTo(-1);
        assertThat(times.firstMillis(111, 114, LATER)).isEqualTo(T + 60_000);
        times.settleUntil(T + 100_000);
        assertThat(times.unreportedRecords()).isZero();
        assertThat(times.reportedRecords()).isEqualTo(111);
    }

    @Test
    void markersAreRecognisedWhenTheAppendIsReportedLast() {
        times.observeEnd(0, T);
        times.observeEnd(101, T + 1_000);
        assertThat(times.records(0, 101)).isEqualTo(101);

        times.append(0, 100, T + 200, T + 300, true);

        assertThat(times.records(0, 101)).isEqualTo(100);
        assertThat(times.firstMillis(100, 101, LATER)).isEqualTo(-1);
    }

    @Test
    void whatIsReadSettlesWhetherItIsData() {
        times.append(0, 100, T, T + 100, true);
        times.observeEnd(102, T + 200);
        assertThat(times.records(100, 102)).isZero();

        times.read(100, 101, 0, -1);
        times.read(101, 102, 1, T + 150);

        assertThat(times.records(100, 101)).isZero();
        assertThat(times.records(101, 102)).isEqualTo(1);
        times.settleUntil(T + 10_000);
        assertThat(times.unreportedRecords()).isEqualTo(1);
    }

    @Test
    void abortedDataIsNobodysInWhateverOrderThatIsTold() {
        OffsetTimes readLast = new OffsetTimes(512);
        readLast.append(0, 50, T, T + 100, true);
        readLast.observeEnd(51, T + 150);
        readLast.append(51, 81, T + 200, T + 300, true);
        readLast.observeEnd(82, T + 400);
        readLast.read(0, 50, 50, T);
        readLast.aborted(51, 81);
        OffsetTimes readFirst = new OffsetTimes(512);
        readFirst.append(0, 50, T, T + 100, true);
        readFirst.observeEnd(82, T + 400);
        readFirst.aborted(51, 81);
        readFirst.read(50, 51, 0, -1);
        readFirst.append(51, 81, T + 200, T + 300, true);

        for (OffsetTimes each : List.of(readLast, readFirst)) {
            each.read(51, 81, 30, T); // by one who takes what was not committed
            assertThat(each.records(0, 82)).isEqualTo(50);
            assertThat(each.firstMillis(50, 82, LATER)).isEqualTo(-1);
            assertThat(each.gapsSeen()).isFalse();
            each.settleUntil(T + 20_000);
            assertThat(each.unreportedRecords()).isZero();
            assertThat(OffsetTimes.of(each.state(), 512).records(0, 82)).isEqualTo(50);
        }
    }

    @Test
    void compactionIsSeenByReading() {
        times.append(0, 1_000, T, T + 900, false);
        times.read(0, 500, 5, T);

        assertThat(times.gapsSeen()).isTrue();
        assertThat(times.records(0, 1_000)).isEqualTo(505);
        assertThat(times.records(500, 1_000)).isEqualTo(500);
    }

    @Test
    void growthThatNobodyReportedIsDataAndCounted() {
        times.append(0, 10, T, T, false);
        times.observeEnd(60, T + 2_000);

        assertThat(times.records(0, 60)).isEqualTo(60);
        times.settleUntil(T + 1_000);
        assertThat(times.unreportedRecords()).isZero();
        times.settleUntil(T + 20_000);
        assertThat(times.unreportedRecords()).isEqualTo(50);
        assertThat(times.reportedRecords()).isEqualTo(10);
    }

    @Test
    void aReportThatComesAfterItsTimeTakesBackWhatWasSaid() {
        times.append(0, 10, T, T, false);
        times.observeEnd(60, T + 2_000);
        times.settleUntil(T + 20_000);

        times.append(10, 50, T + 500, T + 900, false);

        assertThat(times.unreportedRecords()).isEqualTo(10);
        assertThat(times.reportedRecords()).isEqualTo(50);
        assertThat(times.firstMillis(10, 60, LATER)).isEqualTo(T + 500);
    }

    @Test
    void growthCountsFromWhenItWasSeenUntilItsReportWouldHaveCome() {
        times.append(0, 10, T, T, false);
        times.observeEnd(60, T + 2_000);

        assertThat(times.firstMillis(10, 60, T + 2_500)).isEqualTo(T + 2_000);
        assertThat(times.firstMillis(10, 60, T + 2_000 + LagFigures.NEWS_MILLIS))
                .isEqualTo(T);
        times.append(10, 60, T + 1_800, T + 1_800, false);
        assertThat(times.firstMillis(10, 60, T + 2_500)).isEqualTo(T + 1_800);
    }

    @Test
    void offsetsFromBeforeTheFirstReportAreOlderThanIt() {
        times.append(500, 510, T, T, false);

        assertThat(times.records(100, 510)).isEqualTo(410);
        assertThat(times.firstMillis(100, 510, LATER)).isEqualTo(T);
        times.read(100, 200, 100, T - 3_600_000);
        assertThat(times.firstMillis(100, 510, LATER)).isEqualTo(T - 3_600_000);
        times.settleUntil(T + 100_000);
        assertThat(times.unreportedRecords()).isZero();
    }

    @Test
    void anAppendThatIsAcknowledgedTwiceKeepsItsFirstTime() {
        times.append(0, 10, T, T, false);
        times.append(0, 10, T + 30_000, T + 30_000, false);

        assertThat(times.firstMillis(0, 10, LATER)).isEqualTo(T);
    }

    @Test
    void aTopicThatWasMadeAnewBeginsAnew() {
        times.append(0, 1_000, T, T, false);
        times.truncate(20, T + 60_000);
        times.observeEnd(20, T + 60_000);

        assertThat(times.end()).isEqualTo(20);
        assertThat(times.records(0, 20)).isEqualTo(20);
    }

    @Test
    void anyOrderGivesTheSame() {
        Random random = new Random(42);
        for (int run = 0; run < 200; run++) {
            List<long[]> appends = new ArrayList<>();
            long offset = 0;
            long millis = T;
            for (int i = 0; i < 40; i++) {
                long length = 1 + random.nextInt(20);
                appends.add(new long[] {offset, offset + length, millis, millis + random.nextInt(900)});
                offset += length;
                millis += random.nextInt(3_000);
            }
            OffsetTimes inOrder = new OffsetTimes(512);
            appends.forEach(append -> inOrder.append(append[0], append[1], append[2], append[3], false));
            Collections.shuffle(appends, random);
            OffsetTimes shuffled = new OffsetTimes(512);
            appends.forEach(append -> shuffled.append(append[0], append[1], append[2], append[3], false));

            for (int i = 0; i < 50; i++) {
                long from = random.nextLong(offset);
                assertThat(shuffled.records(from, offset)).isEqualTo(offset - from);
                assertThat(shuffled.firstMillis(from, offset, LATER))
                        .as("run %d offset %d", run, from)
                        .isCloseTo(inOrder.firstMillis(from, offset, LATER), within(OffsetTimes.STEP_MILLIS));
            }
        }
    }

    @Test
    void aWeekIsKeptInFewPointsWithAnErrorInProportionToItsAge() {
        long seconds = 7 * 86_400;
        for (long second = 0; second < seconds; second++) {
            times.append(second * 10, second * 10 + 10, T + second * 1_000, T + second * 1_000 + 900, false);
            if (second % 10 == 0) {
                times.settleUntil(T + second * 1_000 - 15_000);
                times.thin(T + second * 1_000, 0, 0);
            }
        }
        long now = T + seconds * 1_000;

        assertThat(times.size()).isLessThanOrEqualTo(522);
        for (long age = 1; age < seconds; age = age * 3 / 2 + 1) {
            long second = seconds - age;
            assertThat((double) times.firstMillis(second * 10, seconds * 10, LATER))
                    .isCloseTo(now - age * 1_000.0, within(Math.max(1_000, age * 1_000 / 16.0)));
            assertThat(times.records(second * 10, seconds * 10)).isEqualTo(age * 10);
        }
        OffsetTimes restored = OffsetTimes.of(times.state(), 512);
        assertThat(restored.state()).isEqualTo(times.state());
        assertThat(times.state().getSerializedSize()).isLessThan(8_000);
    }
}
