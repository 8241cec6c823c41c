package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.proxy.config.SecureAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An http or https URL in a configuration or on a command line, without query, fragment and credentials. */
public final class HttpUrl {
    private static final Pattern SCHEME = Pattern.compile("^https?:/*");
    private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);

    private HttpUrl() {}

    /** Reads it; empty when it is something else. */
    public static Optional<URI> of(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean bare = url.getRawQuery() == null && url.getRawFragment() == null && !hasCredentials(url);
            return http && url.getHost() != null && bare ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** @param expected what is said to whoever wrote something else */
    static Optional<URI> parse(Text text, String expected, Problems problems) {
        Optional<URI> url = of(text.value());
        if (url.isEmpty() && !text.isEmpty()) {
            problems.add(text.at(), "wrong value", shown(text), expected);
        }
        return url;
    }

    /** Whether a secret may go there: over TLS, or to this machine. */
    public static boolean keepsSecrets(URI url) {
        return SecureAddress.is(url);
    }

    /**
     * Reports an address to which a secret would go for everybody on the way to read.
     *
     * @param secret what would go there: {@code "Weir's token"}
     * @param server what is there: {@code "a Vault"}
     */
    static void requireSafe(Text text, URI url, String secret, String server, Problems problems) {
        if (!keepsSecrets(url)) {
            problems.add(
                    text.at(),
                    secret + " would go over the network for everybody to read",
                    shown(text),
                    "https, or " + server + " on this machine");
        }
    }

    /** Whether a user and password stand in it, or may be meant to: with a slash in them, they look like a host and a path. */
    static boolean hasCredentials(URI uri) {
        return uri.getUserInfo() != null || String.valueOf(uri.getRawPath()).contains("@");
    }

    /** As {@link #withoutSecrets}, in quotes. */
    static String shown(Text text) {
        return '"' + withoutSecrets(text.value()) + '"';
    }

    /** For people: without all up to the last at sign, since a password may hold anything, and without a query. */
    public static String withoutSecrets(String url) {
        int at = url.lastIndexOf('@');
        Matcher scheme = SCHEME.matcher(url);
        String shown = at < 0 ? url : (scheme.find() ? scheme.group() : "") + "..." + url.substring(at);
        return QUERY.matcher(shown).replaceFirst("?...");
    }
}
