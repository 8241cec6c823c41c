package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * Steps over an element of an array about which nothing is reported, in one go: an answer about all topics has tens of
 * thousands of partitions, and an instruction at a time costs twice as much. Only an element that is wholly there,
 * with nothing null, no length of more than one byte and no tagged fields is plain; any other is left to {@link Walker},
 * which can pause in it, and says what is wrong with it.
 */
final class PlainElement {

    static final int NOT_PLAIN = -1;

    private PlainElement() {}

    /**
     * Where an element ends, or {@link #NOT_PLAIN}.
     *
     * @param code the program's
     * @param start where in it the element's code begins
     * @param from where in the buffer the element begins
     * @param limit where the part of the buffer that may be read ends
     */
    static int end(int[] code, int start, ByteBuf in, int from, int limit) {
        int at = start;
        int cursor = from;
        while (code[at] != Op.NEXT_ELEMENT) {
            int op = code[at];
            if (op == Op.SKIP) {
                cursor += code[at + 1];
                at += 2;
                continue;
            }
            if (cursor >= limit) {
                return NOT_PLAIN;
            }
            byte length = in.getByte(cursor++);
            if (op == Op.TAGS && length == 0) {
                at = code[at + 2];
            } else if (op == Op.SKIP_ARRAY && length > 0) {
                cursor += (length - 1) * code[at + 2];
                at += 4;
            } else if (op == Op.SKIP_SIZED && length > 0) {
                cursor += length - 1;
                at += 2;
            } else {
                return NOT_PLAIN;
            }
        }
        return cursor <= limit ? cursor : NOT_PLAIN;
    }
}
