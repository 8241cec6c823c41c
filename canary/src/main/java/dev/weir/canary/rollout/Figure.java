package dev.weir.canary.rollout;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What is measured of each version, and may have a limit. */
public enum Figure {
    /** Milliseconds: the age of the oldest record that is not committed. */
    TIME_LAG("timeLag", "time lag", false),
    /** The share of requests that were answered with an error, 0 to 1. */
    ERROR_SHARE("errorShare", "share of errors", true),
    /** The share of records that went to a dead-letter topic, 0 to 1. */
    DEAD_LETTER_SHARE("deadLetterShare", "share of dead letters", true),
    /** Milliseconds from a record's append to its commit. */
    PROCESSING_TIME("processingTime", "processing time", false);

    private static final double PERCENT = 100;
    private static final int MILLIS_DIGITS = 3;

    private final String key;
    private final String words;
    private final boolean share;

    Figure(String key, String words, boolean share) {
        this.key = key;
        this.words = words;
        this.share = share;
    }

    /** As policy and API name it. */
    public String key() {
        return key;
    }

    /** As people name it. */
    public String words() {
        return words;
    }

    /** Whether few records say nothing of it. Of a canary that does nothing at all, only its lag tells. */
    boolean needsRecords() {
        return this != TIME_LAG;
    }

    /** A value for people, such as {@code 2.5 s} or {@code 0.12 %}. */
    public String text(double value) {
        return share
                ? rounded(value * PERCENT, 2) + " %"
                : rounded(value / Math.pow(10, MILLIS_DIGITS), MILLIS_DIGITS) + " s";
    }

    private static String rounded(double value, int digits) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
