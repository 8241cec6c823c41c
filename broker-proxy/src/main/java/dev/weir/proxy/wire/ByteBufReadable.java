package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Lets Kafka's generated classes read from Netty's bytes. Record batches and zero-copy bytes become views of the
 * buffer, which must stay unreleased as long as they are used; all else is copied. It moves the buffer's reader index,
 * and allocates no more than the buffer holds, whatever it is asked for.
 */
final class ByteBufReadable implements Readable {

    private final ByteBuf in;

    ByteBufReadable(ByteBuf in) {
        this.in = in;
    }

    @Override
    public byte readByte() {
        return in.readByte();
    }

    @Override
    public short readShort() {
        return in.readShort();
    }

    @Override
    public int readInt() {
        return in.readInt();
    }

    @Override
    public long readLong() {
        return in.readLong();
    }

    @Override
    public double readDouble() {
        return in.readDouble();
    }

    @Override
    public byte[] readArray(int length) {
        checkReadable(length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    @Override
    public ByteBuffer readByteBuffer(int length) {
        checkReadable(length);
        ByteBuffer view = in.nioBuffer(in.readerIndex(), length);
        in.skipBytes(length);
        return view;
    }

    @Override
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedFrameException("a varint of more than 5 bytes");
    }

    @Override
    public int readVarint() {
        int raw = readUnsignedVarint();
        return (raw >>> 1) ^ -(raw & 1);
    }

    @Override
    public long readVarlong() {
        // No message of the protocol has one; Kafka's own reader keeps its format in one place.
        ByteBuffer view = in.nioBuffer();
        long value = ByteUtils.readVarlong(view);
        in.skipBytes(view.position());
        return value;
    }

    @Override
    public int remaining() {
        return in.readableBytes();
    }

    @Override
    public Readable slice() {
        return new ByteBufReadable(in.slice());
    }

    private void checkReadable(int length) {
        if (length < 0 || length > in.readableBytes()) {
            throw new MalformedFrameException("a length of " + length + ", with " + in.readableBytes() + " bytes left");
        }
    }
}
