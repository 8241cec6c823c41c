package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** An http or https URL in a configuration, without query and without credentials. */
final class HttpUrl {
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
            problems.add(text.at(), "wrong value", '"' + text.value() + '"', expected);
        }
        return Optional.empty();
    }
}
