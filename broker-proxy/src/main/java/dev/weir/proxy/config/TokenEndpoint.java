package dev.weir.proxy.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where access tokens are to be had by client credentials (RFC 6749, section 4.4). {@link #toString} never shows the secret.
 *
 * @param url of the token endpoint: https, or http on this machine
 * @param scope the scopes to ask for, separated by blanks; {@code null} for the provider's default
 * @param trust PEM file of the authorities that sign the endpoint's certificate, or {@code null} for the JDK's own
 */
public record TokenEndpoint(
        URI url,
        String clientId,
        String clientSecret,
        @Nullable String scope,
        @Nullable Path trust) {
    @Override
    public String toString() {
        return "TokenEndpoint[url=" + url + ", clientId=" + clientId + "]";
    }
}
