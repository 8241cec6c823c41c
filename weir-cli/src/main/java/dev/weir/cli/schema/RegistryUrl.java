package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** The URL of a registry on a command line. As in {@code weir.yaml}: http or https, without a query, and without a user and password. */
final class RegistryUrl {
    private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);

    private RegistryUrl() {}

    /**
     * Reads it.
     *
     * @param option that it stands behind
     * @throws CommandFailure when it is something else, without showing what may be a secret
     */
    static URI of(String option, String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean bare = url.getRawQuery() == null && url.getRawFragment() == null && text.indexOf('@') < 0;
            if (http && url.getHost() != null && bare) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new CommandFailure(option
                + ": expected the URL of a registry's Confluent-compatible API, such as https://registry.example:8081,"
                + " with no user and password in it (--registry-username, --registry-password-file), but was '"
                + shown(text) + "'");
    }

    /** Without all up to the last at sign, since a password may hold anything, and without a query. */
    private static String shown(String text) {
        int at = text.lastIndexOf('@');
        return QUERY.matcher(at < 0 ? text : "..." + text.substring(at)).replaceFirst("?...");
    }
}
