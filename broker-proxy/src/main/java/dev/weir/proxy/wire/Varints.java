package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/** Unsigned varints of 32 bits, as KIP-482 writes them. */
final class Varints {

    private Varints() {}

    static void write(ByteBuf out, int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    static byte[] bytes(int value) {
        byte[] bytes = new byte[sizeBytes(value)];
        int rest = value;
        for (int i = 0; i < bytes.length - 1; i++) {
            bytes[i] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[bytes.length - 1] = (byte) rest;
        return bytes;
    }

    static int sizeBytes(int value) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
    }
}
