package dev.weir.policy.yaml;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as configuration spells them: a whole number and a unit. */
final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private Durations() {}

    static Optional<Duration> parse(Text text, Duration min, Duration max, Problems problems) {
        Matcher form = FORM.matcher(text.value());
        if (form.matches()) {
            Duration value =
                    UNITS.getOrDefault(form.group(2), Duration.ZERO).multipliedBy(Long.parseLong(form.group(1)));
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                return Optional.of(value);
            }
        }
        String mistake = NUMBER.matcher(text.value()).matches()
                ? "a length of time needs a unit, such as " + text.value() + "s"
                : "wrong value";
        problems.add(text.at(), mistake, YamlValue.quoted(text.value()), expected(min, max));
        return Optional.empty();
    }

    static String expected(Duration min, Duration max) {
        return "a length of time such as 500ms, 10s, 5m or 1h, from " + show(min) + " to " + show(max);
    }

    private static String show(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0 && millis > 0) {
            return millis / 86_400_000 + "d";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
}
