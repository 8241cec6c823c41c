package dev.weir.canary.rollout;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the canary has to hold, so that a step may end and the rollout go on.
 *
 * @param limits the most that is allowed of a figure, in its unit; those without a limit are not looked at
 * @param records how many the canary has to have processed in a step before it is judged
 */
public record Gates(Map<Figure, Double> limits, long records, OnFailure onFailure) {
    /** No limits: time alone decides. */
    public static final Gates NONE = new Gates(Map.of(), 0, OnFailure.ABORT);

    /** What becomes of a canary that does not hold a limit. */
    public enum OnFailure {
        /** Its weight goes to 0. */
        ABORT,
        /** It keeps its weight, and waits for somebody. */
        PAUSE
    }

    public Gates {
        EnumMap<Figure, Double> ordered = new EnumMap<>(Figure.class);
        ordered.putAll(limits);
        limits = Collections.unmodifiableMap(ordered);
        if (records < 0) {
            throw new IllegalArgumentException("gates after " + records + " records");
        }
    }

    boolean isEmpty() {
        return limits.isEmpty() && records == 0;
    }
}
