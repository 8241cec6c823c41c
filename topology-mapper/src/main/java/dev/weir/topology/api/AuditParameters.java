package dev.weir.topology.api;

import dev.weir.topology.view.AuditEntry;
import dev.weir.topology.view.AuditQuery;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of a question to the audit, read and checked. */
final class AuditParameters {
    static final List<String> NAMES = List.of("since", "service", "kind", "limit", "after");
    private static final Pattern AGO = Pattern.compile("(\\d{1,9})(s|m|h|d)");
    private static final long SINCE_MILLIS_DEFAULT = 3_600_000;
    private static final int AFTER_LENGTH_MAX = 20_000;

    private AuditParameters() {}

    /**
     * Reads them.
     *
     * @param parameters one value for each name
     * @throws Problem.Raised where a value cannot be understood
     */
    static AuditQuery of(Map<String, String> parameters, long nowMillis) {
        return new AuditQuery(
                since(parameters.getOrDefault("since", ""), nowMillis),
                parameters.getOrDefault("service", ""),
                kinds(parameters.getOrDefault("kind", "")),
                limit(parameters.getOrDefault("limit", "")),
                after(parameters.getOrDefault("after", "")));
    }

    private static long since(String text, long nowMillis) {
        if (text.isEmpty()) {
            return nowMillis - SINCE_MILLIS_DEFAULT;
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long unit = switch (ago.group(2)) {
                case "d" -> 86_400_000;
                case "h" -> 3_600_000;
                case "m" -> 60_000;
                default -> 1_000;
            };
            return nowMillis - Long.parseLong(ago.group(1)) * unit;
        }
        return Query.instant("since", text, "how long ago, as 30m, 1h or 7d, or " + Query.INSTANT_EXPECTED);
    }

    private static Set<AuditEntry.Kind> kinds(String text) {
        Set<AuditEntry.Kind> kinds = EnumSet.noneOf(AuditEntry.Kind.class);
        if (!text.isEmpty()) {
            for (String word : text.split(",", -1)) {
                kinds.add(kind(word, text));
            }
        }
        return kinds;
    }

    private static AuditEntry.Kind kind(String word, String text) {
        for (AuditEntry.Kind kind : AuditEntry.Kind.values()) {
            if (Json.camel(kind).equals(word)) {
                return kind;
            }
        }
        List<String> known =
                List.of(AuditEntry.Kind.values()).stream().map(Json::camel).toList();
        throw new Problem.Raised(Problem.badParameter("kind", text, "some of " + String.join(",", known)));
    }

    private static int limit(String text) {
        if (text.isEmpty()) {
            return AuditQuery.LIMIT_DEFAULT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= AuditQuery.LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new Problem.Raised(Problem.badParameter("limit", text, "1 to " + AuditQuery.LIMIT_MAX));
    }

    private static String after(String text) {
        if (text.length() > AFTER_LENGTH_MAX) {
            throw badAfter(text);
        }
        return text;
    }

    static Problem.Raised badAfter(String text) {
        return new Problem.Raised(Problem.badParameter("after", text, "next of an earlier answer"));
    }
}
