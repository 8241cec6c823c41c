package dev.weir.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells a mesh something over HTTP. Blocks, with a timeout. */
public final class HttpPost {
    /** It was done. */
    public static final int OK = HttpURLConnection.HTTP_OK;

    /** Longer than the mesh waits for an answer itself. */
    private static final int TIMEOUT_MILLIS = 25_000;

    private static final int BODY_BYTES_MAX = 100_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private HttpPost() {}

    /** What was answered, whatever it was. */
    public record Response(String url, int status, String body) {

        /** A field of the JSON object that the body is; empty where there is none. */
        public String field(String name) {
            return tree().path(name).asText("");
        }

        private JsonNode tree() {
            try {
                return MAPPER.readTree(body);
            } catch (JsonProcessingException e) {
                return MAPPER.missingNode();
            }
        }

        /** What is wrong, in words (RFC 9457). */
        public String problem() {
            String detail = field("detail");
            String found = field("found");
            String expected = field("expected");
            return detail.isEmpty()
                    ? url + " answers with HTTP status " + status + "; expected " + OK + "."
                    : detail
                            + (found.isEmpty() ? "" : " Found: " + found + ".")
                            + (expected.isEmpty() ? "" : " Expected: " + expected + ".");
        }
    }

    /**
     * Posts a JSON object.
     *
     * @param token a bearer token to send along
     * @throws CommandFailure in words, when nothing answers, or somebody has to log in
     */
    public static Response json(String url, Optional<String> token, String json) {
        HttpURLConnection connection = HttpGet.open(url, token, TIMEOUT_MILLIS);
        try {
            connection.setDoOutput(true);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(json.getBytes(StandardCharsets.UTF_8));
            }
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
                throw new CommandFailure(HttpGet.notLoggedIn(url, status, token, connection));
            }
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                String body = in == null ? "" : new String(in.readNBytes(BODY_BYTES_MAX), StandardCharsets.UTF_8);
                return new Response(url, status, body);
            }
        } catch (IOException e) {
            throw new CommandFailure("nothing answers at " + url + ": " + FailureWords.ofItself(e), e);
        } finally {
            connection.disconnect();
        }
    }
}
