package dev.weir.proxy.config;

/**
 * SASL/PLAIN towards brokers (RFC 4616). {@link #toString} never shows the password.
 */
public record UpstreamSasl(String username, String password) {
    @Override
    public String toString() {
        return "UpstreamSasl[username=" + username + "]";
    }
}
