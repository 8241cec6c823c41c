package dev.weir.cli.status;

import dev.weir.cli.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Asks a mesh something over HTTP. Blocks, with a timeout. */
public final class HttpGet {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int ERROR_BYTES_MAX = 1_000;

    private HttpGet() {}

    /**
     * The body of the answer.
     *
     * @throws CommandFailure in words, when there is none
     */
    public static String text(String url) {
        HttpURLConnection connection = open(url);
        try {
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int code = connection.getResponseCode();
            if (code == HttpURLConnection.HTTP_BAD_REQUEST) {
                throw new CommandFailure(url + " answers: " + said(connection));
            }
            if (code != HttpURLConnection.HTTP_OK) {
                throw new CommandFailure(url + " answers with HTTP status " + code + "; expected 200.");
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new CommandFailure("nothing answers at " + url + ": " + e.getMessage(), e);
        } finally {
            connection.disconnect();
        }
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
