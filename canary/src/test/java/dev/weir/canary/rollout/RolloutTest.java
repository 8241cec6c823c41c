package dev.weir.canary.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Command.Action;
import dev.weir.canary.rollout.RolloutPlan.Step;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final long HOLD = 60_000;
    private static final Gates LAG = new Gates(Map.of(Figure.TIME_LAG, 5_000.0), 100, Gates.OnFailure.ABORT);

    private final Rollout rollout = new Rollout("payments");
    private RolloutPlan plan = plan(LAG, "1%", "10%", "100%");
    private Weight inForce = Weight.NONE;
    private long now = 1_000_000;
    private double lagMillis = 100;
    private long records = 1_000;
    private boolean measured = true;

    @Test
    void itGoesThroughItsStepsAndIsDone() {
        go();
        assertThat(state()).isEqualTo(new RolloutState(plan.text(), 0, weight("1%"), now, new Phase.Holding("")));

        pass(HOLD - 1);
        assertThat(inForce).isEqualTo(weight("1%"));
        pass(1);
        assertThat(inForce).isEqualTo(weight("10%"));
        pass(HOLD);
        assertThat(inForce).isEqualTo(weight("100%"));
        assertThat(state().phase()).isEqualTo(new Phase.Holding(""));
        pass(HOLD);
        assertThat(state().phase()).isEqualTo(new Phase.Done());
        assertThat(state().weight()).isEqualTo(weight("100%"));
    }

    @Test
    void aHoldBeginsWhenItsWeightIsInForce() {
        ask();
        now += 10 * HOLD; // a proxy does not answer, so that the weight cannot be changed
        ask();
        assertThat(state().phase()).isEqualTo(new Phase.Waiting());

        go();
        pass(HOLD - 1);
        assertThat(state().step()).isZero();
    }

    @Test
    void aHoldGoesOnWithoutMeasuresAndSaysWhy() {
        go();
        measured = false;
        pass(10 * HOLD);
        assertThat(state().step()).isZero();
        assertThat(state().phase()).isEqualTo(new Phase.Holding("there are no measures that are not older than 30 s"));

        measured = true;
        records = 99;
        pass(HOLD);
        assertThat(state().phase()).isEqualTo(new Phase.Holding("the canary has not processed 100 records yet"));

        records = 100;
        lagMillis = Double.NaN; // as of a group that has not committed yet
        pass(HOLD);
        assertThat(state().phase()).isEqualTo(new Phase.Holding("the canary's time lag is not known"));

        lagMillis = 5_000;
        pass(1);
        assertThat(inForce).isEqualTo(weight("10%"));
    }

    @Test
    void aBrokenLimitEndsItAtOnceButOnlyWhenItWasMeasuredThreeTimes() {
        go();
        lagMillis = 5_001;
        pass(1_000);
        pass(0); // the same measures once more
        pass(1_000);
        assertThat(inForce).isEqualTo(weight("1%"));
        pass(1_000);

        assertThat(inForce).isEqualTo(Weight.NONE);
        assertThat(state().phase())
                .isEqualTo(new Phase.Aborted(new Cause(
                        Cause.Kind.GATE,
                        "timeLag",
                        "time lag of the canary is 5.001 s, at most 5 s is allowed (stable: 0.1 s)")));
        lagMillis = 0;
        pass(100 * HOLD);
        assertThat(inForce).isEqualTo(Weight.NONE);
    }

    @Test
    void oneMeasureInBetweenThatHoldsTheLimitBeginsTheCountAnew() {
        go();
        for (int i = 0; i < 20; i++) {
            lagMillis = i % 3 == 2 ? 0 : 9_000;
            pass(1_000);
        }
        assertThat(state().phase()).isEqualTo(new Phase.Holding(""));
    }

    @Test
    void aCanaryThatProcessesNothingIsCaughtByItsLag() {
        go();
        records = 0;
        lagMillis = 60_000;
        fail();
        assertThat(state().phase()).isInstanceOf(Phase.Aborted.class);
    }

    @Test
    void aShareOfFewRecordsSaysNothing() {
        plan = plan(new Gates(Map.of(Figure.TIME_LAG, 100.0), 2_000, Gates.OnFailure.ABORT), "5%");
        Judge judge = new Judge();
        Gates gates = new Gates(Map.of(Figure.ERROR_SHARE, 0.01), 2_000, Gates.OnFailure.ABORT);
        RolloutState state = new RolloutState("5%", 0, weight("5%"), 0, new Phase.Holding(""));
        for (long at = 1; at < 10; at++) {
            assertThat(judge.broken(gates, state, errors(at, 0.5, 1_999), at)).isNull();
        }
        assertThat(judge.broken(gates, state, errors(11, 0.5, 2_000), 11)).isNull();
        assertThat(judge.broken(gates, state, errors(12, 0.5, 2_000), 12)).isNull();
        assertThat(judge.broken(gates, state, errors(13, 0.5, 2_000), 13))
                .hasToString("gate errorShare: share of errors of the canary is 50 %, at most 1 % is allowed");
    }

    @Test
    void membersThatComeAndGoBreakAGateBeforeAnythingIsProcessed() {
        Judge judge = new Judge();
        Gates gates = new Gates(Map.of(Figure.REBALANCES, 3.0), 100, Gates.OnFailure.ABORT);
        RolloutState state = new RolloutState("5%", 0, weight("5%"), 0, new Phase.Holding(""));
        assertThat(judge.broken(gates, state, rebalances(1, 3), 1)).isNull();
        assertThat(judge.broken(gates, state, rebalances(2, 4), 2)).isNull();
        assertThat(judge.broken(gates, state, rebalances(3, 4), 3)).isNull();
        assertThat(judge.broken(gates, state, rebalances(4, 5), 4))
                .hasToString(
                        "gate rebalances: number of rebalances of the canary is 5, at most 3 is allowed (stable: 1)");
        assertThat(judge.obstacle(gates, state, rebalances(5, 5), 5))
                .isEqualTo("the canary has not processed 100 records yet");
    }

    private static Measures rebalances(long atMillis, double number) {
        return new Measures(
                atMillis,
                0,
                new Measures.Version(Map.of(Figure.REBALANCES, 1.0), 50),
                new Measures.Version(Map.of(Figure.REBALANCES, number), 0));
    }

    @Test
    void aGateMayPauseInsteadAndSomebodyGoesOn() {
        plan = plan(new Gates(Map.of(Figure.TIME_LAG, 5_000.0), 0, Gates.OnFailure.PAUSE), "1%", "10%");
        go();
        pass(HOLD);
        lagMillis = 6_000;
        fail();
        assertThat(state().phase()).isInstanceOf(Phase.Paused.class);
        assertThat(inForce).isEqualTo(weight("10%"));

        lagMillis = 0;
        obeyed(Action.RESUME);
        assertThat(state().step()).isOne();
        pass(HOLD);
        assertThat(state().phase()).isEqualTo(new Phase.Done());
    }

    @Test
    void aGateGuardsAPausedCanaryToo() {
        go();
        obeyed(Action.PAUSE);
        lagMillis = 6_000;
        fail();
        assertThat(inForce).isEqualTo(Weight.NONE);
    }

    @Test
    void aWeightByHandStaysUntilItIsResumed() {
        go();
        obeyed(command(Action.SET, "4%"));
        pass(10 * HOLD);
        assertThat(inForce).isEqualTo(weight("4%"));
        assertThat(refused(Action.PAUSE)).isEqualTo("nothing moves that could be paused: it is paused by ada: why not");

        obeyed(Action.RESUME);
        assertThat(inForce).isEqualTo(weight("10%"));
    }

    @Test
    void aPauseKeepsTheWeightThatHolds() {
        go();
        pass(HOLD - 1);
        now++;
        ask(); // the next weight is wanted, and not in force yet
        assertThat(state().weight()).isEqualTo(weight("10%"));
        obeyed(Action.PAUSE);
        assertThat(state().weight()).isEqualTo(weight("1%"));
    }

    @Test
    void anAbortedOneBeginsAnewWhenItIsResumed() {
        go();
        pass(HOLD);
        obeyed(Action.ABORT);
        assertThat(inForce).isEqualTo(Weight.NONE);
        assertThat(refused(Action.ABORT)).isEqualTo("it is aborted by ada: why not");
        assertThat(refused(Action.PROMOTE)).isEqualTo("it is aborted by ada: why not; resume begins it anew");

        obeyed(Action.RESUME);
        assertThat(inForce).isEqualTo(weight("1%"));
    }

    @Test
    void aPromotedOneStaysUntilItIsSetToNothing() {
        go();
        obeyed(Action.PROMOTE);
        lagMillis = 60_000; // gates are not asked any more
        pass(10 * HOLD);
        assertThat(inForce).isEqualTo(weight("100%"));
        assertThat(refused(Action.RESUME)).isEqualTo("it is not paused: it is promoted by ada: why not");

        lagMillis = 0;
        obeyed(command(Action.SET, "0%"));
        assertThat(inForce).isEqualTo(Weight.NONE);
    }

    @Test
    void otherStepsGoOnFromTheWeightThatThereIs() {
        go();
        pass(HOLD);
        plan = plan(LAG, "1%", "5%", "25%", "100%");
        go();
        assertThat(state().step()).isEqualTo(2);
        plan = plan(LAG, "1%", "2%");
        go();
        assertThat(inForce).isEqualTo(weight("2%"));
    }

    @Test
    void otherStepsBeginAnewWhatWasAbortedOrPromoted() {
        go();
        obeyed(Action.ABORT);
        plan = plan(LAG, "2%", "100%");
        go();
        assertThat(inForce).isEqualTo(weight("2%"));
        obeyed(Action.PROMOTE);
        plan = plan(LAG, "0%");
        go();
        assertThat(inForce).isEqualTo(Weight.NONE);
    }

    @Test
    void aLastStepWithoutAnEndIsNeverDoneAndOtherStepsTakeNothingAway() {
        plan = new RolloutPlan(List.of(new Step(weight("100%"), OptionalLong.empty())), LAG);
        go();
        pass(100 * HOLD);
        assertThat(state().phase()).isInstanceOf(Phase.Holding.class);
        plan = plan(LAG, "10%", "50%", "100%");
        go();
        assertThat(state().step()).isEqualTo(2);
        assertThat(inForce).isEqualTo(weight("100%"));
    }

    @Test
    void otherGatesHoldAtOnceAndChangeNothingElse() {
        go();
        obeyed(Action.ABORT);
        plan = plan(Gates.NONE, "1%", "10%", "100%");
        go();
        assertThat(state().phase()).isInstanceOf(Phase.Aborted.class);
    }

    @Test
    void aStepWithoutAnEndWaitsForSomebody() {
        plan = new RolloutPlan(
                List.of(new Step(weight("5%"), OptionalLong.empty()), new Step(weight("50%"), OptionalLong.empty())),
                LAG);
        go();
        pass(100 * HOLD);
        assertThat(inForce).isEqualTo(weight("5%"));
        obeyed(Action.RESUME);
        assertThat(inForce).isEqualTo(weight("50%"));
        assertThat(refused(Action.RESUME)).isEqualTo("it is not paused: it holds its step");
    }

    @Test
    void aClockThatGoesBackEndsNoHold() {
        go();
        now -= 100 * HOLD;
        ask();
        assertThat(state().phase()).isEqualTo(new Phase.Holding(""));
    }

    // ---- the world around it

    private RolloutState state() {
        RolloutState state = rollout.state();
        assertThat(state).isNotNull();
        return state;
    }

    private boolean ask() {
        RolloutEvent event = rollout.next(plan, inForce, measures(), now);
        if (event != null) {
            rollout.apply(event);
        }
        return event != null;
    }

    /** As long as something happens at this moment; weights are in force at once. */
    private void go() {
        while (ask()) {
            inForce = state().weight();
        }
    }

    private void pass(long millis) {
        now += millis;
        go();
    }

    private void fail() {
        for (int i = 0; i < Judge.STRIKES; i++) {
            pass(1_000);
        }
    }

    private void obeyed(Action action) {
        obeyed(command(action, "0%"));
    }

    private void obeyed(Command command) {
        RolloutEvent event = rollout.command(command, plan, inForce, now);
        assertThat(event).isInstanceOf(RolloutEvent.Obeyed.class);
        rollout.apply(event);
        inForce = state().weight();
        go();
    }

    private String refused(Action action) {
        RolloutEvent event = rollout.command(command(action, "0%"), plan, inForce, now);
        assertThat(event).isInstanceOf(RolloutEvent.Refused.class);
        return ((RolloutEvent.Refused) event).reason();
    }

    private Measures measures() {
        if (!measured || rollout.state() == null) {
            return Measures.NONE;
        }
        Map<Figure, Double> canary = Double.isNaN(lagMillis) ? Map.of() : Map.of(Figure.TIME_LAG, lagMillis);
        return new Measures(
                now,
                state().sinceMillis(),
                new Measures.Version(Map.of(Figure.TIME_LAG, 100.0), 9_000),
                new Measures.Version(canary, records));
    }

    private static Measures errors(long at, double share, long records) {
        return new Measures(
                at,
                0,
                new Measures.Version(Map.of(), 0),
                new Measures.Version(Map.of(Figure.ERROR_SHARE, share), records));
    }

    private static Command command(Action action, String weight) {
        return new Command("1", "payments", action, weight(weight), "ada", "why not");
    }

    private static RolloutPlan plan(Gates gates, String... weights) {
        return new RolloutPlan(
                List.of(weights).stream()
                        .map(weight -> new Step(weight(weight), OptionalLong.of(HOLD)))
                        .toList(),
                gates);
    }

    private static Weight weight(String text) {
        return Weight.parse(text);
    }
}
