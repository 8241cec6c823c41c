package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.EmptyArrays;

/**
 * Walks the body of one message after the other, in chunks split at any byte, and reports the fields that the program
 * is about. Nothing is allocated per field. It retains no buffer. One per connection and direction; not safe for more
 * than one thread.
 *
 * <p>Every length is checked against what is left of the body before anything is done with it, and every tagged field
 * must end where its size says, so that the bytes are read here as the broker reads them. What is wrong ends in
 * {@link MalformedFrameException}, and nothing else does.
 */
public final class Walker extends TagWalker {

    private static final int UUID_BYTES = 16;
    private static final int SCRATCH_BYTES_MIN = 64;
    /** A longer name is rare; its room is not kept on every connection that ever saw one. */
    private static final int SCRATCH_BYTES_KEPT = 1024;

    // What is underway, possibly over several chunks.
    private int runBytes;
    private long uuidHigh;
    private byte[] scratch = EmptyArrays.EMPTY_BYTES;
    private int scratchBytes;

    /** Begins a message. */
    public void reset(Program next, int lengthBytes) {
        if (lengthBytes < 0) {
            throw new MalformedFrameException(next + ": body of " + lengthBytes + " bytes");
        }
        beginProgram(next);
        beginBody(lengthBytes);
        runBytes = 0;
        scratchBytes = 0;
        if (scratch.length > SCRATCH_BYTES_KEPT) {
            scratch = EmptyArrays.EMPTY_BYTES;
        }
    }

    /**
     * Walks the next bytes of the body. To be called at least once, with no bytes when the body has none.
     *
     * @param index where they begin in the buffer, whose reader index is neither used nor moved
     * @param lengthBytes how many there are; those after the end of the body are left alone
     * @return how many of them belong to the body
     * @throws MalformedFrameException when they are not what the program expects; the walk is over then
     */
    public int feed(ByteBuf buffer, int index, int lengthBytes, FieldVisitor fields) {
        if (isOver() && !isDone()) {
            throw new MalformedFrameException(program() + ": more bytes of a body found malformed before");
        }
        int take = Math.min(lengthBytes, left());
        visitor = fields;
        begin(index, take);
        try {
            if (stepOver(skipBytes) && !isOver()) {
                run(buffer);
            }
        } finally {
            forgetVisitor();
        }
        checkOver();
        return take;
    }

    /** Walks a whole body at once: the readable bytes of the buffer, whose reader index does not move. */
    public void walk(Program next, ByteBuf body, FieldVisitor fields) {
        reset(next, body.readableBytes());
        feed(body, body.readerIndex(), body.readableBytes(), fields);
    }

    /** How much of the body has been walked. While a field is reported: where it ends. */
    @Override
    public int position() {
        return super.position();
    }

    /** While a field is reported: where in the body it begins, its length prefix included. */
    @Override
    public int fieldStart() {
        return super.fieldStart();
    }

    /** Runs until the body or the chunk ends. Each case leaves by itself: a common way out of all costs a fifth more. */
    private void run(ByteBuf in) {
        while (true) {
            int at = pc;
            switch (code[at]) {
                case Op.SKIP -> {
                    if (!skip(at)) {
                        return;
                    }
                }
                case Op.SKIP_SIZED -> {
                    if (!skipSized(in, at)) {
                        return;
                    }
                }
                case Op.INT8 -> {
                    if (!readFixed(in, 1)) {
                        return;
                    }
                    number(at, value);
                }
                case Op.INT16 -> {
                    if (!readFixed(in, 2)) {
                        return;
                    }
                    number(at, value);
                }
                case Op.UINT16 -> {
                    if (!readFixed(in, 2)) {
                        return;
                    }
                    number(at, value & 0xFFFFL);
                }
                case Op.INT32 -> {
                    if (!readFixed(in, 4)) {
                        return;
                    }
                    number(at, value);
                }
                case Op.UINT32 -> {
                    if (!readFixed(in, 4)) {
                        return;
                    }
                    number(at, value & 0xFFFF_FFFFL);
                }
                case Op.INT64 -> {
                    if (!readFixed(in, 8)) {
                        return;
                    }
                    number(at, value);
                }
                case Op.UUID_HIGH -> {
                    if (!readFixed(in, 8)) {
                        return;
                    }
                    uuidHigh(at);
                }
                case Op.UUID_LOW -> {
                    if (!readFixed(in, 8)) {
                        return;
                    }
                    uuid(at);
                }
                case Op.STRING_LENGTH -> {
                    if (!stringLength(in, at)) {
                        return;
                    }
                }
                case Op.STRING_BODY -> {
                    if (!stringBody(in, at)) {
                        return;
                    }
                }
                case Op.BYTES_LENGTH -> {
                    if (!bytesLength(in, at)) {
                        return;
                    }
                }
                case Op.BYTES_BODY -> {
                    if (!bytesBody(in, at)) {
                        return;
                    }
                }
                case Op.ARRAY -> {
                    if (!array(in, at)) {
                        return;
                    }
                }
                case Op.NEXT_ELEMENT -> nextElement(at);
                case Op.SKIP_ARRAY -> {
                    if (!skipArray(in, at)) {
                        return;
                    }
                }
                case Op.NULLABLE_STRUCT -> {
                    if (!readFixed(in, 1)) {
                        return;
                    }
                    nullableStruct(at);
                }
                case Op.STRUCT_BEGIN -> structBegin(at);
                case Op.STRUCT_END -> structEnd(at);
                case Op.TAGS -> {
                    if (!tags(in, at)) {
                        return;
                    }
                }
                case Op.TAG -> {
                    if (!tag(in, at)) {
                        return;
                    }
                }
                case Op.TAG_SIZE -> {
                    if (!tagSize(in, at)) {
                        return;
                    }
                }
                case Op.NEXT_TAG -> nextTag(code[at + 1]);
                case Op.TAG_END -> tagEnd(at);
                case Op.END -> {
                    finish();
                    return;
                }
                default -> throw new IllegalStateException(program() + ": no instruction " + code[at]);
            }
        }
    }

