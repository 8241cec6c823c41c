package dev.weir.canary.rollout;

import java.util.Map;

/**
 * How both versions did since a time.
 *
 * @param atMillis when that was seen, by the clock that rollouts go by
 * @param sinceMillis from when on records are counted: when the state began that is looked at
 */
public record Measures(long atMillis, long sinceMillis, Version stable, Version canary) {
    /** Nothing is known. */
    public static final Measures NONE = new Measures(0, -1, Version.UNKNOWN, Version.UNKNOWN);

    /**
     * How one version did.
     *
     * @param figures those that are known, in their units
     * @param records that it processed
     */
    public record Version(Map<Figure, Double> figures, long records) {
        static final Version UNKNOWN = new Version(Map.of(), 0);

        public Version {
            figures = Map.copyOf(figures);
        }
    }
}
