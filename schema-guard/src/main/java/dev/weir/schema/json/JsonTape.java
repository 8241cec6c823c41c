package dev.weir.schema.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text, taken apart: its values in order, each with where it begins and ends. What an object or an array holds follows
 * it; members of an object are two values, name and value. Filled by {@link JsonParser}, and used again. One thread while it is
 * filled.
 */
final class JsonTape {
    private static final int ENTRIES = 64;
    /** Another in each process: nobody can choose names that meet in one place. */
    private static final long SEED = ThreadLocalRandom.current().nextLong() | 1;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int begin;
    private int count;
    private byte[] kind = new byte[ENTRIES];
    private int[] start = new int[ENTRIES];
    private int[] end = new int[ENTRIES];
    /** Of objects and arrays: the value behind all that they hold. Of strings: where they are unescaped, or -1. */
    private int[] link = new int[ENTRIES];
    /** Of objects and arrays: how much they hold. Of strings: bytes without escapes. Of numbers: 1 for plain integers. */
    private int[] size = new int[ENTRIES];

    private byte[] unescaped = NOTHING;
    private int unescapedBytes;

    void begin(byte[] text, int offset) {
        bytes = text;
        begin = offset;
        count = 0;
        unescapedBytes = 0;
    }

    /** Lets go of the text, and of memory that one large text needed. */
    void release(int entriesMax) {
        bytes = NOTHING;
        if (kind.length > entriesMax) {
            kind = new byte[ENTRIES];
            start = new int[ENTRIES];
            end = new int[ENTRIES];
            link = new int[ENTRIES];
            size = new int[ENTRIES];
        }
        if (unescaped.length > entriesMax) {
            unescaped = NOTHING;
        }
    }

    /** Begins a value; it ends where {@link #close} says. */
    int open(JsonKind what, int at) {
        if (count == kind.length) {
            int more = 2 * count;
            kind = Arrays.copyOf(kind, more);
            start = Arrays.copyOf(start, more);
            end = Arrays.copyOf(end, more);
            link = Arrays.copyOf(link, more);
            size = Arrays.copyOf(size, more);
        }
        kind[count] = what.code();
        start[count] = at;
        return count++;
    }

    void close(int value, int at, int linked, int sized) {
        end[value] = at;
        link[value] = linked;
        size[value] = sized;
    }

    /** Where unescaped text goes on; there is room for so many bytes. */
    int unescapeAt(int room) {
        if (unescaped.length - unescapedBytes < room) {
            unescaped = Arrays.copyOf(unescaped, Math.max(2 * unescaped.length, unescapedBytes + room));
        }
        return unescapedBytes;
    }

    void unescape(byte one) {
        unescaped[unescapedBytes++] = one;
    }

    int unescapedEnd() {
        return unescapedBytes;
    }

    int count() {
        return count;
    }

    JsonKind kind(int value) {
        return JsonKind.of(kind[value]);
    }

    /** In the text, from its first byte. */
    int offsetBytes(int value) {
        return start[value] - begin;
    }

    /** How many members, or items. */
    int size(int value) {
        return size[value];
    }

    /** The value behind this one and all that it holds. */
    int next(int value) {
        return kind[value] <= JsonKind.ARRAY.code() ? link[value] : value + 1;
    }

    /** A value as JSON, without spaces. */
    String json(int value) {
        return switch (kind(value)) {
            case OBJECT, ARRAY -> {
                boolean object = kind(value) == JsonKind.OBJECT;
                StringBuilder text = new StringBuilder(object ? "{" : "[");
                int child = value + 1;
                for (int i = 0; i < size[value]; i++) {
                    text.append(i == 0 ? "" : ",").append(json(child));
                    if (object) {
                        text.append(':').append(json(++child));
                    }
                    child = next(child);
                }
                yield text.append(object ? '}' : ']').toString();
            }
            default -> new String(bytes, start[value], end[value] - start[value], StandardCharsets.UTF_8);
        };
    }

