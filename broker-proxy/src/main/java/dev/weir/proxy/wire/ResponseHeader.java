package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * The header of the response being read. One per connection, read again for each frame; allocates nothing. Not safe for
 * more than one thread.
 */
public final class ResponseHeader extends FrameHeader {

    private static final int FIXED_BYTES = 4;

    private int correlationId;

    /**
     * Reads the header of a frame. Requests are answered in order, so the version is known from the oldest request that
     * waits.
     *
     * @param index where the correlation id stands, right after the frame's size
     * @param availableBytes how much of the frame is there, from the index on
     * @param frameBytes the size of the frame, without the four bytes that hold it
     * @param headerVersion see {@link MessageCodec#responseHeaderVersion}
     * @return the header's length, or {@link #NEED_MORE}
     * @throws MalformedFrameException when it is not a response header
     */
    public int read(ByteBuf in, int index, int availableBytes, int frameBytes, short headerVersion) {
        if (frameBytes < FIXED_BYTES) {
            throw new MalformedFrameException("response of " + frameBytes + " bytes: too short for a header");
        }
        int available = Math.min(availableBytes, frameBytes);
        if (available < FIXED_BYTES) {
            return NEED_MORE;
        }
        correlationId = in.getInt(index);
        begin(index + FIXED_BYTES, index + available, index + frameBytes);
        boolean complete = headerVersion < 1 || skipTags(in);
        return complete ? cursor - index : needMore(available, frameBytes);
    }

    public int correlationId() {
        return correlationId;
    }

    @Override
    String what() {
        return "response header";
    }

    @Override
    public String toString() {
        return "response, correlation id " + correlationId;
    }
}
