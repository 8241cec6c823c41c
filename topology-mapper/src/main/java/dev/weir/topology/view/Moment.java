package dev.weir.topology.view;

import java.util.OptionalLong;

/**
 * The moment that a question is about.
 *
 * @param at end of the window; empty for now
 * @param windowMillis how long a time rates are taken over, 10,000 to 3,600,000
 */
public record Moment(OptionalLong at, long windowMillis) {
    public static final long WINDOW_MILLIS_DEFAULT = 60_000;
    public static final long WINDOW_MILLIS_MIN = 10_000;
    public static final long WINDOW_MILLIS_MAX = 3_600_000;

    public static final Moment NOW = new Moment(OptionalLong.empty(), WINDOW_MILLIS_DEFAULT);
}
