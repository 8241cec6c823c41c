package dev.weir.cli.connections;

import dev.weir.proxy.connection.ConnectionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A part of the connections of one proxy, the oldest first.
 *
 * @param next to go on after
 * @param more whether there may be more
 */
public record ConnectionPage(List<Connected> connections, long next, boolean more) {
    private static final int LIMIT_DEFAULT = 200;
    private static final int LIMIT_MAX = 1_000;

    public ConnectionPage {
        connections = List.copyOf(connections);
    }

    /**
     * One client.
     *
     * @param since when it connected
     */
    public record Connected(
            long id,
            String listener,
            String principal,
            String service,
            String version,
            String clientId,
            String software,
            String mechanism,
            boolean tls,
            boolean authenticated,
            String source,
            String since) {

        static Connected of(ConnectionStatus status) {
            return new Connected(
                    status.id(),
                    status.listener(),
                    status.subject().principal().toString(),
                    status.service(),
                    status.version(),
                    status.clientId(),
                    status.software(),
                    status.subject().mechanism().wireName(),
                    status.subject().tls(),
                    status.authenticated(),
                    status.subject().source().getHostAddress(),
                    Instant.ofEpochMilli(status.sinceMillis()).toString());
        }
    }

    /**
     * Of what was found.
     *
     * @param limit how many were asked for
     */
    public static ConnectionPage of(List<ConnectionStatus> connections, long after, int limit) {
        long last = connections.isEmpty()
                ? after
                : connections.get(connections.size() - 1).id();
        return new ConnectionPage(connections.stream().map(Connected::of).toList(), last, connections.size() == limit);
    }

    /** Of a request's parameters. */
    public static int limit(Map<String, List<String>> parameters) {
        long limit = number(parameters, "limit", LIMIT_DEFAULT);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit is " + limit + "; expected 1 to " + LIMIT_MAX);
        }
        return (int) limit;
    }

    /** Of a request's parameters. */
    public static long after(Map<String, List<String>> parameters) {
        return number(parameters, "after", 0);
    }

    private static long number(Map<String, List<String>> parameters, String name, long fallback) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return fallback;
        }
        try {
            return Long.parseLong(values.get(0));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is no number", e);
        }
    }
}
