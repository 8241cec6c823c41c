package dev.weir.schema.json;

import dev.weir.schema.Limits;
import dev.weir.schema.Reason;
import dev.weir.schema.bytes.Mismatch;
import dev.weir.schema.bytes.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads JSON (RFC 8259) to its end onto a tape. Refused is also what readers understand differently: names that an object has
 * twice, surrogates that are no pair, and a byte order mark. One thread.
 */
final class JsonParser {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final long SPACES = 0x2020_2020_2020_2020L;
    private static final long QUOTES = 0x2222_2222_2222_2222L;
    private static final long BACKSLASHES = 0x5c5c_5c5c_5c5c_5c5cL;
    private static final int PLAIN_DIGITS_MAX = 18;
    /** Up to so many names are compared with each other; more are sorted first. */
    private static final int PAIRS_MAX = 8;

    private static final byte[] NOTHING = {};

    private final JsonTape tape;
    private byte[] bytes = NOTHING;
    private Limits limits = Limits.DEFAULT;
    private int begin;
    private int end;
    private int at;
    private int depth;
    private long[] names = new long[PAIRS_MAX];

    JsonParser(JsonTape tape) {
        this.tape = tape;
    }

    /** Reads all; a {@link Mismatch} says what is no JSON, or too much. */
    void parse(byte[] text, int offset, int lengthBytes, Limits within) {
        bytes = text;
        begin = offset;
        end = offset + lengthBytes;
        at = offset;
        depth = 0;
        limits = within;
        tape.begin(text, offset);
        skipSpace();
        value();
        skipSpace();
        if (at < end) {
            throw new Mismatch(Reason.TRAILING_BYTES, (end - at) + " more bytes", "the end of the record", at - begin);
        }
        bytes = NOTHING;
    }

