package dev.weir.proxy.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the name of a Service stands in a template of a path.
 *
 * <p>INVARIANT: no name leads to another path than the one that the template gives for it.
 */
public final class ServicePlaceholder {
    /** As it is written. */
    public static final String TEXT = "{service}";

    /** What a Service may be called; no separator, and nothing that leads upwards. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

    private ServicePlaceholder() {}

    /** Whether it stands in a template once. */
    public static boolean isOnceIn(String template) {
        int at = template.indexOf(TEXT);
        return at >= 0 && template.indexOf(TEXT, at + 1) < 0;
    }

    /** Gives the path for a Service; empty for what is no plain name. */
    public static Optional<String> fill(String template, String service) {
        return service.contains("..") || !NAME.matcher(service).matches()
                ? Optional.empty()
                : Optional.of(template.replace(TEXT, service));
    }
}
