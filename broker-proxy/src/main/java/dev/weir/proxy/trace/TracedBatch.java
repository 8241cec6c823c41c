package dev.weir.proxy.trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferInputStream;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyInputStream;

/**
 * Finds trace contexts in the beginning of a record batch, format v2 (KIP-98). Keys and values are stepped over, never
 * kept; nothing is allocated by a size that the batch claims; what is broken or cut off ends the search.
 */
final class TracedBatch {
    private static final int MAGIC_AT = 16;
    private static final int ATTRIBUTES_AT = 21;
    private static final int RECORD_COUNT_AT = 57;
    private static final int HEADER_BYTES = 61;
    private static final int COMPRESSION_MASK = 7;
    private static final int HEADER_NAME_BYTES_MAX = 256;
    private static final int HEADER_VALUE_BYTES_MAX = 256;
    /** What is looked at once decompressed; a batch may claim far more. */
    private static final long LOOKED_AT_BYTES_MAX = 1 << 20;

    private static final int CHUNK_BYTES_MAX = 1 << 20;

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
        CompressionType type = compression(batch.getShort(start + ATTRIBUTES_AT) & COMPRESSION_MASK);
        if (type == null) {
            return found;
        }
        ByteBuffer body = batch.duplicate().position(start + HEADER_BYTES);
        try (InputStream in = open(type, body)) {
            Cursor cursor = new Cursor(in);
            for (int i = 0; i < records && found.size() < contextsMax; i++) {
                readRecord(cursor, found);
            }
        } catch (IOException | KafkaException e) {
            // cut off, or not what it claims to be: what was found before stands
        }
        return found;
    }

    private static @Nullable CompressionType compression(int id) {
        return id < CompressionType.values().length ? CompressionType.forId(id) : null;
    }

    private static InputStream open(CompressionType type, ByteBuffer body) throws IOException {
        return switch (type) {
            case NONE -> new ByteBufferInputStream(body);
            // by Kafka's own stream it would allocate what the bytes claim, up to half a gigabyte
            case SNAPPY -> new SnappyInputStream(new ByteBufferInputStream(body), CHUNK_BYTES_MAX);
            default -> Compression.of(type).build().wrapForInput(body, (byte) 2, BufferSupplier.NO_CACHING);
        };
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
