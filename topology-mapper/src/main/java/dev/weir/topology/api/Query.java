package dev.weir.topology.api;

import dev.weir.topology.layout.Layouts;
import dev.weir.topology.view.Moment;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of one request, read and checked.
 *
 * @param moment from {@code at} and {@code window}
 * @param shape from {@code layout}
 * @param boxes from {@code boxes}
 */
record Query(Moment moment, Layouts.Shape shape, boolean boxes) {
    private static final Pattern EPOCH = Pattern.compile("\\d{1,15}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");
    static final String INSTANT_EXPECTED =
            "milliseconds since the epoch (1767225600000) or RFC 3339 (2026-01-01T00:00:00Z)";
    private static final String WINDOW_EXPECTED = "10s to 1h, as 60s, 5m, 1h or 60000ms";

    /**
     * Reads it.
     *
     * @param parameters one value for each name
     * @throws Problem.Raised where a value cannot be understood
     */
    static Query of(Map<String, String> parameters) {
        return new Query(
                new Moment(at(parameters.getOrDefault("at", "")), window(parameters.getOrDefault("window", ""))),
                oneOf("layout", parameters.getOrDefault("layout", "topics"), "topics", "services")
                        ? Layouts.Shape.TOPICS
                        : Layouts.Shape.SERVICES,
                !oneOf("boxes", parameters.getOrDefault("boxes", "none"), "none", "team"));
    }

    private static OptionalLong at(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(instant("at", text, INSTANT_EXPECTED));
    }

    /** Milliseconds since the epoch, from a text that says so in one of two ways. */
    static long instant(String name, String text, String expected) {
        if (EPOCH.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        try {
            return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT))
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new Problem.Raised(Problem.badParameter(name, text, expected));
        }
    }

    private static long window(String text) {
        if (text.isEmpty()) {
            return Moment.WINDOW_MILLIS_DEFAULT;
        }
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long unit = switch (matcher.group(2)) {
                case "h" -> 3_600_000;
                case "m" -> 60_000;
                case "s" -> 1_000;
                default -> 1;
            };
            long millis = Long.parseLong(matcher.group(1)) * unit;
            if (millis >= Moment.WINDOW_MILLIS_MIN && millis <= Moment.WINDOW_MILLIS_MAX) {
                return millis;
            }
        }
        throw new Problem.Raised(Problem.badParameter("window", text, WINDOW_EXPECTED));
    }

    /** Whether it is the first of two values; neither is an error. */
    private static boolean oneOf(String name, String value, String first, String second) {
        if (!value.equals(first) && !value.equals(second)) {
            throw new Problem.Raised(Problem.badParameter(name, value, first + " or " + second));
        }
        return value.equals(first);
    }
}
