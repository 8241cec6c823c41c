package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An http or https URL in a configuration, without query and without credentials. */
final class HttpUrl {
    private static final Pattern SCHEME = Pattern.compile("^https?:/*");
    private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);

    private HttpUrl() {}

    /** @param expected what is said to whoever wrote something else */
    static Optional<URI> parse(Text text, String expected, Problems problems) {
        try {
            URI uri = new URI(text.value());
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null && !hasCredentials(uri)) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        if (!text.isEmpty()) {
            problems.add(text.at(), "wrong value", shown(text), expected);
        }
        return Optional.empty();
    }

    /** Whether a user and password stand in it, or may be meant to: with a slash in them, they look like a host and a path. */
    static boolean hasCredentials(URI uri) {
        return uri.getUserInfo() != null || String.valueOf(uri.getRawPath()).contains("@");
    }

    /** For people, in quotes, and without what may be a secret: all up to the last at sign, since a password may hold anything, and a query. */
    static String shown(Text text) {
        String url = text.value();
        int at = url.lastIndexOf('@');
        Matcher scheme = SCHEME.matcher(url);
        String shown = at < 0 ? url : (scheme.find() ? scheme.group() : "") + "..." + url.substring(at);
        return '"' + QUERY.matcher(shown).replaceFirst("?...") + '"';
    }
}
