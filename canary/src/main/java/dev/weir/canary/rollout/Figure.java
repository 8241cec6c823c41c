package dev.weir.canary.rollout;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What is measured of each version, and may have a limit. */
public enum Figure {
    /** Milliseconds: the age of the oldest record that is not committed. */
    TIME_LAG("timeLag", "time lag", Unit.MILLIS),
    /** The share of requests that were answered with an error, 0 to 1. */
    ERROR_SHARE("errorShare", "share of errors", Unit.SHARE),
    /** The share of records that went to a dead-letter topic, 0 to 1. */
    DEAD_LETTER_SHARE("deadLetterShare", "share of dead letters", Unit.SHARE),
    /** Milliseconds for which the oldest record that was handed out is not committed. */
    PROCESSING_TIME("processingTime", "processing time", Unit.MILLIS),
    /** How often the group was rebalanced in this phase, up to an hour back, once it had come up. */
    REBALANCES("rebalances", "number of rebalances", Unit.COUNT);

    private enum Unit {
        MILLIS,
        SHARE,
        COUNT
    }

    private static final double PERCENT = 100;
    private static final int MILLIS_DIGITS = 3;

    private final String key;
    private final String words;
    private final Unit unit;

    Figure(String key, String words, Unit unit) {
        this.key = key;
        this.words = words;
        this.unit = unit;
    }

    /** As policy and API name it. */
    public String key() {
        return key;
    }

    /** As people name it. */
    public String words() {
        return words;
    }

    /** Whether few records say nothing of it. Of a canary that does nothing at all, only its lag tells, and that its members come and go. */
    boolean needsRecords() {
        return this != TIME_LAG && this != REBALANCES;
    }

    /** A value for people, such as {@code 2.5 s}, {@code 0.12 %} or {@code 3}. */
    public String text(double value) {
        return switch (unit) {
            case MILLIS -> rounded(value / Math.pow(10, MILLIS_DIGITS), MILLIS_DIGITS) + " s";
            case SHARE -> rounded(value * PERCENT, 2) + " %";
            case COUNT -> rounded(value, 0);
        };
    }

    private static String rounded(double value, int digits) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
