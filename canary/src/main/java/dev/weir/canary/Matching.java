package dev.weir.canary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives the canary the records that match, by their key or by the value of one header, and no others: any weight above 0 means all that
 * match. Immutable; any thread.
 */
public final class Matching implements Buckets {
    private static final int MATCHES = 0;
    private static final int MATCHES_NOT = Weight.ALL;

    private final @Nullable String header;
    private final byte @Nullable [] headerName;
    private final Set<String> values;
    /** Open addressing, at most half full. */
    private final byte[] @Nullable [] table;

    private Matching(@Nullable String header, Set<String> values) {
        this.header = header;
        this.headerName = header == null ? null : header.getBytes(StandardCharsets.UTF_8);
        this.values = Set.copyOf(values);
        this.table = new byte[Integer.highestOneBit(Math.max(1, values.size())) * 4][];
        for (String value : this.values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int at = slot(bytes, 0, bytes.length);
            while (table[at] != null) {
                at = (at + 1) & (table.length - 1);
            }
            table[at] = bytes;
        }
    }

    /** By key: one of these, in UTF-8. */
    public static Matching keys(Set<String> keys) {
        return new Matching(null, keys);
    }

    /** By the value of the last header of a name: one of these, in UTF-8. */
    public static Matching header(String name, Set<String> values) {
        return new Matching(name, values);
    }

    /** The header that is looked at; empty for the key. */
    public Optional<String> header() {
        return Optional.ofNullable(header);
    }

    /** What matches. */
    public Set<String> values() {
        return values;
    }

    @Override
    public int bucket(int partition, long offset, RecordFields record) {
        boolean matches;
        if (headerName == null) {
            matches = record.keyBytes() >= 0 && contains(record.bytes(), record.keyOffset(), record.keyBytes());
        } else {
            matches = record.findHeader(headerName)
                    && contains(record.bytes(), record.headerOffset(), record.headerBytes());
        }
        return matches ? MATCHES : MATCHES_NOT;
    }

    private boolean contains(byte[] bytes, int offset, int lengthBytes) {
        int at = slot(bytes, offset, lengthBytes);
        for (byte[] there = table[at]; there != null; there = table[at]) {
            if (Arrays.equals(there, 0, there.length, bytes, offset, offset + lengthBytes)) {
                return true;
            }
            at = (at + 1) & (table.length - 1);
        }
        return false;
    }

    private int slot(byte[] bytes, int offset, int lengthBytes) {
        return (int) KeyHash.of(bytes, offset, lengthBytes, 0) & (table.length - 1);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matching matching
                && header().equals(matching.header())
                && values.equals(matching.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return (header == null ? "key" : "header " + header) + " in " + new TreeSet<>(values);
    }
}