    /** From 1. */
    int line(int value) {
        int line = 1;
        for (int i = begin; i < start[value]; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    // strings

    private byte[] textBytes(int string) {
        return link[string] < 0 ? bytes : unescaped;
    }

    private int textFrom(int string) {
        return link[string] < 0 ? start[string] + 1 : link[string];
    }

    /** How many bytes the text of a string has in UTF-8. */
    int textLengthBytes(int string) {
        return size[string];
    }

    String text(int string) {
        return new String(textBytes(string), textFrom(string), size[string], StandardCharsets.UTF_8);
    }

    /** How many characters (code points) it has. */
    int characters(int string) {
        byte[] text = textBytes(string);
        int from = textFrom(string);
        int characters = 0;
        for (int i = from; i < from + size[string]; i++) {
            if ((text[i] & 0xc0) != 0x80) {
                characters++;
            }
        }
        return characters;
    }

    int hash(int string) {
        return hash(textBytes(string), textFrom(string), size[string]);
    }

    static int hash(byte[] text, int from, int lengthBytes) {
        long hash = lengthBytes;
        for (int i = from; i < from + lengthBytes; i++) {
            hash = (hash ^ text[i]) * SEED;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }

    boolean isText(int string, byte[] text) {
        int from = textFrom(string);
        return text.length == size[string]
                && Arrays.equals(textBytes(string), from, from + text.length, text, 0, text.length);
    }

    /** Whether two strings, of two tapes or of one, are the same text. */
    static boolean sameText(JsonTape one, int string, JsonTape other, int otherString) {
        int from = one.textFrom(string);
        int otherFrom = other.textFrom(otherString);
        int length = one.size[string];
        return length == other.size[otherString]
                && Arrays.equals(
                        one.textBytes(string),
                        from,
                        from + length,
                        other.textBytes(otherString),
                        otherFrom,
                        otherFrom + length);
    }

    // numbers

    /** Whether a number is an integer of few digits, written without fraction and exponent. */
    boolean isPlainInteger(int number) {
        return size[number] == 1;
    }

    /** Of a plain integer. */
    long plainInteger(int number) {
        int at = start[number];
        boolean negative = bytes[at] == '-';
        long value = 0;
        for (int i = negative ? at + 1 : at; i < end[number]; i++) {
            value = 10 * value + (bytes[i] - '0');
        }
        return negative ? -value : value;
    }

    /** How many characters it is written in. */
    int numberBytes(int number) {
        return end[number] - start[number];
    }

    String numberText(int number) {
        return new String(bytes, start[number], end[number] - start[number], StandardCharsets.US_ASCII);
    }

    BigDecimal decimal(int number) {
        return new BigDecimal(numberText(number));
    }

    /** Whether a number has no fraction, however it is written: 1.0 and 12e2 have none. */
    boolean isInteger(int number) {
        if (isPlainInteger(number)) {
            return true;
        }
        long fractionDigits = 0;
        long trailingZeros = 0;
        boolean fraction = false;
        boolean zero = true;
        int at = start[number];
        for (; at < end[number] && (bytes[at] | 0x20) != 'e'; at++) {
            byte digit = bytes[at];
            if (digit == '.') {
                fraction = true;
            } else if (digit != '-') {
                fractionDigits += fraction ? 1 : 0;
                trailingZeros = digit == '0' ? trailingZeros + 1 : 0;
                zero &= digit == '0';
            }
        }
        return zero || fractionDigits - trailingZeros <= exponent(number);
    }

    /** What stands behind the {@code e}; very large ones are cut to what is still large. */
    long exponent(int number) {
        int from = start[number];
        while (from < end[number] && (bytes[from] | 0x20) != 'e') {
            from++;
        }
        long exponent = 0;
        boolean negative = false;
        for (int i = from + 1; i < end[number]; i++) {
            negative |= bytes[i] == '-';
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                exponent = Math.min(10 * exponent + (bytes[i] - '0'), Integer.MAX_VALUE);
            }
        }
        return negative ? -exponent : exponent;
    }

    // objects

    /** The value of a member, or -1. */
    int member(int object, byte[] name) {
        int key = object + 1;
        for (int i = size[object]; i > 0; i--) {
            if (isText(key, name)) {
                return key + 1;
            }
            key = next(key + 1);
        }
        return -1;
    }

    /** As {@link #member(int, byte[])}, by name. */
    int member(int object, String name) {
        return member(object, name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name before it, where a value is a member of an object, for messages. */
    @Nullable
    String nameBefore(int value) {
        return value > 0 && kind(value - 1) == JsonKind.STRING ? text(value - 1) : null;
    }
}
