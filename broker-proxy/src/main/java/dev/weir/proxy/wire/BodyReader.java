package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * Reads one body after the other, each of a length that is known before: what is read never goes beyond it, and is
 * checked against what is left of it before anything is done with it.
 */
abstract sealed class BodyReader extends ChunkReader permits TagWalker {

    private static final int STRING_BYTES_MAX = Short.MAX_VALUE;

    private int bodyLengthBytes;
    private boolean over = true;
    private boolean wellFormed = true;

    /** Begins a body. */
    final void beginBody(int lengthBytes) {
        bodyLengthBytes = lengthBytes;
        over = false;
        wellFormed = false;
        restart();
    }

    /** Whether no more is to be read of the body. */
    final boolean isOver() {
        return over;
    }

    /** Whether the whole body has been walked, and was well formed. */
    public final boolean isDone() {
        return wellFormed;
    }

    /** How much of the body is still to come. */
    final int left() {
        return bodyLengthBytes - position();
    }

    /** What is to be read is at its end: so must be the body, but for what is let through after it. */
    final void finish() {
        int more = left();
        if (more > trailingBytesMax()) {
            throw malformed(more + " bytes too many");
        }
        over = true;
        wellFormed = true;
        stepOver(more);
    }

    /** How many bytes may come after what is to be read. */
    abstract int trailingBytesMax();

    /** All bytes of the body have come: it must be over. */
    final void checkOver() {
        if (!over && left() == 0) {
            throw malformed("the body ends too early, after " + bodyLengthBytes + " bytes");
        }
    }

    /** Reads a length or count into {@link #value}: -1 or less for a null that is allowed, else no more than is left. */
    final boolean readLength(ByteBuf in, int kind) {
        if ((kind & Op.LengthKind.COMPACT) != 0) {
            if (!readVarint(in)) {
                return false;
            }
            value--;
        } else if (!readFixed(in, (kind & Op.LengthKind.INT32) != 0 ? 4 : 2)) {
            return false;
        }
        if (value < 0 || value > left() || value > STRING_BYTES_MAX) {
            checkLength(kind);
        }
        return true;
    }

    private void checkLength(int kind) {
        if (value < -1 && (kind & Op.LengthKind.COMPACT) != 0) {
            throw malformed("a length that does not fit 31 bits");
        }
        if (value < 0 && (kind & Op.LengthKind.NULLABLE) == 0) {
            throw malformed("null, where null is not allowed");
        }
        if (value > left()) {
            throw malformed("a length of " + value + ", with " + left() + " bytes left");
        }
        if (value > STRING_BYTES_MAX && (kind & Op.LengthKind.STRING) != 0) {
            throw malformed("a string of " + value + " bytes");
        }
    }

    /** What is being read, for people. */
    abstract String place();

    @Override
    final MalformedFrameException malformed(String reason) {
        over = true;
        return new MalformedFrameException(place() + ", at byte " + position() + ": " + reason);
    }
}
