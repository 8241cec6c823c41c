package dev.weir.canary;

import java.util.List;

/**
 * Some clients of a Service, told apart by their client ids. A pattern is a name, or a beginning with {@code *} after it; a name that itself
 * ends with an asterisk is written with {@code \\*} at its end. Immutable; any thread.
 *
 * @param clientIds the pattern that they fit
 * @param except patterns of others among those, which they do not fit
 */
public record Clients(String service, String clientIds, List<String> except) {
    public Clients {
        except = List.copyOf(except);
    }

    /**
     * Whether a client is one of them. Allocates nothing.
     *
     * @param of the client's Service; the empty string is nobody
     */
    public boolean fits(String of, String clientId) {
        if (!service.equals(of) || !matches(clientIds, clientId)) {
            return false;
        }
        for (int i = 0; i < except.size(); i++) {
            if (matches(except.get(i), clientId)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String pattern, String clientId) {
        int last = pattern.length() - 1;
        if (last < 0 || pattern.charAt(last) != '*') {
            return pattern.equals(clientId);
        }
        if (last > 0 && pattern.charAt(last - 1) == '\\') {
            return clientId.length() == last
                    && clientId.charAt(last - 1) == '*'
                    && clientId.regionMatches(0, pattern, 0, last - 1);
        }
        return clientId.regionMatches(0, pattern, 0, last);
    }
}
