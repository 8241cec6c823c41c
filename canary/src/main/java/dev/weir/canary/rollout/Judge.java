package dev.weir.canary.rollout;

import dev.weir.canary.Weight;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what was measured. A limit counts as broken when it was in several measures in a row, taken at different times: one that
 * is out of line is not enough. What is old, or not known, breaks no limit and holds none. For one thread.
 */
final class Judge {
    /** Measures in a row. */
    static final int STRIKES = 3;

    static final long FRESH_MILLIS = 30_000;

    private final Map<Figure, Integer> strikes = new EnumMap<>(Figure.class);
    private long lastMillis = Long.MIN_VALUE;

    /** Another state is looked at from now on. */
    void reset() {
        strikes.clear();
        lastMillis = Long.MIN_VALUE;
    }

    /** The limit that is broken; {@code null} when none is, as far as is known. */
    @Nullable
    Cause broken(Gates gates, RolloutState state, Measures measures, long nowMillis) {
        if (isFresh(state, measures, nowMillis) && measures.atMillis() > lastMillis) {
            lastMillis = measures.atMillis();
            for (Figure figure : Figure.values()) {
                strikes.put(figure, isBroken(figure, gates, measures) ? strikes.getOrDefault(figure, 0) + 1 : 0);
            }
        }
        for (Map.Entry<Figure, Double> limit : gates.limits().entrySet()) {
            if (strikes.getOrDefault(limit.getKey(), 0) >= STRIKES) {
                return new Cause(
                        Cause.Kind.GATE, limit.getKey().key(), found(limit.getKey(), limit.getValue(), measures));
            }
        }
        return null;
    }

    /** Why gates do not pass; empty when they do. */
    String obstacle(Gates gates, RolloutState state, Measures measures, long nowMillis) {
        if (gates.isEmpty() || state.weight().equals(Weight.NONE)) {
            return "";
        }
        if (!isFresh(state, measures, nowMillis)) {
            return "there are no measures that are not older than " + FRESH_MILLIS / 1_000 + " s";
        }
        if (measures.canary().records() < gates.records()) {
            return "the canary has not processed " + gates.records() + " records yet";
        }
        for (Map.Entry<Figure, Double> limit : gates.limits().entrySet()) {
            Figure figure = limit.getKey();
            Double value = measures.canary().figures().get(figure);
            if (value == null) {
                return "the canary's " + figure.words() + " is not known";
            }
            if (value > limit.getValue()) {
                return "the canary's " + figure.words() + " is above " + figure.text(limit.getValue());
            }
        }
        return "";
    }

    private static boolean isFresh(RolloutState state, Measures measures, long nowMillis) {
        return measures.sinceMillis() == state.sinceMillis() && nowMillis - measures.atMillis() <= FRESH_MILLIS;
    }

    private static boolean isBroken(Figure figure, Gates gates, Measures measures) {
        Double limit = gates.limits().get(figure);
        Double value = measures.canary().figures().get(figure);
        return limit != null
                && value != null
                && value > limit
                && (!figure.needsRecords() || measures.canary().records() >= gates.records());
    }

    private static String found(Figure figure, double limit, Measures measures) {
        Double canary = measures.canary().figures().get(figure);
        Double stable = measures.stable().figures().get(figure);
        return figure.words() + " of the canary is "
                + (canary == null ? "not known" : figure.text(canary))
                + ", at most " + figure.text(limit) + " is allowed"
                + (stable == null ? "" : " (stable: " + figure.text(stable) + ")");
    }
}
