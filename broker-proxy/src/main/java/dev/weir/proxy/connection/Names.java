package dev.weir.proxy.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Strings for names that come again and again as bytes, so that a name in a request costs a hash and a comparison in
 * place of an allocation. One per event loop. Bounded: a name that finds its slot taken by another replaces it, and
 * names that are longer than Kafka allows for a topic are not kept.
 */
public final class Names {
    private static final int SLOTS = 1 << 12;
    private static final int KEPT_BYTES_MAX = 249;

    private final byte[] @Nullable [] keys = new byte[SLOTS][];
    private final @Nullable String[] names = new String[SLOTS];

    String of(byte[] utf8, int length) {
        if (length > KEPT_BYTES_MAX) {
            return new String(utf8, 0, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + utf8[i];
        }
        int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        byte[] key = keys[slot];
        String known = names[slot];
        if (key != null && known != null && Arrays.equals(key, 0, key.length, utf8, 0, length)) {
            return known;
        }
        String name = new String(utf8, 0, length, StandardCharsets.UTF_8);
        keys[slot] = Arrays.copyOf(utf8, length);
        names[slot] = name;
        return name;
    }
}
