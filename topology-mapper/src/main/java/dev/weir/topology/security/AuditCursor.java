package dev.weir.topology.security;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where a page of the audit ended: {@code 0.15-3.200} for partition 0 at offset 15 and partition 3 at 200. */
final class AuditCursor {
    private static final Pattern FORM = Pattern.compile("\\d{1,6}\\.\\d{1,18}(-\\d{1,6}\\.\\d{1,18}){0,999}");

    private AuditCursor() {}

    /**
     * Reads it; nothing for the empty text.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Map<Integer, Long> parse(String text) {
        Map<Integer, Long> offsets = new TreeMap<>();
        if (text.isEmpty()) {
            return offsets;
        }
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not the end of a page");
        }
        for (String part : text.split("-", -1)) {
            int dot = part.indexOf('.');
            offsets.put(Integer.parseInt(part.substring(0, dot)), Long.parseLong(part.substring(dot + 1)));
        }
        return offsets;
    }

    static String text(Map<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .map(offset -> offset.getKey() + "." + offset.getValue())
                .collect(Collectors.joining("-"));
    }
}
