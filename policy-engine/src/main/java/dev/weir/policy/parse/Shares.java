package dev.weir.policy.parse;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads shares of a whole, as people write them: {@code 99.9%}. */
final class Shares {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");

    private static final Pattern HUNDREDTHS = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?) ?%");
    static final int ALL_BASIS_POINTS = 10_000;

    private Shares() {}

    /** A share above nothing in hundredths of a percent; 0 after a mistake. */
    static int basisPoints(Text written, Problems problems) {
        Matcher form = HUNDREDTHS.matcher(written.value());
        int basisPoints =
                form.matches() ? new BigDecimal(form.group(1)).movePointRight(2).intValueExact() : 0;
        if (basisPoints < 1 || basisPoints > ALL_BASIS_POINTS) {
            problems.add(
                    written.at(),
                    "not a share",
                    '"' + written.value() + '"',
                    "a percentage from 0.01% to 100%, with at most two decimals");
        }
        return basisPoints;
    }

    /**
     * A share, 1 for all; more is for the caller to refuse.
     *
     * @param what it is called in a message, such as {@code an objective}
     */
    static Optional<BigDecimal> read(Text written, String what, Problems problems) {
        Matcher form = PERCENT.matcher(written.value());
        if (!form.matches()) {
            problems.add(written.at(), "not " + what, '"' + written.value() + '"', "a percentage such as 99.9%");
            return Optional.empty();
        }
        return Optional.of(new BigDecimal(form.group(1)).movePointLeft(2));
    }
}
