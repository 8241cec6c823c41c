package dev.weir.schema.json;

import java.util.List;

/** Other keywords about objects. */
final class ObjectKeywords {
    private ObjectKeywords() {}

    /** {@code minProperties} and {@code maxProperties}. */
    record Count(long min, long max) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            if (of.tape().kind(at) != JsonKind.OBJECT) {
                return true;
            }
            int size = of.tape().size(at);
            return (size >= min && size <= max) || of.fail(at, "an object of " + Ranges.text(min, max) + " properties");
        }
    }

    /**
     * {@code dependentRequired}, of one property.
     *
     * @param ifThere in UTF-8
     * @param needed in UTF-8
     */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    record DependentRequired(String name, byte[] ifThere, String neededName, byte[] needed) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            return of.tape().kind(at) != JsonKind.OBJECT
                    || of.member(at, ifThere) < 0
                    || of.member(at, needed) >= 0
                    || of.fail(at, "no " + neededName, "an object that has " + neededName + " where it has " + name);
        }
    }

    /**
     * {@code dependentSchemas}, of one property.
     *
     * @param ifThere in UTF-8
     */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    record DependentSchema(byte[] ifThere, SchemaNode schema) implements Keyword {
        private boolean applies(Evaluation of, int at) {
            return of.tape().kind(at) == JsonKind.OBJECT && of.member(at, ifThere) >= 0;
        }

        @Override
        public boolean holds(Evaluation of, int at) {
            return !applies(of, at) || schema.valid(of, at);
        }

        @Override
        public List<SchemaNode> inPlace() {
            return List.of(schema);
        }

        @Override
        public boolean looksAtProperty(Evaluation of, int object, int key) {
            return applies(of, object) && schema.looksAtProperty(of, object, key);
        }
    }

    /**
     * {@code unevaluatedProperties}: what members are that no other keyword looked at.
     *
     * @param beside the schema that it stands in, without it
     */
    record Unevaluated(SchemaNode beside, SchemaNode schema) implements Keyword {
        @Override
        public boolean holds(Evaluation of, int at) {
            JsonTape tape = of.tape();
            if (tape.kind(at) != JsonKind.OBJECT) {
                return true;
            }
            int key = at + 1;
            for (int i = tape.size(at); i > 0; i--) {
                if (!beside.looksAtProperty(of, at, key) && !takes(of, key)) {
                    return false;
                }
                key = tape.next(key + 1);
            }
            return true;
        }

        private boolean takes(Evaluation of, int key) {
            return schema.takesNothing()
                    ? of.fail(key, "a property that the schema does not have", "none but those that it has")
                    : schema.valid(of, key + 1);
        }

        @Override
        public boolean looksAtProperty(Evaluation of, int object, int key) {
            return true;
        }
    }
}
