package dev.weir.canary.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Clients;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private static final String CANARY = "payments";
    private static final Scope SCOPE = scope("payments");
    private static final Scope OTHER = scope("orders", "payments");
    private static final PartitionRef FIRST = new PartitionRef("payments", 0);
    private static final PartitionRef SECOND = new PartitionRef("payments", 1);

    private final Controller controller = new Controller(ChangeTimes.DEFAULT, known(), 0);
    private long nowNanos;

    @Test
    void noWeightIsPreparedBeforeItsSeedsAreInTheLog() {
        wish(SCOPE, 10);

        ControllerStep.ReadSeeds seeds = step(ControllerStep.ReadSeeds.class);
        controller.readSeeds(seeds, Map.of(FIRST, 5L));
        assertThat(written()).containsExactly(new ChangeEvent.Seeded(CANARY, SCOPE, Map.of(FIRST, 5L)));
        assertThat(written()).hasOnlyElementsOfType(ChangeEvent.Prepared.class);
    }

    @Test
    void endsThatLackAPartitionThatWasServedAreReadAgain() {
        controller.hear(new Beat("proxy", 1, Map.of(), Map.of("payments", 2)), nowNanos);
        change(SCOPE, 10, () -> {
            ControllerStep.ReadEnds early = step(ControllerStep.ReadEnds.class);
            controller.readEnds(early, Map.of(FIRST, 7L));
            controller.readEnds(step(ControllerStep.ReadEnds.class), Map.of(FIRST, 7L, SECOND, 3L));
        });

        assertThat(controller.log().of(CANARY).table().partitions()).containsExactly(FIRST, SECOND);
    }

    @Test
    void whoSaysGoodbyeIsNotWaitedForAndWhatItServedIsRemembered() {
        controller.hear(new Beat("other", 1, Map.of(), Map.of()), nowNanos);
        assertThat(written()).contains(new ChangeEvent.Admitted("other"));
        controller.hear(new Beat("other", 2, Map.of(), Map.of("payments", 2), true), nowNanos);
        controller.hear(new Beat("other", 1, Map.of(), Map.of()), nowNanos); // it was slower
        assertThat(written()).contains(new ChangeEvent.Left("other"));

        change(SCOPE, 10, () -> {
            ControllerStep.ReadEnds early = step(ControllerStep.ReadEnds.class);
            controller.readEnds(early, Map.of(FIRST, 7L));
            controller.readEnds(step(ControllerStep.ReadEnds.class), Map.of(FIRST, 7L, SECOND, 3L));
        });
        assertThat(controller.log().proxies()).doesNotContain("other");
        assertThat(nowNanos).as("the time of a lease").isLessThan(ChangeTimes.DEFAULT.beatNanos());
    }

    @Test
    void whoToldAnotherControllerWhatItServedIsWaitedForALease() {
        ChangeLog log = known();
        log.apply(new ChangeEvent.Admitted("other"));
        log.apply(new ChangeEvent.Left("other"));
        Membership membership = new Membership(ChangeTimes.DEFAULT, log, 0);
        assertThat(membership.isSettled()).isFalse();
        for (int i = 0; i < 22; i++) {
            log.apply(new ChangeEvent.Granted(Map.of("proxy", (long) i)));
        }
        assertThat(membership.isSettled()).isTrue();
    }

    @Test
    void whatACanarySharesStaysUntilItIsDrained() {
        change(SCOPE, 10, this::readEnds);
        change(OTHER, 20, this::readEnds);
        assertThat(controller.log().of(CANARY).scope()).isEqualTo(SCOPE);

        change(OTHER, 0, this::readEnds);
        drain();
        assertThat(controller.log().of(CANARY).isSeeded()).isFalse();

        wish(OTHER, 10);
        assertThat(step(ControllerStep.ReadSeeds.class).scope()).isEqualTo(OTHER);
    }

    @Test
    void aShadowIsSeededOnceAndHasNoWeight() {
        Scope shadow = shadow("receipts");
        wish(shadow, 0);
        controller.readSeeds(step(ControllerStep.ReadSeeds.class), Map.of(FIRST, 5L));
        assertThat(written()).containsExactly(new ChangeEvent.Seeded(CANARY, shadow, Map.of(FIRST, 5L)));

        wish(shadow, 0);
        step(ControllerStep.Rest.class);

        Scope more = shadow("receipts", "alerts");
        wish(more, 0);
        assertThat(step(ControllerStep.ReadSeeds.class).scope()).isEqualTo(more);
    }

    @Test
    void aCanaryBecomesAShadowOnceItIsDrained() {
        change(SCOPE, 10, this::readEnds);
        change(shadow(), 0, this::readEnds);
        assertThat(controller.log().of(CANARY).scope()).isEqualTo(SCOPE);

        drain();
        wish(shadow(), 0);
        assertThat(step(ControllerStep.ReadSeeds.class).scope()).isEqualTo(shadow());
    }

    @Test
    void aCanaryThatCannotBeSeededDoesNotAskForever() {
        wish(SCOPE, 10);
        step(ControllerStep.ReadSeeds.class);
        controller.giveUp(CANARY, "no such topic");

        step(ControllerStep.Rest.class);
    }

    @Test
    void itSaysWhetherFetchesAreHeldBackWhileItRests() {
        controller.hear(new Beat("proxy", 1, Map.of(), Map.of("payments", 2)), nowNanos);
        writeAll();
        assertThat(step(ControllerStep.Rest.class).holding()).isFalse();

        wish(SCOPE, 10);
        controller.readSeeds(step(ControllerStep.ReadSeeds.class), Map.of(FIRST, 5L, SECOND, 0L));
        writeAll();
        assertThat(step(ControllerStep.Rest.class).holding())
                .as("the proxy has not agreed yet")
                .isTrue();
    }

    /** A wish is repeated all the time, so there is one while the change is under way, too. */
    @Test
    void aChangeThatWasGivenUpIsNotBegunAgainBeforeItIsWishedForAgain() {
        change(SCOPE, 10, this::readEnds);
        wish(SCOPE, 20);
        writeAll();
        assertThat(controller.log().of(CANARY).pending()).isNotNull();
        wish(SCOPE, 20);
        nowNanos += ChangeTimes.DEFAULT.changeNanos() + 1;
        controller.hear(new Beat("proxy", nowNanos + 1, Map.of(), Map.of("payments", 2)), nowNanos);
        writeAll();
        assertThat(controller.log().of(CANARY).pending())
                .as("its topics are served")
                .isNull();

        wish(SCOPE, 20);
        writeAll();
        assertThat(controller.log().of(CANARY).pending()).isNotNull();
    }

    @Test
    void nothingChangesBeforeProxiesHadTheTimeToNoticeANewLog() {
        ChangeLog log = new ChangeLog();
        Controller early = new Controller(ChangeTimes.DEFAULT, log, 0);
        early.wish(CANARY, SCOPE, new Weight(100), Handover.ORDERED);
        early.readSeeds((ControllerStep.ReadSeeds) early.next(0), Map.of(FIRST, 5L));
        early.written((ControllerStep.Write) early.next(0), 0);

        assertThat(early.next(0)).isInstanceOf(ControllerStep.Rest.class);
        answered(log, 10);
        assertThat(early.next(0)).isInstanceOf(ControllerStep.Write.class);
    }

    @Test
    void aGroupWhoseBrokerHangsDoesNotKeepHandoversOfOthersWaiting() {
        Map<PartitionRef, Long> ends = Map.of(FIRST, 9L, SECOND, 9L, new PartitionRef("orders", 0), 9L);
        controller.wish("first", SCOPE, new Weight(1_000), Handover.ORDERED);
        controller.wish("second", OTHER, new Weight(1_000), Handover.ORDERED);
        ControllerStep next = controller.next(nowNanos);
        while (!(next instanceof ControllerStep.ReadCommitted)) {
            if (next instanceof ControllerStep.Write write) {
                controller.written(write, nowNanos);
            } else if (next instanceof ControllerStep.ReadSeeds seeds) {
                controller.readSeeds(seeds, ends);
            } else if (next instanceof ControllerStep.ReadEnds read) {
                controller.readEnds(read, ends);
            }
            next = controller.next(nowNanos);
        }
        String hanging = ((ControllerStep.ReadCommitted) next).canary();
        nowNanos += ChangeTimes.DEFAULT.changeNanos(); // nobody has answered

        assertThat(step(ControllerStep.ReadCommitted.class).canary()).isNotEqualTo(hanging);
        assertThat(step(ControllerStep.ReadCommitted.class).canary()).isEqualTo(hanging);
    }

    /** A log that has been there for a while. */
    private static ChangeLog known() {
        ChangeLog log = new ChangeLog();
        answered(log, 10);
        return log;
    }

    private static void answered(ChangeLog log, int times) {
        for (int i = 0; i < times; i++) {
            log.apply(new ChangeEvent.Granted(Map.of()));
        }
    }

    private void change(Scope scope, int percent, Runnable ends) {
        wish(scope, percent);
        ControllerStep next = controller.next(nowNanos);
        while (!(next instanceof ControllerStep.ReadEnds)) {
            if (next instanceof ControllerStep.Write write) {
                controller.written(write, nowNanos);
            } else if (next instanceof ControllerStep.ReadSeeds seeds) {
                controller.readSeeds(seeds, Map.of(FIRST, 5L, SECOND, 0L));
            } else {
                controller.hear(new Beat("proxy", ++nowNanos + 1, holding(), Map.of("payments", 2)), nowNanos);
            }
            next = controller.next(nowNanos);
        }
        ends.run();
        assertThat(written()).hasAtLeastOneElementOfType(ChangeEvent.Committed.class);
    }

    private Map<String, Long> holding() {
        ChangeEvent.Prepared pending = controller.log().of(CANARY).pending();
        return pending == null ? Map.of() : Map.of(CANARY, pending.epoch());
    }

    private void readEnds() {
        controller.readEnds(step(ControllerStep.ReadEnds.class), Map.of(FIRST, 9L, SECOND, 9L));
    }

    private void drain() {
        while (controller.log().of(CANARY).isSeeded()) {
            nowNanos += ChangeTimes.DEFAULT.drainPollNanos();
            ControllerStep next = controller.next(nowNanos);
            if (next instanceof ControllerStep.ReadCommitted read) {
                controller.readCommitted(read, read.gates(), read.drains());
            } else if (next instanceof ControllerStep.Write write) {
                controller.written(write, nowNanos);
            }
        }
    }

    private void wish(Scope scope, int percent) {
        controller.wish(CANARY, scope, new Weight(percent * 100), Handover.ORDERED);
    }

    private List<ChangeEvent> written() {
        ControllerStep.Write write = step(ControllerStep.Write.class);
        controller.written(write, nowNanos);
        return write.events();
    }

    private void writeAll() {
        while (controller.next(nowNanos) instanceof ControllerStep.Write write) {
            controller.written(write, nowNanos);
        }
    }

    private <T extends ControllerStep> T step(Class<T> kind) {
        return assertThat(controller.next(nowNanos))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(kind))
                .actual();
    }

    private static Scope shadow(String... redirected) {
        return new Scope(
                SCOPE.group(),
                SCOPE.canaryGroup(),
                SCOPE.topics(),
                SCOPE.buckets(),
                SCOPE.stable(),
                SCOPE.canary(),
                new Shadow(List.of(redirected)));
    }

    private static Scope scope(String... topics) {
        return new Scope(
                "payments",
                "payments~canary",
                List.of(topics),
                new Slices(CANARY),
                new Clients("payments", "v1*", List.of()),
                new Clients("payments", "v2*", List.of()));
    }
}
