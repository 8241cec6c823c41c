package dev.weir.proxy.authenticate.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.provider.ProviderClient;
import dev.weir.proxy.provider.ProviderException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks an issuer for its keys: by OpenID Connect discovery, or where the configuration says they are. */
final class IssuerClient {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private final OAuthBearerConfig config;
    private final ProviderClient http;

    /**
     * Makes a client.
     *
     * @param executor what it runs its own few steps on
     * @throws IllegalArgumentException when the authorities to trust cannot be read
     */
    IssuerClient(OAuthBearerConfig config, Executor executor) {
        this.config = config;
        try {
            this.http = new ProviderClient(config.trust(), executor);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The issuer's key set, as JSON text (RFC 7517). Fails with an exception whose message says why. */
    CompletableFuture<String> keySet() {
        URI known = config.jwksUrl();
        CompletableFuture<URI> where = known != null ? CompletableFuture.completedFuture(known) : discover();
        return where.thenCompose(this::get);
    }

    private CompletableFuture<URI> discover() {
        String issuer = config.issuer();
        URI document =
                URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + WELL_KNOWN);
        return get(document).thenApply(text -> {
            JsonNode metadata = ProviderClient.json(document, text);
            // OpenID Connect Discovery 1.0, section 4.3: another issuer's keys are not asked for
            if (!issuer.equals(metadata.path("issuer").asText())) {
                throw new ProviderException(document + " is about another issuer than " + issuer);
            }
            URI keys = uri(document, metadata.path("jwks_uri").asText());
            if (document.getScheme().equals("https") && !"https".equals(keys.getScheme())) {
                throw new ProviderException(document + " sends to a place for keys without TLS");
            }
            return keys;
        });
    }

    private CompletableFuture<String> get(URI uri) {
        return http.send(HttpRequest.newBuilder(uri)).thenApply(response -> {
            if (response.statusCode() != 200) {
                throw new ProviderException(uri + " answers with status " + response.statusCode());
            }
            return response.body();
        });
    }

    private static URI uri(URI from, String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(from + " names no jwks_uri");
    }
}
