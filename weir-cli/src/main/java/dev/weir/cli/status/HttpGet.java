package dev.weir.cli.status;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.config.HttpUrl;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a mesh something over HTTP. Blocks, with a timeout. */
public final class HttpGet {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int ERROR_BYTES_MAX = 1_000;

    private HttpGet() {}

    /** As {@link #text(String, Optional)}, without a token. */
    public static String text(String url) {
        return text(url, Optional.empty());
    }

    /**
     * The body of the answer.
     *
     * @param token a bearer token to send along
     * @throws CommandFailure in words, when there is none
     */
    public static String text(String url, Optional<String> token) {
        HttpURLConnection connection = open(url, token, TIMEOUT_MILLIS);
        try {
            int code = connection.getResponseCode();
            if (code == HttpURLConnection.HTTP_BAD_REQUEST || code == HttpURLConnection.HTTP_UNAVAILABLE) {
                throw new CommandFailure(url + " answers: " + said(connection));
            }
            if (code == HttpURLConnection.HTTP_UNAUTHORIZED || code == HttpURLConnection.HTTP_FORBIDDEN) {
                throw new CommandFailure(notLoggedIn(url, code, token, connection));
            }
            if (code != HttpURLConnection.HTTP_OK) {
                throw new CommandFailure(url + " answers with HTTP status " + code + "; expected 200.");
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new CommandFailure("nothing answers at " + url + ": " + FailureWords.ofItself(e), e);
        } finally {
            connection.disconnect();
        }
    }

    static String notLoggedIn(String url, int code, Optional<String> token, HttpURLConnection connection)
            throws IOException {
        return url + " answers with HTTP status " + code + ": "
                + (token.isEmpty()
                        ? "one has to log in; expected --token-file with a bearer token."
                        : "the token is not taken, or its bearer has no role there: " + said(connection));
    }

    /** A question that is not sent yet, with the token where that is safe. */
    static HttpURLConnection open(String url, Optional<String> token, int timeoutMillis) {
        HttpURLConnection connection = open(url);
        if (token.isPresent()) {
            URI to = URI.create(url);
            if (!HttpUrl.keepsSecrets(to)) {
                throw new CommandFailure("a token would go to " + to.getHost()
                        + " for everybody on the way to read; expected https://, or a mesh on this machine.");
            }
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Authorization", "Bearer " + token.get());
        }
        connection.setRequestProperty("Accept", "application/json, */*;q=0.1"); // Java would ask for HTML
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        return connection;
    }

    /** The first words of an answer that is no success. */
    private static String said(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getErrorStream()) {
            String said = in == null ? "" : new String(in.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
            return said.isBlank() ? "HTTP status " + connection.getResponseCode() : said.strip();
        }
    }

    private static HttpURLConnection open(String url) {
        try {
            if (URI.create(url).toURL().openConnection() instanceof HttpURLConnection connection) {
                return connection;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw notUrl(url, e);
        }
        throw notUrl(url, null);
    }

    private static CommandFailure notUrl(String url, @Nullable Exception cause) {
        return new CommandFailure(
                "not a URL of a mesh: " + url + "; expected http://HOST:PORT",
                cause == null ? new IllegalArgumentException(url) : cause);
    }
}
