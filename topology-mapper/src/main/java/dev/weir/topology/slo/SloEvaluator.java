package dev.weir.topology.slo;

import dev.weir.topology.state.v1.PendingAges;
import dev.weir.topology.state.v1.SloBlock;
import dev.weir.topology.view.PolicyView.Objective;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.SloView.Alert;
import dev.weir.topology.view.SloView.Burn;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges an objective. A record is judged when its time is over: {@code within} after its append; a window ends so long
 * before now. So a consumer that is dead is as bad as it is, and one that has nothing to do is not.
 *
 * <p>Burn rates are how many times faster than the objective allows the budget is used up; a pair of windows fires when
 * both are above its factor: the long one shows that it matters, the short one that it still goes on (multi-window,
 * multi-burn-rate alerts, as Google's SRE workbook has them).
 */
public final class SloEvaluator {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private record Pair(double factor, long longMillis, long shortMillis, Alert alert) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair(14.4, HOUR, 5 * MINUTE, Alert.PAGE),
            new Pair(6, 6 * HOUR, 30 * MINUTE, Alert.PAGE),
            new Pair(1, 3 * DAY, 6 * HOUR, Alert.TICKET));

    private final Objective objective;
    private final long nowMillis;
    private final SloSeries series;

    public SloEvaluator(Objective objective, long nowMillis) {
        this.objective = objective;
        this.nowMillis = nowMillis;
        this.series = new SloSeries(nowMillis, objective.withinMillis());
    }

    /** Adds what one group committed of one partition. */
    public void add(SloBlock block, String group) {
        series.add(block, group);
    }

    /** Adds what one group has not committed of one partition. */
    public void add(PendingAges pending) {
        series.add(pending);
    }

    /**
     * The verdict on all that was added.
     *
     * @param group to show: one, or several with commas between them
     */
    public SloView judge(String group) {
        SloSeries.Sum all = series.sum(objective.windowMillis());
        double allowed = 1 - objective.objective();
        double badShare = all.badShare();
        List<Burn> burns = new ArrayList<>();
        Alert alert = Alert.NONE;
        for (Pair pair : PAIRS) {
            Burn burn = burn(pair, allowed);
            burns.add(burn);
            if (burn.firing() && pair.alert().compareTo(alert) > 0) {
                alert = pair.alert();
            }
        }
        return new SloView(
                objective.name(),
                objective.owner(),
                objective.cluster(),
                group,
                objective.topics(),
                objective.objective(),
                objective.withinMillis(),
                objective.windowMillis(),
                Math.round(all.good()),
                Math.round(all.bad()),
                badShare < 0 ? -1 : 1 - badShare,
                badShare < 0 ? 1 : 1 - badShare / allowed,
                Math.min(objective.windowMillis(), nowMillis - series.sinceMillis()),
                burns,
                alert,
                history());
    }

    private Burn burn(Pair pair, double allowed) {
        double longShare = series.sum(pair.longMillis()).badShare();
        double shortShare = series.sum(pair.shortMillis()).badShare();
        double longRate = longShare < 0 ? -1 : longShare / allowed;
        double shortRate = shortShare < 0 ? -1 : shortShare / allowed;
        boolean firing = longRate > pair.factor() && shortRate > pair.factor();
        return new Burn(pair.factor(), pair.longMillis(), pair.shortMillis(), longRate, shortRate, firing);
    }

    private List<Double> history() {
        long slot = SloTier.FINE.slotMillis();
        long last = nowMillis - nowMillis % slot;
        long first = Math.max(series.sinceMillis(), last - DAY + slot);
        List<Double> shares = new ArrayList<>();
        for (long start = first - first % slot; start <= last; start += slot) {
            shares.add(series.at(start).badShare());
        }
        return shares;
    }
}
