package dev.weir.proxy.authenticate.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.proxy.config.OAuthBearerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks an issuer for its keys: by OpenID Connect discovery, or where the configuration says they are. Follows no
 * redirects, and takes no more than a few hundred kilobytes. Holds no thread while it waits.
 */
final class IssuerClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int BODY_BYTES_MAX = 512 * 1024;
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OAuthBearerConfig config;
    private final HttpClient http;

    /**
     * Makes a client.
     *
     * @param executor what it runs its own few steps on
     * @throws IllegalArgumentException when the authorities to trust cannot be read
     */
    IssuerClient(OAuthBearerConfig config, Executor executor) {
        this.config = config;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(executor);
        if (config.trust() != null) {
            builder.sslContext(trusting(config.trust()));
        }
        this.http = builder.build();
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
            JsonNode metadata = json(document, text);
            // OpenID Connect Discovery 1.0, section 4.3: another issuer's keys are not asked for
            if (!issuer.equals(metadata.path("issuer").asText())) {
                throw new IssuerException(document + " is about another issuer than " + issuer);
            }
            URI keys = uri(document, metadata.path("jwks_uri").asText());
            if (document.getScheme().equals("https") && !"https".equals(keys.getScheme())) {
                throw new IssuerException(document + " sends to a place for keys without TLS");
            }
            return keys;
        });
    }

    private CompletableFuture<String> get(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
        return http.sendAsync(request, bounded(uri)).thenApply(response -> {
            if (response.statusCode() != 200) {
                throw new IssuerException(uri + " answers with status " + response.statusCode());
            }
            return response.body();
        });
    }

    private static BodyHandler<String> bounded(URI uri) {
        return info -> BodySubscribers.mapping(new BoundedBody(BODY_BYTES_MAX), body -> {
            if (body == null) {
                throw new IssuerException(uri + " answers with more than " + BODY_BYTES_MAX + " bytes");
            }
            return body;
        });
    }

    private static JsonNode json(URI from, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IssuerException(from + " answers with what is no JSON");
        }
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
        throw new IssuerException(from + " names no jwks_uri");
    }

    private static SSLContext trusting(Path authorities) {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trust.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(authorities + " holds no authorities to trust: " + e.getMessage(), e);
        }
    }

    /** Why keys could not be had; for people. */
    static final class IssuerException extends RuntimeException {
        private static final long serialVersionUID = 1;

        IssuerException(String message) {
            super(message);
        }

        /** The words for whatever a fetch failed with. */
        static String reason(@Nullable Throwable failure) {
            Throwable cause = failure;
            while (cause != null && cause.getCause() != null && !(cause instanceof IssuerException)) {
                cause = cause.getCause();
            }
            if (cause == null) {
                return "unknown";
            }
            return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
    }
}
