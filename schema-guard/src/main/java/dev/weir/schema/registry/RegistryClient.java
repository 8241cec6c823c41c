package dev.weir.schema.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Sends single questions to a registry, by HTTP/1.1. No redirects, bounded time from the first byte to the last, bounded answers. Any
 * thread; holds none while it waits.
 */
final class RegistryClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCEPT = "application/vnd.schemaregistry.v1+json, application/json;q=0.9, */*;q=0.1";

    private static final String IS_URL_RIGHT =
            "; is its URL that of the Confluent-compatible API (of Apicurio: https://HOST/apis/ccompat/v7)?";

    private final RegistrySettings settings;
    private final RegistryAccess access;

    RegistryClient(RegistrySettings settings, RegistryAccess access) {
        this.settings = settings;
        this.access = access;
    }

    /** What stands at a place of the registry. */
    record Answer(HttpHeaders headers, String text) {}

    /** Asks the Confluent-compatible API for what is JSON; fails as {@link #ask}. */
    CompletableFuture<Optional<JsonNode>> json(String path) {
        String base = settings.url().toString().replaceAll("/+$", "");
        return ask(URI.create(base + path), RegistryClient::isNotFound)
                .thenApply(found -> found.map(answer -> parsed(answer.text())));
    }

    /** Asks for what stands at an address of Apicurio's own API; as {@link #json} otherwise. */
    CompletableFuture<Optional<Answer>> get(URI uri) {
        return ask(uri, RegistryClient::isNotFoundByApicurio);
    }

    /**
     * Asks for what stands at an address: empty when the registry says that there is nothing. Fails with a {@link RegistryException}, or with
     * an {@link UnusableSchemaException} when it is too long.
     *
     * @param nothing whether the body of a 404 says so
     */
    private CompletableFuture<Optional<Answer>> ask(URI uri, Predicate<JsonNode> nothing) {
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
                        throw FailedQuestion.of(RegistryException.causeOf(failure), settings);
                    }
                    return read(response, nothing);
                });
    }

    private static Optional<Answer> read(HttpResponse<String> response, Predicate<JsonNode> nothing) {
        int status = response.statusCode();
        if (status == 200) {
            return Optional.of(new Answer(response.headers(), response.body()));
        }
        if (status == 404) {
            // a registry says in JSON what is not there; anybody else has never heard of the address
            if (nothing.test(error(response.body()))) {
                return Optional.empty();
            }
            throw new RegistryException(
                    RegistryFailure.NOT_UNDERSTOOD, "it answers 404 as no registry does" + IS_URL_RIGHT);
        }
        if (status == 401 || status == 403) {
            throw new RegistryException(
                    RegistryFailure.UNAUTHORIZED,
                    "it does not let Weir read: " + status
                            + (status == 401
                                    ? "; the password or token is none that it takes"
                                    : "; whoever Weir logs in as may not"));
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

    /**
     * Whether it is the registry that says so, of something that it could have. 404 alone is said of an address that the server does not know.
     */
    private static boolean isNotFound(JsonNode error) {
        return error.path("error_code").asInt() / 100 == 404;
    }

    /** As {@link #isNotFound}, of Apicurio's own API, which says by a name what it misses. */
    private static boolean isNotFoundByApicurio(JsonNode error) {
        return error.path("error_code").asInt() == 404
                && !error.path("name").asText().equals("NotFoundException");
    }

    private static JsonNode error(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
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
            throw notUnderstood("no JSON" + IS_URL_RIGHT);
        }
    }

    static RegistryException notUnderstood(String found) {
        return new RegistryException(RegistryFailure.NOT_UNDERSTOOD, "it answers with " + found);
    }
}
