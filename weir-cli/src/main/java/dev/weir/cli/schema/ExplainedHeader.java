package dev.weir.cli.schema;

import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.HeaderLookup;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one header of a record that says its schema, as a user writes it: {@code [NAME=]VALUE}. */
final class ExplainedHeader implements HeaderLookup {
    private final String name;
    private final byte[] bytes;

    private ExplainedHeader(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /**
     * Reads it.
     *
     * @param text the name of the header is left out where it is the framing's first
     * @throws IllegalArgumentException saying what was expected
     */
    static ExplainedHeader parse(String text, Framing framing) {
        List<String> names = framing == Framing.APICURIO_HEADERS
                ? List.of(Framing.VALUE_GLOBAL_ID, Framing.VALUE_CONTENT_ID)
                : List.of(Framing.VALUE_HEADER);
        int sign = text.indexOf('=');
        String name = sign < 0 ? names.get(0) : text.substring(0, sign);
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    "expected header " + String.join(" or ", names) + " but was '" + name + "'");
        }
        String value = text.substring(sign + 1);
        try {
            return new ExplainedHeader(name, bytes(value, framing));
        } catch (IllegalArgumentException e) { // a NumberFormatException is one, too
            throw new IllegalArgumentException(
                    "expected a GUID, a number, or 0x and bytes in hex but was '" + value + "'", e);
        }
    }

    private static byte[] bytes(String value, Framing framing) {
        if (value.startsWith("0x")) {
            return HexFormat.of().parseHex(value.substring(2));
        } else if (framing == Framing.APICURIO_HEADERS) {
            return ByteBuffer.allocate(Long.BYTES)
                    .putLong(Long.parseLong(value))
                    .array();
        }
        UUID guid = UUID.fromString(value);
        return ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put((byte) 1)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array();
    }

    @Override
    public byte @Nullable [] last(String asked) {
        return asked.equals(name) ? bytes : null;
    }
}