    private boolean skip(int at) {
        pc = at + 2;
        return stepOver(code[at + 1]);
    }

    private boolean skipSized(ByteBuf in, int at) {
        if (!readLength(in, code[at + 1])) {
            return false;
        }
        pc = at + 2;
        return value <= 0 || stepOver((int) value);
    }

    private void number(int at, long number) {
        pc = at + 2;
        visitor.number(FIELDS[code[at + 1]], number);
    }

    private void uuidHigh(int at) {
        pc = at + 2;
        uuidHigh = value;
    }

    private void uuid(int at) {
        pc = at + 2;
        startField(position() - UUID_BYTES);
        visitor.uuid(FIELDS[code[at + 1]], uuidHigh, value);
    }

    private void nextElement(int at) {
        pc = --slots[code[at + 1]] > 0 ? code[at + 2] : at + 3;
    }

    private void nullableStruct(int at) {
        pc = value < 0 ? code[at + 1] : at + 2;
    }

    private void structBegin(int at) {
        pc = at + 2;
        startField(position());
        visitor.structBegin(FIELDS[code[at + 1]]);
    }

    private void structEnd(int at) {
        pc = at + 2;
        visitor.structEnd(FIELDS[code[at + 1]]);
    }

    private boolean stringLength(ByteBuf in, int at) {
        if (!readLength(in, code[at + 1])) {
            return false;
        }
        if (value < 0) {
            pc = code[at + 3];
            visitor.nullString(FIELDS[code[at + 2]]);
            return true;
        }
        runBytes = (int) value;
        scratchBytes = 0;
        if (scratch.length < runBytes) {
            scratch = new byte[Math.max(SCRATCH_BYTES_MIN, runBytes)];
        }
        pc = at + 4;
        return true;
    }

    private boolean stringBody(ByteBuf in, int at) {
        int here = Math.min(runBytes - scratchBytes, end - cursor);
        in.getBytes(cursor, scratch, scratchBytes, here);
        cursor += here;
        scratchBytes += here;
        if (scratchBytes < runBytes) {
            return false;
        }
        pc = at + 2;
        visitor.string(FIELDS[code[at + 1]], scratch, runBytes);
        return true;
    }

    private boolean bytesLength(ByteBuf in, int at) {
        if (!readLength(in, code[at + 1])) {
            return false;
        }
        runBytes = (int) Math.max(value, 0);
        pc = value < 0 ? code[at + 3] : at + 4;
        visitor.bytesBegin(FIELDS[code[at + 2]], (int) Math.max(value, -1));
        return true;
    }

    private boolean bytesBody(ByteBuf in, int at) {
        int here = Math.min(runBytes, end - cursor);
        Field field = FIELDS[code[at + 1]];
        if (here > 0) {
            int index = cursor;
            cursor += here;
            runBytes -= here;
            visitor.bytesChunk(field, in, index, here);
        }
        if (runBytes > 0) {
            return false;
        }
        pc = at + 2;
        visitor.bytesEnd(field);
        return true;
    }

    private boolean array(ByteBuf in, int at) {
        if (!readLength(in, code[at + 1])) {
            return false;
        }
        long count = value;
        if (count * code[at + 2] > left()) {
            throw malformed("an array of " + count + " elements, with " + left() + " bytes left");
        }
        slots[code[at + 4]] = (int) count;
        pc = count > 0 ? at + 6 : code[at + 5];
        report(code[at + 3], count);
        return true;
    }

    private boolean skipArray(ByteBuf in, int at) {
        if (!readLength(in, code[at + 1])) {
            return false;
        }
        long count = value;
        long bytes = Math.max(count, 0) * code[at + 2];
        if (bytes > left()) {
            throw malformed("an array of " + count + " elements, with " + left() + " bytes left");
        }
        pc = at + 4;
        report(code[at + 3], count);
        return stepOver((int) bytes);
    }

    private void report(int field, long count) {
        if (field != Op.NO_FIELD) {
            visitor.array(FIELDS[field], (int) Math.max(count, -1));
        }
    }
}
