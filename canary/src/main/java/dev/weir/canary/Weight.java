package dev.weir.canary;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * The share of keys that the canary owns.
 *
 * @param basisPoints hundredths of a percent, from 0 for none to {@link #ALL} for every key
 */
public record Weight(int basisPoints) implements Comparable<Weight> {
    /** Of so many buckets a key falls into one. */
    public static final int ALL = 10_000;

    /** The canary owns nothing. */
    public static final Weight NONE = new Weight(0);

    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?) ?%");

    public Weight {
        if (basisPoints < 0 || basisPoints > ALL) {
            throw new IllegalArgumentException("a weight of " + basisPoints + " hundredths of a percent");
        }
    }

    /**
     * Reads a weight as people write it.
     *
     * @param text such as {@code 10%} or {@code 0.5%}
     * @throws IllegalArgumentException says what is expected
     */
    public static Weight parse(String text) {
        var match = PERCENT.matcher(text.strip());
        if (match.matches()) {
            int points = new BigDecimal(match.group(1)).movePointRight(2).intValueExact();
            if (points <= ALL) {
                return new Weight(points);
            }
        }
        throw new IllegalArgumentException("found '" + text
                + "', expected a percentage from 0% to 100% with at most two decimals, as 10% or 0.5%");
    }

    /** Whether a key of this bucket is the canary's. */
    public Side owner(int bucket) {
        return bucket < basisPoints ? Side.CANARY : Side.STABLE;
    }

    @Override
    public int compareTo(Weight other) {
        return Integer.compare(basisPoints, other.basisPoints);
    }

    @Override
    public String toString() {
        return new BigDecimal(basisPoints).movePointLeft(2).stripTrailingZeros().toPlainString() + "%";
    }
}
