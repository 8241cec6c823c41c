package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.proxy.config.Endpoint;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code HOST:PORT} in a configuration; an IPv6 address is in brackets. */
final class Endpoints {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9_.-]+)):(\\d{1,5})");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private Endpoints() {}

    /** An endpoint to listen on; port 0 asks for any free port. */
    static Optional<Endpoint> parse(Text text, Problems problems) {
        return parse(text, 0, problems);
    }

    /** An endpoint to connect to. */
    static Optional<Endpoint> parseRemote(Text text, Problems problems) {
        return parse(text, 1, problems);
    }

    /** Whether binding it means every address of this machine. */
    static boolean isWildcard(String host) {
        return WILDCARDS.contains(host);
    }

    private static Optional<Endpoint> parse(Text text, int portMin, Problems problems) {
        Matcher form = FORM.matcher(text.value());
        if (form.matches()) {
            String host = form.group(1) == null ? form.group(2) : form.group(1);
            int port = Integer.parseInt(form.group(3));
            if (port >= portMin && port <= 65_535) {
                return Optional.of(new Endpoint(host, port));
            }
        }
        problems.add(
                text.at(),
                "wrong value",
                '"' + text.value() + '"',
                "HOST:PORT with a port from " + portMin + " to 65535, such as \"127.0.0.1:9192\" or \"[::1]:9192\"");
        return Optional.empty();
    }
}
