package dev.weir.canary.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RollCallTest {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final GroupClient CLIENT = new GroupClient("payments", "v1-a", "g");
    private static final MemberSeen SIGN = new MemberSeen(CLIENT, "m-1");

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final AtomicInteger news = new AtomicInteger();
    private final RollCall roll = new RollCall(GRACE, news::incrementAndGet, nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** All has been read that there is now. */
    private void read() {
        roll.readUntil(nanos.get());
    }

    /** It keeps asking. */
    private void askFor(Duration time) {
        for (Duration asked = Duration.ZERO; asked.compareTo(time) < 0; asked = asked.plusSeconds(1)) {
            roll.of(CLIENT);
            pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void whoIsSeenIsAMemberAtOnceAndIsToldToOthersOnce() {
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.AWAITED);
        roll.seen(SIGN);
        roll.seen(SIGN);
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.MEMBER);
        assertThat(news).hasValue(1);
        assertThat(roll.untold()).containsExactly(SIGN);
        assertThat(roll.untold()).isEmpty();
    }

    @Test
    void whoOthersHaveToldOfIsAMemberAndIsNotToldAgainForAWhile() {
        roll.heard(SIGN);
        roll.seen(SIGN);
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.MEMBER);
        assertThat(news).hasValue(1);
        assertThat(roll.untold()).isEmpty();
        pass(Duration.ofMinutes(15));
        roll.seen(SIGN);
        assertThat(roll.untold()).containsExactly(SIGN);
        assertThat(news).as("nobody waits for one that is known").hasValue(1);
    }

    @Test
    void aMemberMayBeSilentForAnHour() {
        roll.seen(SIGN);
        pass(RollCall.KEPT);
        read();
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.MEMBER);
        pass(Duration.ofMinutes(16));
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.AWAITED);
    }

    @Test
    void nobodyIsAbsentBeforeTheGraceIsOverAndAllIsReadThatWasToldInIt() {
        askFor(GRACE.multipliedBy(2));
        assertThat(roll.of(CLIENT)).as("nothing was read").isEqualTo(Standing.AWAITED);
        roll.readUntil(nanos.get() - GRACE.plusSeconds(1).toNanos());
        assertThat(roll.of(CLIENT)).as("the log is read late").isEqualTo(Standing.AWAITED);
        read();
        assertThat(roll.of(CLIENT)).isEqualTo(new Standing.Absent(Optional.empty()));
        roll.heard(SIGN);
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.MEMBER);
    }

    @Test
    void whoComesBackIsWaitedForAgain() {
        askFor(GRACE);
        read();
        assertThat(roll.of(CLIENT)).isInstanceOf(Standing.Absent.class);
        pass(Duration.ofSeconds(11));
        read();
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.AWAITED);
    }

    @Test
    void whoIsInAnotherGroupIsAbsentAllTheSame() {
        roll.seen(new MemberSeen(new GroupClient("payments", "v1-a", "reports"), ""));
        roll.seen(new MemberSeen(new GroupClient("payments", "v1-b", "g"), ""));
        roll.seen(new MemberSeen(new GroupClient("billing", "v1-a", "g"), ""));
        askFor(GRACE);
        read();
        assertThat(roll.of(CLIENT)).isEqualTo(new Standing.Absent(Optional.of("reports")));
    }

    @Test
    void whoCouldNotBeToldIsToldWithTheNextSign() {
        roll.seen(SIGN);
        assertThat(roll.untold()).containsExactly(SIGN);
        roll.failed(SIGN);
        assertThat(roll.of(CLIENT)).isEqualTo(Standing.MEMBER);
        roll.seen(SIGN);
        assertThat(roll.untold()).containsExactly(SIGN);
    }

    @Test
    void howMuchIsKeptIsBounded() {
        for (int i = 0; i < 50_000; i++) {
            roll.seen(new MemberSeen(new GroupClient("payments", "v1-" + i, "g"), ""));
        }
        assertThat(roll.untold()).hasSize(10_000);
    }

    @Test
    void aMemberOfAGroupIsKnownByItsId() {
        roll.seen(SIGN);
        roll.heard(new MemberSeen(CLIENT, "m-2"));
        List<GroupMember> members = List.of(member("m-1"), member("m-2"), member("m-3"));
        GroupCheck early = GroupCheck.of(members, roll);
        assertThat(early.strangers()).isEmpty();
        assertThat(early.obstacle()).isEqualTo("1 members of its groups have not been seen by a proxy yet");
        for (int i = 0; i < 31; i++) {
            GroupCheck.of(members, roll);
            pass(Duration.ofSeconds(1));
        }
        read();
        GroupCheck late = GroupCheck.of(members, roll);
        assertThat(late.strangers()).containsExactly(member("m-3"));
        assertThat(late.obstacle())
                .isEqualTo("members of its groups come to brokers around Weir: client id v1-a at /10.0.0.1 in group g");
        roll.heard(new MemberSeen(CLIENT, "m-3"));
        assertThat(GroupCheck.of(members, roll).obstacle()).isEmpty();
    }

    private static GroupMember member(String id) {
        return new GroupMember("g", id, "v1-a", "/10.0.0.1");
    }
}
