package dev.weir.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * SASL/PLAIN towards brokers (RFC 4616). {@link #toString} never shows the password.
 *
 * @param password as it was at start
 * @param passwordFile where it stands, and is read again when it changes; {@code null} if it never changes
 */
public record UpstreamSasl(
        String username, String password, @Nullable Path passwordFile) {
    /** With a password that never changes. */
    public UpstreamSasl(String username, String password) {
        this(username, password, null);
    }

    @Override
    public String toString() {
        return "UpstreamSasl[username=" + username + "]";
    }
}
