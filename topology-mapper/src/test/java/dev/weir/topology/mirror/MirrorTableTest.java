package dev.weir.topology.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.TestReports;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.view.Moment;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is shown of mirrors, from what proxies say one after the other. */
class MirrorTableTest {
    private static final long START = 1_700_000_000_000L;
    private static final Moment MINUTE = Moment.NOW;

    private final MirrorTable mirrors = new MirrorTable();
    private final ProxyTable proxies = new ProxyTable(mirrors);

    private void report(String proxy, long epoch, long sequence, long toMillis, ProxyReport.Mirror... said) {
        byte[] key = Hash64.key(RecordKind.PROXY, new Hash64().add(proxy).value());
        byte[] value = TestReports.proxy(TestReports.header(proxy, epoch, sequence, toMillis)).toBuilder()
                .addAllMirrors(List.of(said))
                .build()
                .toByteArray();
        proxies.accept(RecordKind.PROXY, key, value);
    }

    private static ProxyReport.Mirror said(long mirrored, long dropped, long failed, long inFlight) {
        return TestReports.mirror("orders", mirrored).toBuilder()
                .setDroppedRecords(dropped)
                .setFailedRecords(failed)
                .setInFlightRecords(inFlight)
                .build();
    }

    private MirrorSum only(Moment moment, long nowMillis) {
        List<MirrorSum> sums = mirrors.sums(moment, nowMillis);
        assertThat(sums).hasSize(1);
        return sums.get(0);
    }

    private static Moment past(long atMillis) {
        return new Moment(OptionalLong.of(atMillis), Moment.WINDOW_MILLIS_MIN);
    }

    @Test
    void whatAProxySaysIsCountedOnceHoweverOftenItSaysIt() {
        report("a", START, 1, START + 5_000, said(50, 0, 0, 3));
        report("a", START, 2, START + 10_000, said(100, 10, 0, 5));
        report("a", START, 2, START + 10_000, said(100, 10, 0, 5));
        report("a", START, 1, START + 5_000, said(50, 0, 0, 3));
        report("a", START, 3, START + 15_000, said(150, 10, 5, 0));
        MirrorSum sum = only(MINUTE, START + 16_000);
        assertThat(sum.key()).isEqualTo(new MirrorKey("copies", "main", "orders", "staging", "mirror.orders"));
        assertThat(sum.total()).isEqualTo(new MirrorCounts(150, 15_000, 10, 5));
        assertThat(sum.counts()).isEqualTo(sum.total());
        assertThat(sum.inFlight()).isZero();
        assertThat(sum.counts().mirrored() / sum.seconds()).isCloseTo(10, within(0.01));
    }

    @Test
    void proxiesAreAddedUpAndEachMayBeginAnew() {
        report("a", START, 1, START + 5_000, said(50, 0, 0, 3));
        report("b", START, 1, START + 5_000, said(7, 0, 0, 2));
        assertThat(only(MINUTE, START + 5_000).inFlight()).isEqualTo(5);
        report("a", START + 6_000, 1, START + 10_000, said(20, 0, 0, 1));
        MirrorSum sum = only(MINUTE, START + 10_000);
        assertThat(sum.total().mirrored()).isEqualTo(77);
        assertThat(sum.inFlight())
                .as("what was on its way in the run that ended is gone")
                .isEqualTo(3);
        proxies.tick(START + 25 * 3_600_000L);
        assertThat(mirrors.sums(MINUTE, START + 25 * 3_600_000L)).isEmpty();
    }

    @Test
    void theWindowHasWhatHappenedInIt() {
        report("a", START, 1, START + 600_000, said(6_000, 0, 0, 0));
        for (int i = 1; i <= 24; i++) {
            report("a", START, 1 + i, START + 600_000 + 5_000 * i, said(6_000 + 100 * i, 0, 0, 0));
        }
        long now = START + 720_000;
        MirrorSum minute = only(MINUTE, now);
        assertThat(minute.counts().mirrored() / minute.seconds()).isCloseTo(20, within(0.5));
        assertThat(minute.total().mirrored()).isEqualTo(8_400);
        MirrorSum before = only(past(START + 660_000), now);
        assertThat(before.counts().mirrored() / before.seconds()).isCloseTo(20, within(0.5));
        assertThat(before.total().mirrored()).isCloseTo(7_200, within(200L));
        assertThat(before.inFlight()).isZero();
        assertThat(mirrors.sums(past(START + 300_000), now))
                .as("what happened then nobody knows")
                .isEmpty();
        MirrorSum later = only(MINUTE, now + 600_000);
        assertThat(later.counts()).isEqualTo(MirrorCounts.NONE);
        assertThat(mirrors.sums(past(START + 660_000), now + 90 * 60_000L))
                .as("of more than an hour ago there is nothing any more")
                .isEmpty();
    }

    @Test
    void whatWasLostBeforeAnybodyListenedIsNotBeingLost() {
        report("a", START, 1, START + 14 * 86_400_000L, said(1_000_000, 10, 3, 0));
        MirrorSum sum = only(MINUTE, START + 14 * 86_400_000L);
        assertThat(sum.counts()).isEqualTo(MirrorCounts.NONE);
        assertThat(sum.total().dropped()).isEqualTo(10);
    }

    @Test
    void reportsOfProxiesWithoutMirrorsAreReadAsBefore() {
        report("old", START, 1, START + 5_000);
        report("old", START, 2, START + 10_000);
        assertThat(mirrors.sums(MINUTE, START + 10_000)).isEmpty();
        assertThat(proxies.proxies(START + 10_000)).hasSize(1);
    }

    private static ProxyReport.Mirror past(ProxyReport.Mirror said) {
        return said.toBuilder().setPast(true).build();
    }

