package dev.weir.schema.json;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keywords about arrays. */
final class ArrayKeywords {
    private ArrayKeywords() {}

    /**
     * {@code prefixItems} and {@code items}; {@code items} and {@code additionalItems} in older drafts.
     *
     * @param first the schemas of the first ones, one each
     * @param others what those behind are, or {@code null} for anything
     */
    record Items(List<SchemaNode> first, @Nullable SchemaNode others) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            JsonTape tape = of.tape();
            if (tape.kind(at) != JsonKind.ARRAY) {
                return true;
            }
            int item = at + 1;
            for (int i = 0; i < tape.size(at); i++) {
                SchemaNode schema = i < first.size() ? first.get(i) : others;
                if (schema == null) {
                    return true;
                }
                if (!schema.valid(of, item)) {
                    return false;
                }
                item = tape.next(item);
            }
            return true;
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return others != null || index < first.size();
        }
    }

    /** {@code minItems} and {@code maxItems}. */
    record Count(long min, long max) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            if (of.tape().kind(at) != JsonKind.ARRAY) {
                return true;
            }
            int size = of.tape().size(at);
            return (size >= min && size <= max) || of.fail(at, "an array of " + Ranges.text(min, max) + " items");
        }
    }

    /**
     * {@code contains}, with {@code minContains} and {@code maxContains}.
     *
     * @param looks whether {@code unevaluatedItems} leaves those that are contained alone, as from draft 2020-12 on
     */
    record Contains(SchemaNode schema, long min, long max, boolean looks) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            JsonTape tape = of.tape();
            if (tape.kind(at) != JsonKind.ARRAY) {
                return true;
            }
            long fit = 0;
            int item = at + 1;
            for (int i = tape.size(at); i > 0; i--) {
                if (of.quietly(schema, item)) {
                    fit++;
                }
                item = tape.next(item);
            }
            return (fit >= min && fit <= max)
                    || of.fail(at, fit + " items that contains takes", Ranges.text(min, max) + " of them");
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return looks && of.quietly(schema, item);
        }
    }

    /** {@code uniqueItems}. */
    record Unique() implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            JsonTape tape = of.tape();
            if (tape.kind(at) != JsonKind.ARRAY || tape.size(at) < 2) {
                return true;
            }
            long[] hashes = new long[tape.size(at)];
            int item = at + 1;
            for (int i = 0; i < hashes.length; i++) {
                hashes[i] = ((long) of.hash(item) << Integer.SIZE) | item;
                item = tape.next(item);
            }
            Arrays.sort(hashes);
            for (int i = 1; i < hashes.length; i++) {
                for (int j = i - 1; j >= 0 && hashes[j] >> Integer.SIZE == hashes[i] >> Integer.SIZE; j--) {
                    if (of.same((int) hashes[j], tape, (int) hashes[i])) {
                        return of.fail(
                                Math.max((int) hashes[i], (int) hashes[j]),
                                "an item that the array has before",
                                "each item once");
                    }
                }
            }
            return true;
        }
    }

    /**
     * {@code unevaluatedItems}: what items are that no other keyword looked at.
     *
     * @param beside the schema that it stands in, without it
     */
    record Unevaluated(SchemaNode beside, SchemaNode schema) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            JsonTape tape = of.tape();
            if (tape.kind(at) != JsonKind.ARRAY) {
                return true;
            }
            int item = at + 1;
            for (int i = 0; i < tape.size(at); i++) {
                if (!beside.looksAtItem(of, at, i, item) && !schema.valid(of, item)) {
                    return false;
                }
                item = tape.next(item);
            }
            return true;
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return true;
        }
    }
}
