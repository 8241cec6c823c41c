package dev.weir.proxy.wire;

/**
 * The instructions of a {@link Program}: an int each, its operands right behind it. Every instruction reads at most one
 * thing that has a known size or says its own end, so that a walk can pause between any two bytes. A
 * <em>slot</em> is a counter that belongs to one nesting depth; a field operand is a {@link Field}'s, or
 * {@link #NO_FIELD}.
 */
final class Op {

    static final int NO_FIELD = -1;

    /** The body ends here. */
    static final int END = 0;
    /** {@code bytes}: step over fields that nobody asked for. */
    static final int SKIP = 1;
    /** {@code field}: report a number. */
    static final int INT8 = 2;

    static final int INT16 = 3;
    static final int UINT16 = 4;
    static final int INT32 = 5;
    static final int UINT32 = 6;
    static final int INT64 = 7;
    /** {@code field}: report a uuid, in two halves. */
    static final int UUID_HIGH = 8;

    static final int UUID_LOW = 9;
    /** {@code lengthKind, field, exit}: the length of a string; when it is null, go to exit. */
    static final int STRING_LENGTH = 10;
    /** {@code field}: as many bytes as the length said, reported as a string. */
    static final int STRING_BODY = 11;
    /** {@code lengthKind, field, exit}: the length of bytes or records; when it is null, go to exit. */
    static final int BYTES_LENGTH = 12;
    /** {@code field}: as many bytes as the length said, reported in chunks. */
    static final int BYTES_BODY = 13;
    /** {@code lengthKind}: step over a string, bytes or records. */
    static final int SKIP_SIZED = 14;
    /** {@code lengthKind, elementBytesMin, field, slot, exit}: the count of an array; null or empty goes to exit. */
    static final int ARRAY = 15;
    /** {@code slot, start}: one element less; the next begins at start. */
    static final int NEXT_ELEMENT = 16;
    /** {@code lengthKind, elementBytes, field}: step over an array of elements of one size. */
    static final int SKIP_ARRAY = 17;
    /** {@code exit}: a byte that says whether a struct follows; when not, go to exit. */
    static final int NULLABLE_STRUCT = 18;

    static final int STRUCT_BEGIN = 19;
    static final int STRUCT_END = 20;
    /**
     * {@code slot, exit, n, n x (tag, start, field)}: the count of tagged fields; none goes to exit. Slot counts them,
     * slot + 1 holds which one it is, slot + 2 where it must end. {@link #TAG}, {@link #TAG_SIZE} and
     * {@link #NEXT_TAG} follow, one of each, then the contents of the known fields, each with its {@link #TAG_END}.
     */
    static final int TAGS = 21;
    /** {@code tags}: the number of a tagged field. */
    static final int TAG = 22;
    /** {@code tags}: its size; the contents are walked when known, else stepped over. */
    static final int TAG_SIZE = 23;
    /** {@code tags}: one tagged field less. */
    static final int NEXT_TAG = 24;
    /** {@code tags, field}: the contents of a known tagged field end here, which is where its size says. */
    static final int TAG_END = 25;

    static final int TAGS_ENTRIES = 4;
    static final int TAGS_ENTRY_INTS = 3;
    static final int TAG_INTS = 2;
    /** How a tag that is known but not valid in this version is entered instead of a start. */
    static final int TAG_NOT_IN_VERSION = -1;

    private Op() {}

    /** How a length or a count stands on the wire: a set of bits. */
    static final class LengthKind {
        /** Two bytes; none of the bits. */
        static final int INT16 = 0;
        /** Four bytes instead of two. */
        static final int INT32 = 1;
        /** One more than it, as a varint (KIP-482). */
        static final int COMPACT = 2;
        /** No more than a string may have. */
        static final int STRING = 4;

        static final int NULLABLE = 8;

        private LengthKind() {}
    }
}
