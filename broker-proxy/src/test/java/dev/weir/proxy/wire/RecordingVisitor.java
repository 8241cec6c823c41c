package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** Keeps what a walk reports. */
final class RecordingVisitor implements FieldVisitor {

    /** One report. */
    record Event(Field field, String what) {}

    final List<Event> events = new ArrayList<>();
    private int bytesLength;
    private int bytesSeen;

    @Override
    public void number(Field field, long value) {
        add(field, Long.toString(value));
    }

    @Override
    public void string(Field field, byte[] utf8, int lengthBytes) {
        add(field, new String(utf8, 0, lengthBytes, StandardCharsets.UTF_8));
    }

    @Override
    public void nullString(Field field) {
        add(field, "null");
    }

    @Override
    public void uuid(Field field, long mostSignificantBits, long leastSignificantBits) {
        add(field, new Uuid(mostSignificantBits, leastSignificantBits).toString());
    }

    @Override
    public void bytesBegin(Field field, int lengthBytes) {
        bytesLength = lengthBytes;
        bytesSeen = 0;
        if (lengthBytes < 0) {
            add(field, "null");
        }
    }

    @Override
    public void bytesChunk(Field field, ByteBuf chunk, int index, int lengthBytes) {
        chunk.slice(index, lengthBytes);
        bytesSeen += lengthBytes;
    }

    @Override
    public void bytesEnd(Field field) {
        add(field, bytesSeen + " bytes" + (bytesSeen == bytesLength ? "" : " of " + bytesLength));
    }

    @Override
    public void array(Field field, int count) {
        add(field, "count " + count);
    }

    @Override
    public void structBegin(Field field) {
        add(field, "begin");
    }

    @Override
    public void structEnd(Field field) {
        add(field, "end");
    }

    @Override
    public void taggedFieldBegin(Field field) {
        add(field, "tag begin");
    }

    @Override
    public void taggedFieldSize(Field field, int sizeBytes) {
        add(field, "tag size");
    }

    @Override
    public void taggedFieldEnd(Field field) {
        add(field, "tag end");
    }

    private void add(Field field, String what) {
        events.add(new Event(field, what));
    }
}
