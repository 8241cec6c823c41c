package dev.weir.identity.name;

import dev.weir.identity.IdentityException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a workload (SPIFFE-ID, section 2): {@code spiffe://shop/payments}.
 *
 * @param path without the first slash, such as {@code payments} or {@code eu/payments}
 */
public record SpiffeId(TrustDomain trustDomain, String path) {
    static final String SCHEME = "spiffe://";

    private static final int BYTES_MAX = 2048;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

    /**
     * The id of a service.
     *
     * @throws IdentityException naming what in the path is not allowed
     */
    public static SpiffeId of(TrustDomain trustDomain, String path) throws IdentityException {
        for (String segment : path.split("/", -1)) {
            String wrong = problemWith(segment);
            if (wrong != null) {
                throw new IdentityException("\"" + path + "\" cannot name a service: " + wrong
                        + "; expected letters, digits, dots, hyphens and underscores, in parts between slashes,"
                        + " such as payments or eu/payments");
            }
        }
        SpiffeId id = new SpiffeId(trustDomain, path);
        if (id.uri().getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw new IdentityException("the name of a service is too long: "
                    + id.uri().length() + " bytes as a SPIFFE id," + " at most " + BYTES_MAX + " are allowed");
        }
        return id;
    }

    private static @Nullable String problemWith(String segment) {
        if (segment.isEmpty()) {
            return "a part of it is empty";
        }
        if (segment.equals(".") || segment.equals("..")) {
            return "\"" + segment + "\" would mean another folder";
        }
        return SEGMENT.matcher(segment).matches()
                ? null
                : "\"" + printable(segment) + "\" holds what a SPIFFE id may not";
    }

    /** Names come from people and scripts: what cannot be seen is shown as its code. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(100).forEach(c -> {
            if (c < ' ' || c > '~') {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    public String uri() {
        return SCHEME + trustDomain.name() + "/" + path;
    }

    @Override
    public String toString() {
        return uri();
    }
}
