package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** An http or https URL in a configuration, without query and without credentials. */
final class HttpUrl {
    /** Up to the last at sign before the path: a password may hold one. */
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/]*@");

    private HttpUrl() {}

    /** @param expected what is said to whoever wrote something else */
    static Optional<URI> parse(Text text, String expected, Problems problems) {
        try {
            URI uri = new URI(text.value());
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
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

    /** For people, in quotes, and without the user and password that may stand in it. */
    static String shown(Text text) {
        return '"' + CREDENTIALS.matcher(text.value()).replaceFirst("//...@") + '"';
    }
}
