package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Blanks tagged fields in the chunks of a body that is passed on while it is read, where nothing may change its length:
 * the number of the tag becomes one that no release of Kafka knows, and every byte of its contents becomes zero. Readers
 * step over tags that they do not know (KIP-482). So the {@code NodeEndpoints} of KIP-951 are taken out of a streamed
 * Fetch response.
 *
 * <p>For each chunk: {@link #beginChunk}, {@link Walker#feed} with a visitor that hands on the three
 * {@code taggedField} events, {@link #endChunk}, and only then may the chunk go on. It retains no buffer. One per
 * connection, not safe for more than one thread.
 */
public final class TaggedFieldBlanker {

    /** Fits one byte, as the tag it replaces. Kafka counts tags from 0 and has come to 3. */
    static final int UNKNOWN_TAG = 126;

    private final Walker walker;
    private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
    private int chunkPosition;
    private int toIndex;
    private int contentsStart;
    private int contentsEnd;

    /**
     * Follows a walker.
     *
     * @param walker the one whose walk is followed, for the positions
     */
    public TaggedFieldBlanker(Walker walker) {
        this.walker = walker;
    }

    /** Begins a body. */
    public void reset() {
        chunk = Unpooled.EMPTY_BUFFER;
        contentsStart = 0;
        contentsEnd = 0;
    }

    /**
     * Begins a chunk.
     *
     * @param index where in it the bytes begin that are fed next
     */
    public void beginChunk(ByteBuf writableChunk, int index) {
        chunk = writableChunk;
        chunkPosition = walker.position();
        toIndex = index - chunkPosition;
    }

    public void taggedFieldBegin() {
        chunk.setByte(walker.position() - 1 + toIndex, UNKNOWN_TAG);
    }

    public void taggedFieldSize(int sizeBytes) {
        contentsStart = walker.position();
        contentsEnd = contentsStart + sizeBytes;
    }

    public void taggedFieldEnd() {
        blankTo(contentsEnd);
        contentsStart = 0;
        contentsEnd = 0;
    }

    public void endChunk() {
        blankTo(Math.min(contentsEnd, walker.position()));
        chunk = Unpooled.EMPTY_BUFFER;
    }

    private void blankTo(int position) {
        int from = Math.max(contentsStart, chunkPosition);
        if (position > from) {
            chunk.setZero(from + toIndex, position - from);
        }
    }
}
