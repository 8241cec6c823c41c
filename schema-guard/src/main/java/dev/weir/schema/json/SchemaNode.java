package dev.weir.schema.json;

import java.util.Arrays;
import java.util.List;

/** A compiled schema or subschema: all its keywords have to hold. Filled after it was made, because it may refer to itself. */
final class SchemaNode {
    private final SchemaPlace place;
    private Keyword[] keywords = {};

    SchemaNode(SchemaPlace place) {
        this.place = place;
    }

    SchemaPlace place() {
        return place;
    }

    void fill(List<Keyword> all) {
        keywords = all.toArray(Keyword[]::new);
    }

    /** Whether it is {@code false}. */
    boolean takesNothing() {
        return keywords.length == 1 && keywords[0] instanceof ValueKeywords.Never;
    }

    boolean valid(Evaluation of, int at) {
        of.enter(at);
        for (Keyword keyword : keywords) {
            if (!keyword.holds(of, at)) {
                of.leave();
                return false;
            }
        }
        of.leave();
        return true;
    }

    List<SchemaNode> inPlace() {
        return Arrays.stream(keywords)
                .flatMap(keyword -> keyword.inPlace().stream())
                .toList();
    }

    boolean looksAtProperty(Evaluation of, int object, int key) {
        of.step(1, object);
        for (Keyword keyword : keywords) {
            if (keyword.looksAtProperty(of, object, key)) {
                return true;
            }
        }
        return false;
    }

    boolean looksAtItem(Evaluation of, int array, int index, int item) {
        of.step(1, array);
        for (Keyword keyword : keywords) {
            if (keyword.looksAtItem(of, array, index, item)) {
                return true;
            }
        }
        return false;
    }
}
