package dev.weir.proxy.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.provider.ProviderClient;
import dev.weir.proxy.provider.ProviderException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/** Asks a token endpoint for an access token by client credentials (RFC 6749, section 4.4). Any thread. */
final class TokenRequest {
    private static final long LIFETIME_DEFAULT_SECONDS = 300;
    /** What an endpoint says beyond that is not believed. */
    private static final long LIFETIME_MAX_SECONDS = 366 * 86_400L;

    private static final String OAUTH_ERROR = "[a-z_]{1,40}";

    private final TokenEndpoint endpoint;
    private final ProviderClient http;

    TokenRequest(TokenEndpoint endpoint, ProviderClient http) {
        this.endpoint = endpoint;
        this.http = http;
    }

    /** Completes exceptionally with what {@link ProviderException#reason} can say, without secrets. */
    CompletableFuture<AccessToken> send() {
        String form = "grant_type=client_credentials"
                + (endpoint.scope() == null ? "" : "&scope=" + encoded(endpoint.scope()));
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.url())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Authorization", "Basic " + basic())
                .POST(HttpRequest.BodyPublishers.ofString(form));
        long askedAtMillis = System.currentTimeMillis();
        return http.send(request).thenApply(response -> token(response, askedAtMillis));
    }

    /** Section 2.3.1: each part is encoded as in a form before it goes into the header. */
    private String basic() {
        String both = encoded(endpoint.clientId()) + ":" + encoded(endpoint.clientSecret());
        return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private AccessToken token(HttpResponse<String> response, long askedAtMillis) {
        JsonNode body = ProviderClient.json(endpoint.url(), response.body());
        String value = body.path("access_token").asText("");
        if (response.statusCode() != 200 || value.isEmpty()) {
            String error = body.path("error").asText("");
            throw new ProviderException(endpoint.url() + " answered " + response.statusCode()
                    + (error.matches(OAUTH_ERROR) ? " (" + error + ")" : "") + " and no token");
        }
        long seconds = body.path("expires_in").asLong(LIFETIME_DEFAULT_SECONDS);
        long lifetimeMillis = Math.max(1, Math.min(seconds, LIFETIME_MAX_SECONDS)) * 1_000;
        return new AccessToken(value, askedAtMillis, askedAtMillis + lifetimeMillis);
    }
}
