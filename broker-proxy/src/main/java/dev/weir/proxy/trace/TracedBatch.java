package dev.weir.proxy.trace;

import dev.weir.proxy.wire.RecordStreams;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.CompressionType;
import org.xerial.snappy.SnappyError;

/**
 * Finds trace contexts in the beginning of a record batch, format v2 (KIP-98). Keys and values are stepped over, never
 * kept; nothing is allocated by a size that the batch claims; what is broken or cut off ends the search.
 */
final class TracedBatch {
    private static final int MAGIC_AT = 16;
    private static final int ATTRIBUTES_AT = 21;
    private static final int RECORD_COUNT_AT = 57;
    private static final int HEADER_BYTES = 61;
    private static final int HEADER_NAME_BYTES_MAX = 256;
    private static final int HEADER_VALUE_BYTES_MAX = 256;
    /** What is looked at once decompressed; a batch may claim far more. */
    private static final int LOOKED_AT_BYTES_MAX = 1 << 20;

    private TracedBatch() {}

    /**
     * Reads contexts, in the order of records, at most {@code contextsMax}.
     *
     * @param batch the batch from its base offset on, perhaps not to its end
     */
    static List<TraceParent> contexts(ByteBuffer batch, int contextsMax) {
        List<TraceParent> found = new ArrayList<>();
        int start = batch.position();
        if (batch.remaining() <= HEADER_BYTES || batch.get(start + MAGIC_AT) != 2) {
            return found;
        }
        int records = batch.getInt(start + RECORD_COUNT_AT);
        CompressionType type = RecordStreams.compression(batch.getShort(start + ATTRIBUTES_AT));
        if (type == null) {
            return found;
        }
        ByteBuffer body = batch.duplicate().position(start + HEADER_BYTES);
        try (InputStream in = RecordStreams.open(type, body, LOOKED_AT_BYTES_MAX)) {
            Cursor cursor = new Cursor(in);
            for (int i = 0; i < records && found.size() < contextsMax; i++) {
                readRecord(cursor, found);
            }
        } catch (IOException | RuntimeException | SnappyError e) {
            // cut off, or not what it claims to be: what was found before stands
        }
        return found;
    }

    private static void readRecord(Cursor in, List<TraceParent> found) throws IOException {
        int lengthBytes = in.varint();
        long end = in.at() + lengthBytes;
        in.skip(1);
        in.varlong();
        in.varint();
        in.skip(Math.max(0, in.varint()));
        in.skip(Math.max(0, in.varint()));
        int headers = in.varint();
        for (int i = 0; i < headers; i++) {
            String name = in.text(in.varint());
            int valueBytes = in.varint();
            if (name.equals(TraceParent.HEADER) && valueBytes > 0 && valueBytes <= HEADER_VALUE_BYTES_MAX) {
                TraceParent parent = TraceParent.parse(in.bytes(valueBytes));
                if (parent != null) {
                    found.add(parent);
                }
            } else {
                in.skip(Math.max(0, valueBytes));
            }
        }
        in.skip(end - in.at());
    }

    /** Reads varints (zig-zag, as Protocol Buffers') and knows where it is. */
    private static final class Cursor {
        private final InputStream in;
        private long at;

        Cursor(InputStream in) {
            this.in = in;
        }

        long at() {
            return at;
        }

        int varint() throws IOException {
            return (int) varlong();
        }

        long varlong() throws IOException {
            long raw = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException();
                }
                at++;
                raw |= (long) (next & 0x7f) << shift;
                if (next < 0x80) {
                    return (raw >>> 1) ^ -(raw & 1);
                }
            }
            throw new IOException("a varint of more than ten bytes");
        }

        void skip(long bytes) throws IOException {
            if (bytes < 0 || at + bytes > LOOKED_AT_BYTES_MAX) {
                throw new EOFException();
            }
            in.skipNBytes(bytes);
            at += bytes;
        }

        String text(int lengthBytes) throws IOException {
            if (lengthBytes < 0 || lengthBytes > HEADER_NAME_BYTES_MAX) {
                skip(lengthBytes);
                return "";
            }
            return new String(bytes(lengthBytes), StandardCharsets.UTF_8);
        }

        byte[] bytes(int lengthBytes) throws IOException {
            byte[] read = in.readNBytes(lengthBytes);
            if (read.length < lengthBytes) {
                throw new EOFException();
            }
            at += lengthBytes;
            return read;
        }
    }
}
