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

    private Shares() {}

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
