package dev.weir.schema.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Sends single questions to a registry, by HTTP/1.1. No redirects, bounded time from the first byte to the last, bounded answers. Any
 * thread; holds none while it waits.
 */
final class RegistryClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCEPT = "application/vnd.schemaregistry.v1+json, application/json;q=0.9, */*;q=0.1";

    private final RegistrySettings settings;
    private final RegistryAccess access;

    RegistryClient(RegistrySettings settings, RegistryAccess access) {
        this.settings = settings;
        this.access = access;
    }

    /** What stands at a place of the registry. */
    record Answer(HttpHeaders headers, String text) {}

    /** As {@link #get}, of the Confluent-compatible API, as JSON. */
    CompletableFuture<Optional<JsonNode>> json(String path) {
        String base = settings.url().toString().replaceAll("/+$", "");
        return get(URI.create(base + path)).thenApply(found -> found.map(answer -> parsed(answer.text())));
    }

    /**
     * Asks for what stands at an address: empty when the registry says that there is nothing. Fails with a {@link RegistryException}, or with
     * an {@link UnusableSchemaException} when it is too long.
     */
    CompletableFuture<Optional<Answer>> get(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofMillis(settings.timeoutMillis()))
                .header("Accept", ACCEPT);
        access.authorization().get().ifPresent(value -> request.header("Authorization", value));
        CompletableFuture<HttpResponse<String>> sent =
                access.http().get().sendAsync(request.build(), info -> new BoundedText(settings.answerBytesMax()));
        return sent.copy()
                .orTimeout(settings.timeoutMillis(), TimeUnit.MILLISECONDS) // that of the request ends with the headers
                .handle((response, failure) -> {
                    if (failure != null) {
                        sent.cancel(true);
                        throw failed(RegistryException.causeOf(failure));
                    }
                    return read(response);
                });
    }

    private RuntimeException failed(Throwable cause) {
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return new RegistryException(
                    RegistryFailure.TIMEOUT, "it did not answer within " + settings.timeoutMillis() + " ms");
        }
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof UnusableSchemaException unusable) {
                return unusable;
            }
            if (deeper instanceof SSLException) {
                return new RegistryException(RegistryFailure.TLS, "TLS with it fails: " + deeper.getMessage());
            }
        }
        if (cause instanceof IOException) {
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            return new RegistryException(RegistryFailure.UNREACHABLE, "it cannot be reached: " + why);
        }
        return new RegistryException(
                RegistryFailure.NOT_UNDERSTOOD,
                "it cannot be asked: " + cause.getClass().getSimpleName());
    }

    private static Optional<Answer> read(HttpResponse<String> response) {
        int status = response.statusCode();
        if (status == 200) {
            return Optional.of(new Answer(response.headers(), response.body()));
        }
        if (status == 404) {
            // a registry says in JSON what is not there; anybody else has never heard of the address
            if (isNotFound(response.body())) {
                return Optional.empty();
            }
            throw new RegistryException(
                    RegistryFailure.NOT_UNDERSTOOD,
                    "it answers 404 as no registry does; is its URL that of the Confluent-compatible API?");
        }
        if (status == 401 || status == 403) {
            throw new RegistryException(RegistryFailure.UNAUTHORIZED, "it does not let Weir read: " + status);
        }
        if (status == 429) {
            throw new RegistryException(
                    RegistryFailure.THROTTLED, "it wants to be asked less: 429", retryAfterMillis(response.headers()));
        }
        if (status >= 500) {
            throw new RegistryException(
                    RegistryFailure.SERVER_ERROR, "it failed: " + status, retryAfterMillis(response.headers()));
        }
        throw new RegistryException(RegistryFailure.NOT_UNDERSTOOD, "it answers " + status);
    }

    private static boolean isNotFound(String body) {
        try {
            int code = JSON.readTree(body).path("error_code").asInt();
            return code == 404 || code / 100 == 404;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Seconds (RFC 9110, 10.2.3); a date is taken as none. */
    private static long retryAfterMillis(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Long.parseLong(value) * 1_000)
                .orElse(0L);
    }

    static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw notUnderstood("no JSON");
        }
    }

    static RegistryException notUnderstood(String found) {
        return new RegistryException(RegistryFailure.NOT_UNDERSTOOD, "it answers with " + found);
    }
}
