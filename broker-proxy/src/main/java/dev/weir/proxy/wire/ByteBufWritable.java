package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.utils.ByteUtils;

/** Lets Kafka's generated classes write to Netty's bytes. What is written is copied; it retains nothing. */
final class ByteBufWritable implements Writable {

    private static final int VARLONG_BYTES_MAX = 10;

    private final ByteBuf out;

    ByteBufWritable(ByteBuf out) {
        this.out = out;
    }

    @Override
    public void writeByte(byte value) {
        out.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        out.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        out.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        out.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        out.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] bytes) {
        out.writeBytes(bytes);
    }

    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        out.writeBytes(bytes.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        Varints.write(out, value);
    }

    @Override
    public void writeVarint(int value) {
        Varints.write(out, (value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(VARLONG_BYTES_MAX);
        ByteUtils.writeVarlong(value, bytes);
        out.writeBytes(bytes.flip());
    }
}
