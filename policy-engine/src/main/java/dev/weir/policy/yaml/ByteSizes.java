package dev.weir.policy.yaml;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 10MB} is ten million, {@code 10MiB} 10,485,760. */
final class ByteSizes {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?) ?(B|KB|MB|GB|KiB|MiB|GiB)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Map<String, Long> UNITS = units();

    private ByteSizes() {}

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("GB", 1_000_000_000L);
        units.put("MB", 1_000_000L);
        units.put("KB", 1_000L);
        units.put("GiB", 1L << 30);
        units.put("MiB", 1L << 20);
        units.put("KiB", 1L << 10);
        units.put("B", 1L);
        return units;
    }

    static Optional<Long> parse(Text text, long min, long max, Problems problems) {
        Matcher form = FORM.matcher(text.value());
        if (form.matches()) {
            long bytes = new BigDecimal(form.group(1))
                    .multiply(BigDecimal.valueOf(UNITS.getOrDefault(form.group(2), 1L)))
                    .longValue();
            if (bytes >= min && bytes <= max) {
                return Optional.of(bytes);
            }
        }
        String mistake = NUMBER.matcher(text.value()).matches()
                ? "a number of bytes needs a unit, such as " + text.value() + "B"
                : "wrong value";
        problems.add(text.at(), mistake, YamlValue.quoted(text.value()), expected(min, max));
        return Optional.empty();
    }

    static String expected(long min, long max) {
        return "a number of bytes such as 500KB, 10MB or 1GiB, from " + show(min) + " to " + show(max);
    }

    private static String show(long bytes) {
        return UNITS.entrySet().stream()
                .filter(unit -> bytes % unit.getValue() == 0)
                .findFirst()
                .map(unit -> bytes / unit.getValue() + unit.getKey())
                .orElse(bytes + "B");
    }
}
