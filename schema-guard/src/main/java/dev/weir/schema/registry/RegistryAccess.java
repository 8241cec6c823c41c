package dev.weir.schema.registry;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a registry is come to. Both are asked at each question, so that certificates and passwords may change.
 *
 * @param http with the trust and the certificate that it takes; follows no redirects
 * @param authorization the {@code Authorization} header, or empty for none
 */
public record RegistryAccess(Supplier<HttpClient> http, Supplier<Optional<String>> authorization) {

    /** Basic authentication (RFC 7617). */
    public static String basic(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** A bearer token (RFC 6750). */
    public static String bearer(String token) {
        return "Bearer " + token;
    }

    @Override
    public String toString() {
        return "RegistryAccess";
    }
}