    @Test
    void whereCopiesGoIsKnown() {
        long now = START + 5_000;
        report("a", START, 1, now, said(1, 0, 0, 0));
        assertThat(mirrors.leadTo("staging", "mirror.orders", now)).isTrue();
        assertThat(mirrors.leadTo("main", "mirror.orders", now)).isFalse();
        assertThat(mirrors.leadTo("main", "orders", now)).isFalse();
    }

    @Test
    void aMirrorThatPolicyHasNoMoreLeavesTheMapWithItsLastCopies() {
        report("a", START, 1, START + 5_000, said(50, 0, 0, 5));
        long removed = START + 10_000;
        report("a", START, 2, removed, past(said(50, 0, 0, 5)));
        report("a", START, 3, START + 15_000, past(said(55, 0, 0, 0)));
        long now = removed;
        for (int i = 4; i <= 40; i++) {
            now = START + 5_000 * i;
            report("a", START, i, now, past(said(55, 0, 0, 0)));
            assertThat(mirrors.sums(MINUTE, now)).hasSize(now <= START + 75_000 ? 1 : 0);
        }
        assertThat(only(past(START + 15_000), now).total().mirrored())
                .as("of that time it is still shown")
                .isEqualTo(55);
        assertThat(mirrors.sums(past(START + 120_000), now)).isEmpty();
        report("a", START, 41, now + 5_000, said(55, 0, 0, 0));
        assertThat(only(MINUTE, now + 5_000).counts()).as("it is back").isEqualTo(MirrorCounts.NONE);
    }

    @Test
    void aTopicThatNoMirrorWritesToAnyMoreIsSearchedAgain() {
        long ended = START + 15_000;
        report("a", START, 1, START + 5_000, said(50, 0, 0, 5));
        report("a", START, 2, START + 10_000, past(said(50, 0, 0, 5)));
        report("a", START, 3, ended, past(said(55, 0, 0, 0)));
        report("a", START, 4, ended + 5_000, past(said(55, 0, 0, 0)));
        proxies.tick(ended + MirrorTargets.STAYS_MILLIS - 1);
        assertThat(mirrors.leadTo("staging", "mirror.orders", ended + MirrorTargets.STAYS_MILLIS - 1))
                .as("the last copies may not have been compared yet")
                .isTrue();
        proxies.tick(ended + MirrorTargets.STAYS_MILLIS);
        assertThat(mirrors.leadTo("staging", "mirror.orders", ended + MirrorTargets.STAYS_MILLIS))
                .isFalse();
    }

    @Test
    void whatIsTooMuchForTheMapIsStillNoBypass() {
        ProxyReport.Mirror[] many = IntStream.range(0, MirrorTable.EDGES_MAX + 100)
                .mapToObj(i -> TestReports.mirror("topic-" + i, 1))
                .toArray(ProxyReport.Mirror[]::new);
        report("a", START, 1, START + 5_000, many);
        assertThat(mirrors.sums(MINUTE, START + 5_000)).hasSize(MirrorTable.EDGES_MAX);
        for (int i = 0; i < many.length; i++) {
            assertThat(mirrors.leadTo("staging", "mirror.topic-" + i, START + 5_000))
                    .isTrue();
        }
        assertThat(mirrors.leadTo("staging", "mirror.another", START + 5_000)).isFalse();
        assertThat(mirrors.leadAnywhereIn(START + 5_000)).isEmpty();
        ProxyReport.Mirror[] tooMany = IntStream.range(0, MirrorTargets.TARGETS_MAX)
                .mapToObj(i -> TestReports.mirror("more-" + i, 1))
                .toArray(ProxyReport.Mirror[]::new);
        report("b", START, 1, START + 5_000, tooMany);
        assertThat(mirrors.leadTo("staging", "mirror.another", START + 5_000))
                .as("nobody can say")
                .isTrue();
        assertThat(mirrors.leadTo("main", "orders", START + 5_000)).isFalse();
        assertThat(mirrors.leadAnywhereIn(START + 5_000)).containsExactly("staging");
    }

    @Test
    void aClusterWhoseTargetsAProxyCannotTellIsNotSearched() {
        byte[] key = Hash64.key(RecordKind.PROXY, new Hash64().add("a").value());
        proxies.accept(
                RecordKind.PROXY,
                key,
                TestReports.proxy(TestReports.header("a", START, 1, START + 5_000)).toBuilder()
                        .addUntoldMirrorClusters("staging")
                        .build()
                        .toByteArray());
        assertThat(mirrors.leadTo("staging", "any", START + 5_000)).isTrue();
        assertThat(mirrors.leadTo("main", "any", START + 5_000)).isFalse();
        assertThat(mirrors.leadAnywhereIn(START + 5_000)).containsExactly("staging");
        long later = START + 5_000 + MirrorTargets.STAYS_MILLIS;
        proxies.tick(later);
        assertThat(mirrors.leadTo("staging", "any", later)).isFalse();
        assertThat(mirrors.leadAnywhereIn(later)).isEmpty();
    }

    @Test
    void oneProxyThatHasAMirrorIsEnough() {
        report("a", START, 1, START + 5_000, said(50, 0, 0, 0));
        report("before", START, 1, START + 5_000, said(7, 0, 0, 0));
        long now = START;
        for (int i = 2; i <= 240; i++) {
            now = START + 5_000 * i;
            report("a", START, i, now, past(said(50, 0, 0, 0)));
            report("before", START, i, now, said(7, 0, 0, 0));
        }
        assertThat(mirrors.leadTo("staging", "mirror.orders", now)).isTrue();
        assertThat(only(MINUTE, now).counts()).isEqualTo(MirrorCounts.NONE);
    }
}
