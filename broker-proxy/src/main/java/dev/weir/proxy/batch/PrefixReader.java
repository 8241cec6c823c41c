package dev.weir.proxy.batch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads how keys and values begin out of a records field of a produce request that comes in chunks split at any byte, and steps
 * over all else. It follows one uncompressed batch of format 2 (KIP-98), as {@link RecordView} reads it; nothing else is
 * {@link #followed}, and somebody has to look at it closely. Checksums and headers are left to the broker,
 * since the bytes go on as they came. Nothing is allocated but room for the head of one record, when a chunk splits one. It retains no buffer, and never
 * throws. One per connection; not safe for more than one thread.
 */
public final class PrefixReader {
    private static final int LENGTH_END = 12;
    private static final int MAGIC_AT = 16;
    private static final int COMPRESSION = 0x07;
    /** Of what is read at once: a batch's header, or all of a record in front of its key, or of its value, and a prefix. */
    private static final int HEAD_BYTES_MAX = 64;

    private static final int VARINT_BYTES_MAX = 5;
    private static final int VARLONG_BYTES_MAX = 10;
    private static final int MALFORMED = Integer.MIN_VALUE;

    /** Of eight bytes, the bits that say that a varint goes on after each. */
    private static final long GOES_ON = 0x8080808080808080L;
    /** With how many bytes at least a record may be usual, and with how many from its value on. */
    private static final int USUAL_BYTES = 2 * Long.BYTES;

    private static final int USUAL_VARINT_BITS = 4 * Byte.SIZE;

    private Part part = Part.BATCH;
    private int keyIdBytes;
    private int valueIdBytes;
    private boolean followed;
    private int count;
    private int records;

    /** Of the field, without what was taken of it. */
    private int leftBytes;
    /** Of these, what nobody wants to see. */
    private int skipBytes;
    /** Of the record, without what was taken of it. */
    private int recordBytes;

    /** A head that a chunk has split. */
    private @Nullable ByteBuf split;

    /** Where the next byte of a head is, while one is read. */
    private int next;

    /** Eight bytes of the head, the first one lowest, from {@link #windowAt} on: a buffer checks each time it is asked. */
    private long window;

    private int windowAt;

    private enum Part {
        BATCH,
        RECORD,
        VALUE
    }

    /** Looks at prefixes; each method says whether all is well with what it is told, and the first no ends it. */
    public interface Visitor {
        /** The first byte is zero, and this comes after it. */
        boolean id(boolean key, long id);

        /** It does not begin with zero, or is empty. */
        boolean noId(boolean key);

        /** A record has no value. */
        boolean tombstone();
    }

    /**
     * Begins a field.
     *
     * @param lengthBytes all of it; negative for null
     * @param keyIdBytes how long an id in front of a key is: 4 or 8; 0 when keys are of no interest
     * @param valueIdBytes the same of values
     */
    public void begin(int lengthBytes, int keyIdBytes, int valueIdBytes) {
        this.keyIdBytes = keyIdBytes;
        this.valueIdBytes = valueIdBytes;
        leftBytes = Math.max(0, lengthBytes);
        part = Part.BATCH;
        followed = true;
        skipBytes = 0;
        count = 0;
        records = 0;
        if (split != null) {
            split.clear();
        }
    }

    /** Whether all of the field was read, and the visitor found it well. Of an empty one there is nothing to say. */
    public boolean followed() {
        return followed && leftBytes == 0 && part != Part.VALUE && records == count;
    }

    /** How many records there are, by the header of the batch. */
    public int count() {
        return count;
    }

    /** Reads the next bytes of the field, at an absolute index. */
    public void read(ByteBuf in, int index, int lengthBytes, Visitor visitor) {
        int at = index;
        int end = index + lengthBytes;
        while (followed && at < end) {
            if (skipBytes > 0) {
                int skipped = Math.min(skipBytes, end - at);
                take(skipped);
                skipBytes -= skipped;
                at += skipped;
                continue;
            }
            boolean whole = split == null || !split.isReadable();
            int taken = whole && part == Part.RECORD ? usual(in, at, end, visitor) : 0;
            if (taken == 0 && whole && end - at >= wantedBytes()) {
                taken = head(in, at, wantedBytes(), visitor);
            } else if (taken == 0) {
                at += collect(in, at, end, visitor);
                continue;
            }
            take(taken);
            at += taken;
        }
    }

    /**
     * Reads records for as long as they are usual: all in this chunk up to the value, and no number above 27 bits. Where a record's next
     * field begins then follows from where varints end in eight bytes, and where the next record does from its length alone, so a
     * processor reads several at a time. What is malformed is not usual, and is found out field by field. Gives how many bytes of the
     * chunk were taken.
     */
    private int usual(ByteBuf in, int from, int end, Visitor visitor) {
        int at = from;
        int last = end - USUAL_BYTES;
        int seen = records;
        while (at <= last && seen < count && followed) {
            long head = in.getLongLE(at);
            long lengthEnd = ~head & GOES_ON;
            long attributesEnd = lengthEnd & (lengthEnd - 1);
            long timestampEnd = attributesEnd & (attributesEnd - 1);
            long offsetEnd = timestampEnd & (timestampEnd - 1);
            int lengthBits = bitsTo(lengthEnd);
            int bodyAt = at + lengthBits / Byte.SIZE;
            int keyAt = at + bitsTo(offsetEnd) / Byte.SIZE;
            if (offsetEnd == 0
                    || lengthBits > USUAL_VARINT_BITS
                    || bitsTo(attributesEnd) - lengthBits != Byte.SIZE
                    || bitsTo(offsetEnd) - bitsTo(timestampEnd) > USUAL_VARINT_BITS) {
                break;
            }
            int recordEnd = bodyAt + number(head, lengthBits);
            long key = in.getLongLE(keyAt);
            int keyBits = bitsTo(~key & GOES_ON);
            keyAt += keyBits / Byte.SIZE;
            int keyBytes = number(key, keyBits);
            int valueAt = keyAt + Math.max(0, keyBytes);
            if (keyBits > USUAL_VARINT_BITS
                    || keyBytes < -1
                    || valueAt > Math.min(last, recordEnd)
                    || recordEnd - bodyAt < RecordView.BYTES_MIN - 1
                    || recordEnd - from > leftBytes) {
                break;
            }
            long value = in.getLongLE(valueAt);
            int valueBits = bitsTo(~value & GOES_ON);
            valueAt += valueBits / Byte.SIZE;
            int valueBytes = number(value, valueBits);
            if (valueBits > USUAL_VARINT_BITS || valueBytes < -1 || Math.max(0, valueBytes) >= recordEnd - valueAt) {
                break;
            }
            followed = (keyIdBytes == 0 || keyBytes < 0 || prefix(true, in, keyAt, keyBytes, keyIdBytes, visitor))
                    && (valueBytes < 0
                            ? visitor.tombstone()
                            : valueIdBytes == 0 || prefix(false, in, valueAt, valueBytes, valueIdBytes, visitor));
            seen++;
            at = recordEnd;
        }
        records = seen;
        int taken = Math.min(at, end) - from;
        skipBytes = at - from - taken;
        return taken;
    }

    /** How many bits there are up to the lowest that is set, with it: whole bytes, for the end of a varint. */
    private static int bitsTo(long end) {
        return Long.numberOfTrailingZeros(end) + 1;
    }

    /** The varint of so many bits, 8 to 32, that is lowest. */
    private static int number(long bytes, int bits) {
        int raw = (int) (bytes & (-1L >>> (Long.SIZE - bits)));
        raw = (raw & 0x7F) | ((raw >>> 1) & (0x7F << 7)) | ((raw >>> 2) & (0x7F << 14)) | ((raw >>> 3) & (0x7F << 21));
        return (raw >>> 1) ^ -(raw & 1);
    }

    private int wantedBytes() {
        return Math.min(HEAD_BYTES_MAX, leftBytes);
    }

    private void take(int bytes) {
        leftBytes -= bytes;
    }

    /** Puts bytes to a head that is not in this chunk as a whole, and reads what is whole then. Gives how many it has put. */
    private int collect(ByteBuf in, int at, int end, Visitor visitor) {
        ByteBuf head = split;
        if (head == null) {
            head = Unpooled.buffer(HEAD_BYTES_MAX, HEAD_BYTES_MAX);
            split = head;
        }
        int put = Math.min(wantedBytes() - head.readableBytes(), end - at);
        head.writeBytes(in, at, put);
        while (followed && head.isReadable() && head.readableBytes() >= wantedBytes()) {
            int taken = head(head, head.readerIndex(), wantedBytes(), visitor);
            int skipped = Math.min(skipBytes, head.readableBytes() - taken);
            skipBytes -= skipped;
            head.skipBytes(taken + skipped);
            take(taken + skipped);
        }
        head.discardReadBytes();
        return put;
    }

    /** Reads what comes next, of so many bytes at least, or all that is left. Gives how many of them it has taken. */
    private int head(ByteBuf in, int at, int bytes, Visitor visitor) {
        next = at;
        windowAt = at - Long.BYTES;
        int end = at + bytes;
        boolean well = switch (part) {
            case BATCH -> batch(in, at, bytes);
            case RECORD -> record(in, end, visitor);
            case VALUE -> value(in, end, visitor);
        };
        followed = well;
        return next - at;
    }

    private boolean batch(ByteBuf in, int at, int bytes) {
        if (bytes < BatchBody.HEADER_BYTES
                || in.getByte(at + MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2
                || LENGTH_END + (long) in.getInt(at + BatchBody.LENGTH_AT) != leftBytes
                || (in.getShort(at + BatchBody.ATTRIBUTES_AT) & COMPRESSION) != 0) {
            return false;
        }
        count = in.getInt(at + BatchBody.COUNT_AT);
        next = at + BatchBody.HEADER_BYTES;
        part = Part.RECORD;
        return count >= 0;
    }

    private boolean record(ByteBuf in, int end, Visitor visitor) {
        int from = next;
        int lengthBytes = varint(in, end);
        recordBytes = lengthBytes;
        if (lengthBytes < RecordView.BYTES_MIN - 1 || lengthBytes > leftBytes - (next - from) || ++records > count) {
            return false;
        }
        int bodyAt = next;
        next++; // attributes
        if (!skipVarlong(in, end) || varint(in, end) == MALFORMED) {
            return false;
        }
        int keyBytes = varint(in, end);
        recordBytes = lengthBytes - (next - bodyAt);
        if (keyBytes < -1 || keyBytes > recordBytes) {
            return false;
        }
        if (keyIdBytes > 0 && keyBytes >= 0 && !prefix(true, in, next, keyBytes, keyIdBytes, visitor)) {
            return false;
        }
        int skipped = Math.max(0, keyBytes);
        recordBytes -= skipped;
        if (end - next - skipped < VARINT_BYTES_MAX + 1 + Long.BYTES && leftBytes > end - from) {
            skipBytes = skipped;
            part = Part.VALUE;
            return true;
        }
        next += skipped;
        return value(in, end, visitor);
    }

    private boolean value(ByteBuf in, int end, Visitor visitor) {
        int from = next;
        int valueBytes = varint(in, end);
        recordBytes -= next - from;
        // what follows the value takes a byte at least: how many headers there are
        if (valueBytes < -1 || Math.max(0, valueBytes) >= recordBytes) {
            return false;
        }
        part = Part.RECORD;
        skipBytes = recordBytes;
        if (valueBytes < 0) {
            return visitor.tombstone();
        }
        return valueIdBytes == 0 || prefix(false, in, next, valueBytes, valueIdBytes, visitor);
    }

    private static boolean prefix(boolean key, ByteBuf in, int at, int lengthBytes, int idBytes, Visitor visitor) {
        if (idBytes == Integer.BYTES && lengthBytes >= Long.BYTES) { // both in one look
            long first = in.getLong(at);
            int id = (int) (first >>> (Long.SIZE - Byte.SIZE - Integer.SIZE));
            return first >>> (Long.SIZE - Byte.SIZE) == 0 ? visitor.id(key, id) : visitor.noId(key);
        }
        if (lengthBytes == 0 || in.getByte(at) != 0) {
            return visitor.noId(key);
        }
        return lengthBytes > idBytes
                && visitor.id(key, idBytes == Integer.BYTES ? in.getInt(at + 1) : in.getLong(at + 1));
    }

    /** {@link #MALFORMED} for one that has no end here, or has more than 32 bits; nothing that is read may be that small. */
    private int varint(ByteBuf in, int end) {
        int raw = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && next < end; i++) {
            byte piece = octet(in, end);
            raw |= (piece & 0x7F) << (7 * i);
            if (piece >= 0) {
                return i == VARINT_BYTES_MAX - 1 && piece > 0x0F ? MALFORMED : (raw >>> 1) ^ -(raw & 1);
            }
        }
        return MALFORMED;
    }

    private boolean skipVarlong(ByteBuf in, int end) {
        for (int i = 0; i < VARLONG_BYTES_MAX && next < end; i++) {
            byte piece = octet(in, end);
            if (piece >= 0) {
                return i < VARLONG_BYTES_MAX - 1 || piece <= 1;
            }
        }
        return false;
    }

    /** The next byte, which is before the end. */
    private byte octet(ByteBuf in, int end) {
        int at = next++;
        int inWindow = at - windowAt;
        if (inWindow >= Long.BYTES) {
            if (end - at < Long.BYTES) {
                return in.getByte(at);
            }
            window = in.getLongLE(at);
            windowAt = at;
            inWindow = 0;
        }
        return (byte) (window >>> (inWindow * Byte.SIZE));
    }
}
