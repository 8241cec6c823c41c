package dev.weir.schema.json;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.Matcher;

/**
 * Regular expressions of schemas, by a library that takes time in proportion to the text, whatever the expression: RE2. What
 * cannot be had that way, looking around and back references, is refused.
 */
final class Patterns {
    private static final int LENGTH_MAX = 2_000;
    /** How often all counted repetitions together may repeat a part: it is written out that often. */
    private static final long REPEATS_MAX = 10_000;

    private static final java.util.regex.Pattern UNICODE = java.util.regex.Pattern.compile(
            "((?:^|[^\\\\])(?:\\\\\\\\)*)\\\\u(?:([0-9a-fA-F]{4})|\\{([0-9a-fA-F]+)\\})");
    private static final java.util.regex.Pattern REPEATS = java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");

    private Patterns() {}

    /**
     * Compiles one.
     *
     * @throws IllegalArgumentException saying why it cannot be used
     */
    static Pattern compile(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("a regular expression of more than " + LENGTH_MAX + " characters");
        }
        long repeats = 1;
        Matcher counted = REPEATS.matcher(text);
        while (counted.find()) {
            String most = counted.group(2) == null || counted.group(2).isEmpty() ? counted.group(1) : counted.group(2);
            repeats *= Math.max(1, most.length() > 5 ? REPEATS_MAX : Long.parseLong(most));
            if (repeats > REPEATS_MAX) {
                throw new IllegalArgumentException(
                        "a regular expression with repetitions of more than " + REPEATS_MAX + " in all");
            }
        }
        try {
            // twice: a match ends with the character that the next one has to begin behind
            return Pattern.compile(unicode(unicode(text)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the regular expression " + text + " cannot be used: " + e.getDescription()
                            + "; looking ahead or back, and back references, are not known",
                    e);
        }
    }

    private static String unicode(String text) {
        return UNICODE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) + "\\x{" + (found.group(2) == null ? found.group(3) : found.group(2)) + "}"));
    }
}
