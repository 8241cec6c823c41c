package dev.weir.proxy.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemContext;
import dev.weir.proxy.tls.PemFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to identity providers. Follows no redirects, waits a few seconds, and takes no more than a few hundred
 * kilobytes. Holds no thread while it waits. Any thread.
 */
public final class ProviderClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int BODY_BYTES_MAX = 512 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;

    /**
     * Makes a client.
     *
     * @param trust PEM file of the authorities that sign providers' certificates, or {@code null} for the JDK's own
     * @param executor what it runs its own few steps on, or {@code null} for threads of its own
     * @throws IOException when the file cannot be used
     */
    public ProviderClient(@Nullable Path trust, @Nullable Executor executor) throws IOException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        if (executor != null) {
            builder.executor(executor);
        }
        if (trust != null) {
            builder.sslContext(trusting(trust));
        }
        this.http = builder.build();
    }

    /** Asks for JSON; gives status and text. Fails with an exception whose {@link ProviderException#reason} says why. */
    public CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        HttpRequest asked =
                request.timeout(TIMEOUT).header("Accept", "application/json").build();
        return http.sendAsync(asked, bounded(asked.uri()));
    }

    /**
     * Reads an answer.
     *
     * @throws ProviderException when it is no JSON
     */
    public static JsonNode json(URI from, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ProviderException(from + " answers with what is no JSON");
        }
    }

    private static BodyHandler<String> bounded(URI uri) {
        return info -> BodySubscribers.mapping(new BoundedBody(BODY_BYTES_MAX), body -> {
            if (body == null) {
                throw new ProviderException(uri + " answers with more than " + BODY_BYTES_MAX + " bytes");
            }
            return body;
        });
    }

    private static SSLContext trusting(Path authorities) throws IOException {
        try {
            return PemContext.of(new PemFile(authorities.toString(), Files.readAllBytes(authorities)), null, null);
        } catch (UnusableFileException e) {
            throw new IOException(authorities + " holds no authorities to trust: " + FailureWords.ofItself(e), e);
        }
    }
}
