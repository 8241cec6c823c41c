package dev.weir.topology.login;

import java.util.Map;

/**
 * Somebody whom the provider knows.
 *
 * @param claims of the ID token, which were verified
 * @param idToken itself, for the provider to know again at the log-out
 */
record LoggedIn(Map<String, Object> claims, String idToken) {
    /** Shows no token. */
    @Override
    public String toString() {
        return "LoggedIn[" + claims.get("sub") + "]";
    }
}
