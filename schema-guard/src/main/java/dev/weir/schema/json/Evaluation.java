package dev.weir.schema.json;

import dev.weir.mesh.log.Counted;
import dev.weir.schema.Limits;
import dev.weir.schema.Reason;
import dev.weir.schema.Violation;
import dev.weir.schema.bytes.Mismatch;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One payload on its way through a schema: its values, how much work it has been, and what did not fit. Used again. One thread.
 *
 * <p>What did not fit is noted where it is seen and told by the return value; only what passes a limit is thrown, so that no
 * {@code not} turns it into a yes.
 */
final class Evaluation {
    /** Schemas within each other at one place: each may be a level of the payload, or refer to another. */
    private static final int LEVELS_MAX = 1_000;
    /** Arithmetic with longer numbers, or larger exponents, would take time that their bytes do not show. */
    private static final int NUMBER_BYTES_MAX = 400;

    private static final int EXPONENT_MAX = 400;
    private static final int TAPE_ENTRIES_MAX = 16 * 1024;

    private final JsonTape tape = new JsonTape();
    private final JsonParser parser = new JsonParser(tape);
    private Limits limits = Limits.DEFAULT;
    private long steps;
    private int levels;
    private int quiet;
    private int failedAt = -1;
    private String expected = "";
    private String found = "";

    /** Begins with a payload; a {@link Mismatch} says what is no JSON. */
    void begin(byte[] bytes, int offset, int lengthBytes, Limits within) {
        limits = within;
        steps = 4L * within.itemsMax();
        levels = 0;
        quiet = 0;
        failedAt = -1;
        parser.parse(bytes, offset, lengthBytes, within);
    }

    void end() {
        tape.release(TAPE_ENTRIES_MAX);
    }

    JsonTape tape() {
        return tape;
    }

    /** Counts work, of the size of a look at one value. */
    void step(long count, int at) {
        steps -= count;
        if (steps < 0) {
            throw limit("more than " + 4L * limits.itemsMax() + " steps", at);
        }
    }

    void enter(int at) {
        step(1, at);
        if (++levels > LEVELS_MAX) {
            throw limit("more than " + LEVELS_MAX + " schemas within each other", at);
        }
    }

    void leave() {
        levels--;
    }

    private Mismatch limit(String what, int at) {
        return new Mismatch(Reason.LIMIT, what, "no more for one record", tape.offsetBytes(at));
    }

    /** Whether a number can be reckoned with. */
    static boolean isModest(JsonTape tape, int number) {
        return tape.numberBytes(number) <= NUMBER_BYTES_MAX && Math.abs(tape.exponent(number)) <= EXPONENT_MAX;
    }

    /** The value of a number, for arithmetic. */
    BigDecimal decimal(int number) {
        step(1 + tape.numberBytes(number) / 16, number);
        if (!isModest(tape, number)) {
            throw limit(
                    "a number of more than " + NUMBER_BYTES_MAX + " digits, or with an exponent beyond " + EXPONENT_MAX,
                    number);
        }
        return tape.decimal(number);
    }

    /** Notes what did not fit, and answers {@code false}. */
    boolean fail(int at, String expectedThere) {
        return fail(at, "", expectedThere);
    }

    /** As {@link #fail(int, String)}, with what was found in words; never contents. */
    boolean fail(int at, String foundThere, String expectedThere) {
        if (quiet == 0) {
            failedAt = at;
            found = foundThere;
            expected = expectedThere;
        }
        return false;
    }

    /** Whether somebody will read what did not fit. */
    boolean isHeard() {
        return quiet == 0;
    }

    int failedAt() {
        return failedAt;
    }

    /** Looks without noting what does not fit. */
    boolean quietly(SchemaNode schema, int at) {
        quiet++;
        try {
            return schema.valid(this, at);
        } finally {
            quiet--;
        }
    }

    /** What was noted last. */
    Violation violation(KnownNames names) {
        return new Violation(
                Reason.PAYLOAD,
                JsonPath.of(tape, failedAt, names),
                found.isEmpty() ? described(failedAt) : found,
                expected,
                tape.offsetBytes(failedAt));
    }

