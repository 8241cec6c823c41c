package dev.weir.schema.framing;

import dev.weir.schema.bytes.ZigZag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's message indexes, where they stand in a header: how many, then each, as zig-zag varints; a single 0 stands for the first message
 * of the file.
 */
final class MessageIndexes {
    private static final int COUNT_MAX = 32;
    private static final int VARINT_BYTES_MAX = 5;

    private final byte[] bytes;
    private int at;

    private MessageIndexes(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /**
     * From a place to the end of a header.
     *
     * @return empty where nothing stands there; {@code null} when it is something else
     */
    static @Nullable List<Integer> read(byte[] bytes, int from) {
        if (from == bytes.length) {
            return List.of();
        }
        MessageIndexes in = new MessageIndexes(bytes, from);
        int count = in.next();
        if (count < 0 || count > COUNT_MAX) {
            return null;
        }
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = in.next();
            if (index < 0) {
                return null;
            }
            indexes.add(index);
        }
        if (count == 0) {
            indexes.add(0);
        }
        return in.at == bytes.length ? indexes : null;
    }

    /** The next number; -1 when it is none, or a negative one. */
    private int next() {
        int value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && at < bytes.length; i++) {
            byte next = bytes[at++];
            value |= (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return (int) Math.max(-1, ZigZag.decode(Integer.toUnsignedLong(value)));
            }
        }
        return -1;
    }
}
