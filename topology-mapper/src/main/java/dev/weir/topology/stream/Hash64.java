package dev.weir.topology.stream;

import dev.weir.mesh.report.v1.Client;
import java.nio.ByteBuffer;

/** FNV-1a over characters with an end for each part, mixed at the end: short keys for long names. Not for secrets. */
public final class Hash64 {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long state = BASIS;

    public Hash64 add(String part) {
        long hash = state;
        for (int i = 0; i < part.length(); i++) {
            hash = (hash ^ part.charAt(i)) * PRIME;
        }
        // no character: parts cannot run into each other
        state = (hash ^ 0x1_0000L) * PRIME;
        return this;
    }

    public Hash64 add(long part) {
        state = (state ^ part ^ part >>> 32) * PRIME;
        state = (state ^ part >>> 16) * PRIME;
        return this;
    }

    public Hash64 add(Client client) {
        return add(client.getListener())
                .add(client.getPrincipal())
                .add(client.getService())
                .add(client.getVersion())
                .add(client.getClientId())
                .add(client.getSoftwareName())
                .add(client.getSoftwareVersion())
                .add(client.getMechanism())
                .add(client.getTls() ? 1 : 0)
                .add(client.getSource());
    }

    /** Spread over all bits. */
    public long value() {
        long hash = state;
        hash = (hash ^ hash >>> 32) * 0xd6e8feb86659fd93L;
        hash = (hash ^ hash >>> 32) * 0xd6e8feb86659fd93L;
        return hash ^ hash >>> 32;
    }

    /** A key of the state topic. */
    public static byte[] key(RecordKind kind, long hash) {
        return ByteBuffer.allocate(9).put(kind.code()).putLong(hash).array();
    }

    /** A key of the state topic for one time of many. */
    public static byte[] key(RecordKind kind, long hash, long millis) {
        return ByteBuffer.allocate(17)
                .put(kind.code())
                .putLong(hash)
                .putLong(millis)
                .array();
    }

    /** The hash in a key that one of the two above made. */
    public static long ofKey(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }
}