    private String described(int at) {
        return switch (tape.kind(at)) {
            case OBJECT -> "an object of " + Counted.of(tape.size(at), "property", "properties");
            case ARRAY -> "an array of " + Counted.of(tape.size(at), "item");
            case STRING -> "a string of " + Counted.of(tape.characters(at), "character");
            case NUMBER -> tape.isInteger(at) ? "an integer" : "a number";
            case TRUE, FALSE -> "a boolean";
            case NULL -> "null";
        };
    }

    /** Equal by what they mean: 1 and 1.0, objects with members in any order. */
    boolean same(int at, JsonTape other, int otherAt) {
        step(1, at);
        JsonKind kind = tape.kind(at);
        if (kind != other.kind(otherAt)) {
            return false;
        }
        return switch (kind) {
            case TRUE, FALSE, NULL -> true;
            case STRING -> {
                step(tape.textLengthBytes(at) / 64, at);
                yield JsonTape.sameText(tape, at, other, otherAt);
            }
            case NUMBER -> sameNumber(at, other, otherAt);
            case ARRAY -> sameItems(at, other, otherAt);
            case OBJECT -> sameMembers(at, other, otherAt);
        };
    }

    private boolean sameNumber(int at, JsonTape other, int otherAt) {
        if (tape.isPlainInteger(at) && other.isPlainInteger(otherAt)) {
            return tape.plainInteger(at) == other.plainInteger(otherAt);
        }
        BigDecimal otherValue = other == tape ? decimal(otherAt) : other.decimal(otherAt);
        return decimal(at).compareTo(otherValue) == 0;
    }

    private boolean sameItems(int at, JsonTape other, int otherAt) {
        if (tape.size(at) != other.size(otherAt)) {
            return false;
        }
        int item = at + 1;
        int otherItem = otherAt + 1;
        for (int i = tape.size(at); i > 0; i--) {
            if (!same(item, other, otherItem)) {
                return false;
            }
            item = tape.next(item);
            otherItem = other.next(otherItem);
        }
        return true;
    }

    private boolean sameMembers(int at, JsonTape other, int otherAt) {
        if (tape.size(at) != other.size(otherAt)) {
            return false;
        }
        int key = at + 1;
        for (int i = tape.size(at); i > 0; i--) {
            int found = -1;
            int otherKey = otherAt + 1;
            for (int j = other.size(otherAt); j > 0 && found < 0; j--) {
                step(1, at);
                found = JsonTape.sameText(tape, key, other, otherKey) ? otherKey : -1;
                otherKey = other.next(otherKey + 1);
            }
            if (found < 0 || !same(key + 1, other, found + 1)) {
                return false;
            }
            key = tape.next(key + 1);
        }
        return true;
    }

    /** Equal for values that are the same; -1 is never asked for. */
    int hash(int at) {
        step(1, at);
        switch (tape.kind(at)) {
            case STRING:
                return tape.hash(at);
            case NUMBER:
                return tape.isPlainInteger(at)
                        ? Long.hashCode(tape.plainInteger(at))
                        : hash(decimal(at).stripTrailingZeros());
            case ARRAY: {
                int hash = tape.size(at);
                int item = at + 1;
                for (int i = tape.size(at); i > 0; i--) {
                    hash = 31 * hash + hash(item);
                    item = tape.next(item);
                }
                return hash;
            }
            case OBJECT: {
                int hash = tape.size(at);
                int key = at + 1;
                for (int i = tape.size(at); i > 0; i--) {
                    hash += tape.hash(key) ^ 31 * hash(key + 1);
                    key = tape.next(key + 1);
                }
                return hash;
            }
            default:
                return tape.kind(at).code();
        }
    }

    private static int hash(BigDecimal value) {
        boolean small = value.scale() <= 0 && value.precision() - value.scale() <= 18;
        return small ? Long.hashCode(value.longValue()) : value.hashCode();
    }

    /** The member of an object with a name, or -1. */
    int member(int object, byte @Nullable [] name) {
        step(1 + tape.size(object) / 4, object);
        return name == null ? -1 : tape.member(object, name);
    }
}
