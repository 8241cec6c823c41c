package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.wire.Field;
import dev.weir.proxy.wire.FieldVisitor;
import dev.weir.proxy.wire.Interest;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.TaggedFieldBlanker;
import dev.weir.proxy.wire.Walker;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.Uuid;

/**
 * Walks through a response as its bytes come: tells the watch what comes by and, where the bytes go on at once, blanks
 * the addresses of brokers (KIP-951). The length of a streaming response is on its way already, so an address cannot
 * be replaced by one of another length; clients then learn the new leader by a Metadata request.
 */
final class WatchedStream implements FieldVisitor {
    static final Interest INTEREST =
            Interest.in(Field.SESSION_ID, Field.TOPIC_NAME, Field.TOPIC_ID, Field.BROKER_ADDRESSES);

    private final Names names;
    private final ResponseWatch watch;
    private final Walker walker = new Walker();
    private final TaggedFieldBlanker blanker = new TaggedFieldBlanker(walker);
    private final boolean blanking;
    private int headBytesLeft;
    private boolean passes = true;

    /**
     * Begins a response.
     *
     * @param blanking whether addresses are blanked here, since the bytes go on at once
     * @param headBytes how many bytes come before the body
     */
    WatchedStream(Names names, Program program, ResponseWatch watch, boolean blanking, int headBytes, int bodyBytes) {
        this.names = names;
        this.watch = watch;
        this.blanking = blanking;
        this.headBytesLeft = headBytes;
        walker.reset(program, bodyBytes);
        blanker.reset();
    }

    /**
     * Takes the next bytes of the response, from the buffer's reader index on.
     *
     * @return {@code false} when the watch does not let the response go on
     */
    boolean feed(ByteBuf in, int bytes) {
        int skipped = Math.min(headBytesLeft, bytes);
        headBytesLeft -= skipped;
        if (bytes > skipped) {
            int index = in.readerIndex() + skipped;
            blanker.beginChunk(in, index);
            walker.feed(in, index, bytes - skipped, this);
            blanker.endChunk();
        }
        return passes;
    }

    @Override
    public void number(Field field, long value) {
        if (field == Field.SESSION_ID) {
            watch.session((int) value);
        }
    }

    @Override
    public void string(Field field, byte[] utf8, int lengthBytes) {
        if (field == Field.TOPIC_NAME && passes) {
            passes = watch.mayPass(names.of(utf8, lengthBytes));
        }
    }

    @Override
    public void uuid(Field field, long mostSignificantBits, long leastSignificantBits) {
        if (field == Field.TOPIC_ID && passes) {
            passes = watch.mayPass(new Uuid(mostSignificantBits, leastSignificantBits));
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
