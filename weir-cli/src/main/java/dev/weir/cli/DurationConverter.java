package dev.weir.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lengths of time on the command line, spelled as in configuration files: {@code 500ms}, {@code 60s}, {@code 5m}. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (NUMBER.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' needs a unit: ms, s, m or h, such as " + text + "s");
        }
        if (!form.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no length of time; expected a number and ms, s, m, h or d, such as 60s");
        }
        long value = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(value);
            case "s" -> Duration.ofSeconds(value);
            case "m" -> Duration.ofMinutes(value);
            case "h" -> Duration.ofHours(value);
            default -> Duration.ofDays(value);
        };
    }
}