    private void skipSpace() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    private void value() {
        if (at == end) {
            throw cutShort("a JSON value");
        }
        if (tape.count() >= limits.itemsMax()) {
            throw limit("more than " + limits.itemsMax() + " values");
        }
        switch (bytes[at]) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", JsonKind.TRUE);
            case 'f' -> word("false", JsonKind.FALSE);
            case 'n' -> word("null", JsonKind.NULL);
            default -> number();
        }
    }

    private void enter() {
        if (++depth > limits.depthMax()) {
            throw limit("more than " + limits.depthMax() + " levels of nesting");
        }
        at++;
        skipSpace();
    }

    private void object() {
        int object = tape.open(JsonKind.OBJECT, at);
        enter();
        int members = 0;
        for (boolean more = !passes((byte) '}'); more; members++) {
            if (at == end || bytes[at] != '"') {
                throw unexpected("a name in quotes");
            }
            string();
            skipSpace();
            if (!passes((byte) ':')) {
                throw unexpected("a colon");
            }
            skipSpace();
            value();
            more = goesOn((byte) '}', "a comma, or the end of the object");
        }
        tape.close(object, at, tape.count(), members);
        depth--;
        if (members > 1) {
            checkNames(object, members);
        }
    }

    private void array() {
        int array = tape.open(JsonKind.ARRAY, at);
        enter();
        int items = 0;
        for (boolean more = !passes((byte) ']'); more; items++) {
            value();
            more = goesOn((byte) ']', "a comma, or the end of the array");
        }
        tape.close(array, at, tape.count(), items);
        depth--;
    }

    /** Behind a member or an item: whether another follows. */
    private boolean goesOn(byte close, String expected) {
        skipSpace();
        if (passes((byte) ',')) {
            skipSpace();
            return true;
        }
        if (!passes(close)) {
            throw unexpected(expected);
        }
        return false;
    }

    private boolean passes(byte expected) {
        if (at < end && bytes[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void word(String word, JsonKind kind) {
        int value = tape.open(kind, at);
        for (int i = 0; i < word.length(); i++) {
            if (!passes((byte) word.charAt(i))) {
                throw unexpected("a JSON value");
            }
        }
        tape.close(value, at, 0, 0);
    }

    private void number() {
        int number = tape.open(JsonKind.NUMBER, at);
        int start = at;
        if (!passes((byte) '-') && !isDigit()) {
            throw unexpected("a JSON value");
        }
        boolean plain = true;
        if (!passes((byte) '0')) {
            digits();
        }
        int lengthBytes = at - start;
        if (passes((byte) '.')) {
            plain = false;
            digits();
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            plain = false;
            at++;
            if (!passes((byte) '+')) {
                passes((byte) '-');
            }
            digits();
        }
        tape.close(number, at, 0, plain && lengthBytes <= PLAIN_DIGITS_MAX ? 1 : 0);
    }

    private boolean isDigit() {
        return at < end && bytes[at] >= '0' && bytes[at] <= '9';
    }

    private void digits() {
        if (!isDigit()) {
            throw unexpected("a digit");
        }
        while (isDigit()) {
            at++;
        }
    }

    private void string() {
        int string = tape.open(JsonKind.STRING, at);
        at++;
        int from = at;
        while (true) {
            skipPlain();
            if (at >= end) {
                throw cutShort("the end of a string");
            }
            byte next = bytes[at];
            if (next == '"') {
                tape.close(string, ++at, -1, at - 1 - from);
                return;
            }
            if (next == '\\') {
                unescape(string, from);
                return;
            }
            character(next);
        }
    }

    /** Moves over eight characters at a time, while they are ASCII and mean themselves. */
    private void skipPlain() {
        while (at <= end - Long.BYTES) {
            long eight = (long) LONG.get(bytes, at);
            long special = eight | (eight - SPACES) | ((eight ^ QUOTES) - ONES) | ((eight ^ BACKSLASHES) - ONES);
            if ((special & HIGH) != 0) {
                return;
            }
            at += Long.BYTES;
        }
    }

    private void character(byte first) {
        if (first >= 0) {
            if (first < ' ') {
                throw unexpected("a string, in which control characters are escaped");
            }
            at++;
            return;
        }
        int size = Utf8.sizeAt(bytes, at, end);
        if (size == 0) {
            throw new Mismatch(
                    Reason.PAYLOAD,
                    String.format("byte 0x%02x, which is not UTF-8 there", first),
                    "a string",
                    at - begin);
        }
        at += size;
    }

    /** Reads a string on from its first escape. */
    private void unescape(int string, int from) {
        int start = tape.unescapeAt(end - from);
        for (int i = from; i < at; i++) {
            tape.unescape(bytes[i]);
        }
        while (at < end && bytes[at] != '"') {
            if (bytes[at] == '\\') {
                at++;
                escape();
            } else {
                int before = at;
                character(bytes[at]);
                for (int i = before; i < at; i++) {
                    tape.unescape(bytes[i]);
                }
            }
        }
        if (at >= end) {
            throw cutShort("the end of a string");
        }
        tape.close(string, ++at, start, tape.unescapedEnd() - start);
    }

    private void escape() {
        if (at == end) {
            throw cutShort("an escape");
        }
        int meant = switch (bytes[at]) {
            case '"', '\\', '/' -> bytes[at];
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> -1;
            default -> throw unexpected("one of the escapes of JSON");
        };
        at++;
        if (meant >= 0) {
            tape.unescape((byte) meant);
            return;
        }
        int start = at;
        int unit = hex();
        if (Character.isHighSurrogate((char) unit) && passes((byte) '\\') && passes((byte) 'u')) {
            int low = hex();
            if (Character.isLowSurrogate((char) low)) {
                utf8(Character.toCodePoint((char) unit, (char) low));
                return;
            }
        }
        if (Character.isSurrogate((char) unit)) {
            throw new Mismatch(Reason.PAYLOAD, "half of a surrogate pair", "an escape of a character", start - begin);
        }
        utf8(unit);
    }

    private int hex() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < end ? Character.digit(bytes[at], 16) : -1;
            if (digit < 0) {
                throw unexpected("four hexadecimal digits");
            }
            unit = (unit << 4) | digit;
            at++;
        }
        return unit;
    }

    private void utf8(int character) {
        if (character < 0x80) {
            tape.unescape((byte) character);
        } else if (character < 0x800) {
            tape.unescape((byte) (0xc0 | (character >> 6)));
            tape.unescape((byte) (0x80 | (character & 0x3f)));
        } else {
            if (character < 0x10000) {
                tape.unescape((byte) (0xe0 | (character >> 12)));
            } else {
                tape.unescape((byte) (0xf0 | (character >> 18)));
                tape.unescape((byte) (0x80 | ((character >> 12) & 0x3f)));
            }
            tape.unescape((byte) (0x80 | ((character >> 6) & 0x3f)));
            tape.unescape((byte) (0x80 | (character & 0x3f)));
        }
    }

    private void checkNames(int object, int members) {
        if (names.length < members) {
            names = new long[members];
        }
        int key = object + 1;
        for (int i = 0; i < members; i++) {
            names[i] = ((long) tape.hash(key) << Integer.SIZE) | key;
            key = tape.next(key + 1);
        }
        if (members > PAIRS_MAX) {
            Arrays.sort(names, 0, members);
        }
        for (int i = 1; i < members; i++) {
            for (int j = i - 1; j >= 0; j--) {
                if (names[i] >> Integer.SIZE == names[j] >> Integer.SIZE) {
                    checkNotSame((int) names[j], (int) names[i]);
                } else if (members > PAIRS_MAX) {
                    break; // sorted: no other is the same
                }
            }
        }
        if (names.length > 1024) {
            names = new long[PAIRS_MAX];
        }
    }

    private void checkNotSame(int one, int other) {
        if (JsonTape.sameText(tape, one, tape, other)) {
            throw new Mismatch(
                    Reason.PAYLOAD,
                    "a name that the object has twice",
                    "each name once",
                    tape.offsetBytes(Math.max(one, other)));
        }
    }

    private Mismatch limit(String found) {
        return new Mismatch(Reason.LIMIT, found, "no more in one record", at - begin);
    }

    private Mismatch cutShort(String expected) {
        return new Mismatch(Reason.PAYLOAD, "the end of the record", expected, end - begin);
    }

    private Mismatch unexpected(String expected) {
        return at >= end
                ? cutShort(expected)
                : new Mismatch(Reason.PAYLOAD, String.format("byte 0x%02x", bytes[at]), expected, at - begin);
    }
}
