package dev.weir.proxy.authenticate.token;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a client says first (RFC 7628, section 3.1): {@code n,[a=AUTHZID],^Aauth=Bearer TOKEN^A...^A^A}.
 *
 * @param authorizationId on whose behalf, or empty
 * @param token never empty
 */
public record BearerMessage(String authorizationId, String token) {
    private static final String SCHEME = "bearer ";

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException saying what is wrong, without showing any of it
     */
    public static BearerMessage parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int body = text.indexOf('\1');
        if (body < 0 || !text.endsWith("\1\1")) {
            throw new IllegalArgumentException("no message of OAUTHBEARER");
        }
        String authorizationId = authorizationId(text.substring(0, body));
        String token = "";
        for (String pair : text.substring(body + 1, text.length() - 2).split("\1", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("a key without a value");
            }
            if (pair.substring(0, equals).equals("auth")) {
                if (!token.isEmpty()) {
                    throw new IllegalArgumentException("two tokens");
                }
                token = bearer(pair.substring(equals + 1));
            }
        }
        if (token.isEmpty()) {
            throw new IllegalArgumentException("no token");
        }
        return new BearerMessage(authorizationId, token);
    }

    private static String bearer(String value) {
        if (!value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new IllegalArgumentException("another scheme than Bearer");
        }
        return value.substring(SCHEME.length()).strip();
    }

    /** Of a GS2 header (RFC 5801) without channel binding. */
    private static String authorizationId(String header) {
        String[] parts = header.split(",", -1);
        boolean binds = parts[0].startsWith("p=");
        if (parts.length != 3 || binds || !parts[2].isEmpty() || !(parts[1].isEmpty() || parts[1].startsWith("a="))) {
            throw new IllegalArgumentException(binds ? "channel binding is not served" : "a wrong header");
        }
        return parts[1].isEmpty()
                ? ""
                : parts[1].substring(2).replace("=2C", ",").replace("=3D", "=");
    }
}
