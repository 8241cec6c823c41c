package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A walk's place in its program, and the instructions for tagged fields (KIP-482): each must end where its size says,
 * so that the bytes are read here as the broker reads them. One object with {@link Walker}, which runs the others: an
 * instruction costs a few nanoseconds, and a call to another object would be felt.
 */
abstract sealed class TagWalker extends BodyReader permits Walker {

    static final Field[] FIELDS = Field.values();

    private static final Program NOTHING =
            new Program("nothing", new int[] {Op.END}, 0, List.of("nothing"), false, false, true, 0);
    private static final FieldVisitor IGNORE = new FieldVisitor() {};

    private Program program = NOTHING;
    int[] code = NOTHING.code;
    int[] slots = new int[8];
    int pc;
    FieldVisitor visitor = IGNORE;

    @Override
    final int trailingBytesMax() {
        return program.trailingBytesMax();
    }

    final void beginProgram(Program next) {
        program = next;
        code = next.code;
        if (slots.length < next.slots) {
            slots = new int[next.slots];
        }
        pc = 0;
    }

    /** Nobody is told any more. */
    final void forgetVisitor() {
        visitor = IGNORE;
    }

    final boolean tags(ByteBuf in, int at) {
        if (!readVarint(in)) {
            return false;
        }
        if (value == 0) {
            pc = code[at + 2];
            return true;
        }
        // A tagged field is two bytes at least: its tag and its size.
        if (value < 0 || 2 * value > left()) {
            throw malformed(value + " tagged fields, with " + left() + " bytes left");
        }
        slots[code[at + 1]] = (int) value;
        pc = firstTag(at);
        return true;
    }

    private int firstTag(int tags) {
        return tags + Op.TAGS_ENTRIES + code[tags + 3] * Op.TAGS_ENTRY_INTS;
    }

    final boolean tag(ByteBuf in, int at) {
        if (!readVarint(in)) {
            return false;
        }
        int tags = code[at + 1];
        int entry = entry(tags, value);
        slots[code[tags + 1] + 1] = entry;
        pc = at + Op.TAG_INTS;
        if (entry >= 0) {
            if (position() - fieldStart() > 1) {
                // The broker writes one byte; with more, a caller that must change the tag could come too late.
                throw malformed("tag " + value + " in " + (position() - fieldStart()) + " bytes, one is enough");
            }
            if (code[entry + 2] != Op.NO_FIELD) {
                visitor.taggedFieldBegin(FIELDS[code[entry + 2]]);
            }
        }
        return true;
    }

    /** The place of a known tag among the entries of its section, or -1. */
    private int entry(int tags, long tag) {
        int entry = tags + Op.TAGS_ENTRIES;
        for (int n = code[tags + 3]; n > 0; n--, entry += Op.TAGS_ENTRY_INTS) {
            if (code[entry] == tag) {
                if (code[entry + 1] == Op.TAG_NOT_IN_VERSION) {
                    throw malformed("tag " + tag + " is not valid in this version");
                }
                return entry;
            }
        }
        return -1;
    }

    final boolean tagSize(ByteBuf in, int at) {
        if (!readVarint(in)) {
            return false;
        }
        if (value < 0 || value > left()) {
            throw malformed("a tagged field of " + value + " bytes, with " + left() + " left");
        }
        int tags = code[at + 1];
        int slot = code[tags + 1];
        int entry = slots[slot + 1];
        if (entry < 0) {
            pc = at + Op.TAG_INTS;
            return stepOver((int) value);
        }
        slots[slot + 2] = position() + (int) value;
        pc = code[entry + 1];
        if (code[entry + 2] != Op.NO_FIELD) {
            visitor.taggedFieldSize(FIELDS[code[entry + 2]], (int) value);
        }
        return true;
    }

    final void tagEnd(int at) {
        int tags = code[at + 1];
        int due = slots[code[tags + 1] + 2];
        if (position() != due) {
            throw malformed("a tagged field ends at " + position() + ", its size says " + due);
        }
        if (code[at + 2] != Op.NO_FIELD) {
            visitor.taggedFieldEnd(FIELDS[code[at + 2]]);
        }
        nextTag(tags);
    }

    final void nextTag(int tags) {
        pc = --slots[code[tags + 1]] > 0 ? firstTag(tags) : code[tags + 2];
    }

    final Program program() {
        return program;
    }

    @Override
    final String place() {
        return program + ", " + program.path(pc);
    }
}
