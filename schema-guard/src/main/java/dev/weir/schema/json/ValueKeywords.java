package dev.weir.schema.json;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keywords about one value that holds no others, or about what it is. */
final class ValueKeywords {
    private ValueKeywords() {}

    /** {@code false} as a schema. */
    record Never() implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            return of.fail(at, "no value there");
        }
    }

    /**
     * {@code type}.
     *
     * @param kinds bits of those that are taken
     * @param integers whether of numbers only those without a fraction are
     */
    record Type(int kinds, boolean integers, String expected) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            JsonKind kind = of.tape().kind(at);
            boolean taken = (kinds & kind.bit()) != 0
                    && (!integers || kind != JsonKind.NUMBER || of.tape().isInteger(at));
            return taken || of.fail(at, expected);
        }
    }

    /**
     * {@code enum} and {@code const}.
     *
     * @param values where they stand in the schema
     * @param expected in words
     */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    record OneOfValues(JsonTape schema, int[] values, String expected) implements Keyword {
        private static final int TOLD_MAX = 5;
        private static final int TOLD_CHARACTERS_MAX = 100;

        static OneOfValues of(JsonTape schema, int... values) {
            return new OneOfValues(schema, values, expected(schema, values));
        }

        /** The values themselves, where they are few and short, and a terminal may show them. */
        private static String expected(JsonTape schema, int... values) {
            if (values.length > 0 && values.length <= TOLD_MAX) {
                String told = Arrays.stream(values).mapToObj(schema::json).collect(Collectors.joining(", "));
                if (told.length() <= TOLD_CHARACTERS_MAX && told.codePoints().allMatch(OneOfValues::isShown)) {
                    return (values.length == 1 ? "the value " : "one of ") + told;
                }
            }
            return values.length == 1
                    ? "the value that the schema says"
                    : "one of the " + values.length + " values that the schema says";
        }

        private static boolean isShown(int character) {
            return switch (Character.getType(character)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE,
                        Character.UNASSIGNED -> false;
                default -> true;
            };
        }

        @Override
        public boolean holds(Evaluation of, int at) {
            for (int value : values) {
                if (of.same(at, schema, value)) {
                    return true;
                }
            }
            return of.fail(at, expected);
        }
    }

    /**
     * {@code minimum}, {@code maximum} and those that exclude them.
     *
     * @param side -1 for what may not be less, 1 for what may not be more
     * @param integer the bound, where it is a plain integer
     */
    record Bound(
            int side,
            boolean exclusive,
            BigDecimal bound,
            @Nullable Long integer) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            if (of.tape().kind(at) != JsonKind.NUMBER) {
                return true;
            }
            int compared = integer != null && of.tape().isPlainInteger(at)
                    ? Long.compare(of.tape().plainInteger(at), integer)
                    : of.decimal(at).compareTo(bound);
            boolean inside = compared == 0 ? !exclusive : Integer.signum(compared) != side;
            return inside || of.fail(at, "a number " + words() + " " + bound.toPlainString());
        }

        private String words() {
            return side < 0 ? exclusive ? "above" : "of at least" : exclusive ? "below" : "of at most";
        }
    }

    /** {@code multipleOf}. */
    record MultipleOf(BigDecimal of) implements Keyword {
        @Override
        public boolean holds(Evaluation evaluation, int at) {
            return evaluation.tape().kind(at) != JsonKind.NUMBER
                    || evaluation.decimal(at).remainder(of).signum() == 0
                    || evaluation.fail(at, "a multiple of " + of.toPlainString());
        }
    }

    /** {@code minLength} and {@code maxLength}, in characters. */
    record Length(long min, long max) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            if (of.tape().kind(at) != JsonKind.STRING) {
                return true;
            }
            int bytes = of.tape().textLengthBytes(at);
            if (bytes / 4 >= min && bytes <= max) {
                return true; // whatever its characters are
            }
            of.step(bytes / 64, at);
            int characters = of.tape().characters(at);
            return (characters >= min && characters <= max)
                    || of.fail(at, "a string of " + Ranges.text(min, max) + " characters");
        }
    }

    /**
     * {@code pattern}.
     *
     * @param text as the schema has it
     */
    record Matches(Pattern pattern, String text) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            if (of.tape().kind(at) != JsonKind.STRING) {
                return true;
            }
            of.step(1 + of.tape().textLengthBytes(at) / 8, at);
            return pattern.matcher(of.tape().text(at)).find() || of.fail(at, "a string that matches " + text);
        }
    }
}
