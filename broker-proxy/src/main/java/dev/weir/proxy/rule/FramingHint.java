package dev.weir.proxy.rule;

import dev.weir.policy.decide.SchemaGuard.Source;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.framing.HeaderLookup;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is said more of a bad payload that is good behind the id that a serializer writes, where the rule says that there is none. To find out,
 * the payload is judged again, once for each framing: only for who asks. One thread.
 */
final class FramingHint {
    /** So much is judged in well under a millisecond, also on an event loop, and copied in no time. */
    private static final int KEPT_BYTES_MAX = 16 << 10;

    private final Map<Framing, PayloadValidator> framed;
    private final boolean key;
    private final byte[] bytes;
    private final int offset;
    private final int lengthBytes;

    private FramingHint(Map<Framing, PayloadValidator> framed, boolean key, byte[] bytes, int offset, int lengthBytes) {
        this.framed = framed;
        this.key = key;
        this.bytes = bytes;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
    }

    /**
     * Of a payload that is bad.
     *
     * @param bytes holds it from {@code offset} on, for as long as its batch is open
     * @return {@code null} where there is nothing to ask
     */
    static @Nullable FramingHint of(Source.Declared source, boolean key, byte[] bytes, int offset, int lengthBytes) {
        return source.framed().isEmpty() || lengthBytes == 0 || bytes[offset] != 0
                ? null
                : new FramingHint(source.framed(), key, bytes, offset, lengthBytes);
    }

    /** The words; empty when it is bad behind any. */
    String text() {
        for (Map.Entry<Framing, PayloadValidator> other : framed.entrySet()) {
            Framed read = other.getKey().read(key, bytes, offset, lengthBytes, HeaderLookup.NONE);
            if (read instanceof Framed.Payload payload && isGood(other.getValue(), payload.payloadOffset())) {
                return "; behind the " + payload.payloadOffset()
                        + " bytes of a schema id it is good: does the SchemaRule want framing: " + word(other.getKey())
                        + "?";
            }
        }
        return "";
    }

    private boolean isGood(PayloadValidator validator, int front) {
        return lengthBytes > front && validator.check(bytes, offset + front, lengthBytes - front) == null;
    }

    private static String word(Framing framing) {
        return framing == Framing.CONFLUENT_PREFIX
                ? "confluent"
                : framing.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words for when the batch is closed. What is too large to be copied is judged now. */
    Supplier<String> kept() {
        if (lengthBytes > KEPT_BYTES_MAX) {
            String now = text();
            return () -> now;
        }
        byte[] copy = Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
        return new FramingHint(framed, key, copy, 0, copy.length)::text;
    }
}
