package dev.weir.topology.view;

import java.util.List;

/**
 * One objective: a share of records committed within a time of their append.
 *
 * @param objective 0 to 1: 0.999
 * @param withinMillis how soon a record has to be committed
 * @param windowMillis what the budget is for
 * @param good records in time, in the observed part of the window
 * @param bad records that were late, those overdue and not committed yet among them
 * @param attained good of all, 0 to 1; -1 where there were no records
 * @param budgetLeft share of the error budget that is left, 1 to below 0
 * @param observedMillis how much of the window was observed
 * @param burns burn rates over the windows that alerts use
 * @param history share of bad records, oldest first, one value per 5 minutes, at most 24 hours; -1 for none
 */
public record SloView(
        String name,
        String owner,
        String cluster,
        String group,
        List<String> topics,
        double objective,
        long withinMillis,
        long windowMillis,
        long good,
        long bad,
        double attained,
        double budgetLeft,
        long observedMillis,
        List<Burn> burns,
        Alert alert,
        List<Double> history) {

    public SloView {
        topics = List.copyOf(topics);
        burns = List.copyOf(burns);
        history = List.copyOf(history);
    }

    /**
     * One pair of windows; it fires when both rates are above the factor.
     *
     * @param longRate how many times faster than allowed the budget was used in the long window; -1 for no records
     */
    public record Burn(
            double factor, long longMillis, long shortMillis, double longRate, double shortRate, boolean firing) {}

    public enum Alert {
        NONE,
        /** Slow burn: look at it today. */
        TICKET,
        /** Fast burn: wake somebody. */
        PAGE
    }
}
