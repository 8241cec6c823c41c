package dev.weir.proxy.config;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Where the credentials are kept with which single Services come to brokers: files, or a secret store. Asked on worker threads,
 * and again every few seconds while a Service connects.
 *
 * <p>A credential is a map of texts: {@code mechanism} (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER) with {@code username}
 * and {@code password}, or with {@code tokenEndpoint}, {@code clientId}, {@code clientSecret} and {@code scope}; and {@code certificate} with {@code key},
 * both PEM. Either half may be left out.
 */
public interface CredentialStore {
    /**
     * Looks one up.
     *
     * @param service the name of a Service: lower case letters, digits, hyphens and dots
     * @return empty when there is none, which the Service is refused for
     * @throws IOException when it cannot be said; what was known before goes on to be used
     */
    Optional<Map<String, String>> find(String service) throws IOException;
}
