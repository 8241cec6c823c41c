package dev.weir.schema.json;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keywords that hold other schemas against the same value. */
final class Combinations {
    private Combinations() {}

    /** {@code $ref}. */
    record Ref(SchemaNode target) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            return target.valid(of, at);
        }

        @Override
        public List<SchemaNode> inPlace() {
            return List.of(target);
        }

        @Override
        public boolean looksAtProperty(Evaluation of, int object, int key) {
            return target.looksAtProperty(of, object, key);
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return target.looksAtItem(of, array, index, item);
        }
    }

    /** {@code allOf}. */
    record AllOf(List<SchemaNode> schemas) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            for (SchemaNode schema : schemas) {
                if (!schema.valid(of, at)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public List<SchemaNode> inPlace() {
            return schemas;
        }

        @Override
        public boolean looksAtProperty(Evaluation of, int object, int key) {
            return schemas.stream().anyMatch(schema -> schema.looksAtProperty(of, object, key));
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return schemas.stream().anyMatch(schema -> schema.looksAtItem(of, array, index, item));
        }
    }

    /**
     * {@code anyOf} and {@code oneOf}.
     *
     * @param one whether exactly one has to fit
     */
    record AnyOf(List<SchemaNode> schemas, boolean one) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            int fit = 0;
            for (SchemaNode schema : schemas) {
                if (of.quietly(schema, at)) {
                    fit++;
                    if (!one || fit > 1) {
                        break;
                    }
                }
            }
            if (fit == 1) {
                return true;
            }
            return fit == 0
                    ? failNearest(of, at)
                    : of.fail(at, "a value that more than one of them takes", "one that one of oneOf takes");
        }

        /** Of those that do not fit, the one that does so for longest is most likely what was meant. */
        private boolean failNearest(Evaluation of, int at) {
            SchemaNode nearest = null;
            int deepest = at;
            if (of.isHeard()) {
                for (SchemaNode schema : schemas) {
                    schema.valid(of, at);
                    if (of.failedAt() > deepest) {
                        deepest = of.failedAt();
                        nearest = schema;
                    }
                }
            }
            return nearest == null
                    ? of.fail(
                            at,
                            "what one of the " + schemas.size() + " schemas of " + (one ? "oneOf" : "anyOf") + " takes")
                    : nearest.valid(of, at);
        }

        @Override
        public List<SchemaNode> inPlace() {
            return schemas;
        }

        @Override
        public boolean looksAtProperty(Evaluation of, int object, int key) {
            return fitting(of, object, schema -> schema.looksAtProperty(of, object, key));
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return fitting(of, array, schema -> schema.looksAtItem(of, array, index, item));
        }

        private boolean fitting(Evaluation of, int at, Predicate<SchemaNode> looks) {
            return schemas.stream().anyMatch(schema -> looks.test(schema) && of.quietly(schema, at));
        }
    }

    /** {@code not}. */
    record Not(SchemaNode schema) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            return !of.quietly(schema, at) || of.fail(at, "what the schema of not does not take");
        }

        @Override
        public List<SchemaNode> inPlace() {
            return List.of(schema);
        }
    }

    /** {@code if}, {@code then} and {@code else}. */
    record IfThenElse(
            SchemaNode condition,
            @Nullable SchemaNode then,
            @Nullable SchemaNode otherwise) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            SchemaNode chosen = of.quietly(condition, at) ? then : otherwise;
            return chosen == null || chosen.valid(of, at);
        }

        @Override
        public List<SchemaNode> inPlace() {
            return Stream.of(condition, then, otherwise)
                    .flatMap(Stream::ofNullable)
                    .toList();
        }

        @Override
        public boolean looksAtProperty(Evaluation of, int object, int key) {
            return looks(of, object, schema -> schema.looksAtProperty(of, object, key));
        }

        @Override
        public boolean looksAtItem(Evaluation of, int array, int index, int item) {
            return looks(of, array, schema -> schema.looksAtItem(of, array, index, item));
        }

        private boolean looks(Evaluation of, int at, Predicate<SchemaNode> looks) {
            boolean fits = of.quietly(condition, at);
            SchemaNode chosen = fits ? then : otherwise;
            return (fits && looks.test(condition)) || (chosen != null && looks.test(chosen));
        }
    }
}
