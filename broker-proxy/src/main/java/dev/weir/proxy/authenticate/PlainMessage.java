package dev.weir.proxy.authenticate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The one message of SASL/PLAIN (RFC 4616): authorization id, user and password, with a NUL between. {@link #toString} never
 * shows the password.
 */
public record PlainMessage(String authorizationId, String user, String password) {
    /** Reads a message; empty when it is none. */
    public static Optional<PlainMessage> parse(byte[] message) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        String[] parts = text.split("\0", -1);
        return parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()
                ? Optional.empty()
                : Optional.of(new PlainMessage(parts[0], parts[1], parts[2]));
    }

    @Override
    public String toString() {
        return "PlainMessage[user=" + user + "]";
    }
}
