package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.report.Tap;
import dev.weir.proxy.wire.Field;
import dev.weir.proxy.wire.FieldVisitor;
import dev.weir.proxy.wire.Interest;
import dev.weir.proxy.wire.MalformedFrameException;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.TaggedFieldBlanker;
import dev.weir.proxy.wire.Walker;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Walks through one response after the other as their bytes come: tells the watch what comes by, and the tap of reports,
 * and, where the bytes go on at once, blanks the addresses of brokers (KIP-951). The length of a streaming response is
 * on its way already, so an address cannot be replaced by one of another length; clients then learn the new leader by a
 * Metadata request. One per connection.
 */
final class WalkedResponse implements FieldVisitor {
    static final Interest INTEREST =
            Interest.in(Field.SESSION_ID, Field.TOPIC_NAME, Field.TOPIC_ID, Field.BROKER_ADDRESSES);

    /** As {@link #INTEREST}, for responses that are reported. */
    static final Interest REPORTED_INTEREST = Interest.in(
            Field.SESSION_ID,
            Field.TOPIC_NAME,
            Field.TOPIC_ID,
            Field.BROKER_ADDRESSES,
            Field.PARTITION_INDEX,
            Field.ERROR_CODE,
            Field.ACKNOWLEDGE_ERROR_CODE,
            Field.BASE_OFFSET,
            Field.HIGH_WATERMARK,
            Field.LAST_STABLE_OFFSET,
            Field.LOG_START_OFFSET,
            Field.RECORDS,
            Field.PRODUCER_ID,
            Field.ABORTED_FIRST_OFFSET,
            Field.ACQUIRED_FIRST_OFFSET,
            Field.ACQUIRED_LAST_OFFSET);

    private final Names names;
    private final Walker walker = new Walker();
    private final TaggedFieldBlanker blanker = new TaggedFieldBlanker(walker);
    private @Nullable ResponseWatch watch;
    private @Nullable Tap tap;
    private boolean blanking;
    private boolean mustBeRead;
    private int headBytesLeft;
    private boolean passes;

    WalkedResponse(Names names) {
        this.names = names;
    }

    /**
     * Begins a response.
     *
     * @param watcher who may end it, or {@code null}
     * @param reports who is told of it, or {@code null}
     * @param blank whether addresses are blanked here, since the bytes go on at once
     * @param headBytes how many bytes come before the body
     */
    void begin(
            Program program,
            @Nullable ResponseWatch watcher,
            @Nullable Tap reports,
            boolean blank,
            int headBytes,
            int bodyBytes) {
        watch = watcher;
        tap = reports;
        blanking = blank;
        mustBeRead = watcher != null || blank;
        headBytesLeft = headBytes;
        passes = true;
        walker.reset(program, bodyBytes);
        blanker.reset();
    }

    /**
     * Takes the next bytes of the response, from the buffer's reader index on.
     *
     * @return {@code false} when the watch does not let the response go on
     * @throws MalformedFrameException when it cannot be read, and must be
     */
    boolean feed(ByteBuf in, int bytes) {
        int skipped = Math.min(headBytesLeft, bytes);
        headBytesLeft -= skipped;
        if (bytes > skipped && (mustBeRead || tap != null)) {
            int index = in.readerIndex() + skipped;
            try {
                blanker.beginChunk(in, index);
                walker.feed(in, index, bytes - skipped, this);
                blanker.endChunk();
            } catch (MalformedFrameException e) {
                end();
                if (mustBeRead) {
                    throw e;
                }
            }
        }
        return passes;
    }

    /** No more of the response comes. */
    void end() {
        if (tap != null) {
            tap.end();
            tap = null;
        }
        watch = null;
    }

    @Override
    public void number(Field field, long value) {
        if (field == Field.SESSION_ID) {
            if (watch != null) {
                watch.session((int) value);
            }
        } else if (tap != null) {
            tap.number(field, value);
        }
    }

    @Override
    public void string(Field field, byte[] utf8, int lengthBytes) {
        if (field == Field.TOPIC_NAME && passes) {
            String name = names.of(utf8, lengthBytes);
            passes = watch == null || watch.mayPass(name);
            if (tap != null && passes) {
                tap.topic(name);
            }
        }
    }

    @Override
    public void uuid(Field field, long mostSignificantBits, long leastSignificantBits) {
        if (field == Field.TOPIC_ID && passes) {
            Uuid id = new Uuid(mostSignificantBits, leastSignificantBits);
            passes = watch == null || watch.mayPass(id);
            if (tap != null && passes) {
                tap.topic(id);
            }
        }
    }

    @Override
    public void bytesBegin(Field field, int lengthBytes) {
        if (tap != null) {
            tap.recordsBegin(lengthBytes);
        }
    }

    @Override
    public void bytesChunk(Field field, ByteBuf chunk, int index, int lengthBytes) {
        if (tap != null && passes) {
            tap.recordsChunk(chunk, index, lengthBytes);
        }
    }

    @Override
    public void taggedFieldBegin(Field field) {
        if (blanking) {
            blanker.taggedFieldBegin();
        }
    }

    @Override
    public void taggedFieldSize(Field field, int sizeBytes) {
        if (blanking) {
            blanker.taggedFieldSize(sizeBytes);
        }
    }

    @Override
    public void taggedFieldEnd(Field field) {
        if (blanking) {
            blanker.taggedFieldEnd();
        }
    }
}
