package dev.weir.canary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * XXH64, seeded. It is not the hash by which producers choose partitions: with that one, a slice could be all of some partitions and
 * nothing of others.
 *
 * <p>Source: the xxHash algorithm description, version 0.1.1.
 */
final class KeyHash {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private static final int STRIPE_BYTES = 32;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private KeyHash() {}

    /** The hash of {@code lengthBytes} bytes from {@code offset} on. Allocates nothing. */
    static long of(byte[] bytes, int offset, int lengthBytes, long seed) {
        int at = offset;
        int end = offset + lengthBytes;
        long hash;
        if (lengthBytes >= STRIPE_BYTES) {
            long first = seed + PRIME_1 + PRIME_2;
            long second = seed + PRIME_2;
            long third = seed;
            long fourth = seed - PRIME_1;
            for (; at <= end - STRIPE_BYTES; at += STRIPE_BYTES) {
                first = round(first, (long) LONG.get(bytes, at));
                second = round(second, (long) LONG.get(bytes, at + 8));
                third = round(third, (long) LONG.get(bytes, at + 16));
                fourth = round(fourth, (long) LONG.get(bytes, at + 24));
            }
            hash = Long.rotateLeft(first, 1)
                    + Long.rotateLeft(second, 7)
                    + Long.rotateLeft(third, 12)
                    + Long.rotateLeft(fourth, 18);
            hash = merge(merge(merge(merge(hash, first), second), third), fourth);
        } else {
            hash = seed + PRIME_5;
        }
        hash += lengthBytes;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(bytes, at)), 27) * PRIME_1 + PRIME_4;
        }
        if (at <= end - Integer.BYTES) {
            hash = Long.rotateLeft(hash ^ (Integer.toUnsignedLong((int) INT.get(bytes, at)) * PRIME_1), 23) * PRIME_2
                    + PRIME_3;
            at += Integer.BYTES;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ ((bytes[at] & 0xFF) * PRIME_5), 11) * PRIME_1;
        }
        return avalanche(hash);
    }

    /** The hash of the number's eight bytes, little-endian. */
    static long of(long number, long seed) {
        long hash = seed + PRIME_5 + Long.BYTES;
        return avalanche(Long.rotateLeft(hash ^ round(0, number), 27) * PRIME_1 + PRIME_4);
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * PRIME_2;
        mixed = (mixed ^ (mixed >>> 29)) * PRIME_3;
        return mixed ^ (mixed >>> 32);
    }
}
