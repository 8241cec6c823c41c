package dev.weir.schema.json;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random schemas, and values of the kind that they are about: few names and few values, so that they often meet. */
final class RandomJson {
    private final Random random;
    /** Whether the draft has what came with 2019-09. */
    private final boolean newer;
    /** Whether it is 2020-12. */
    private final boolean newest;

    RandomJson(Random random, boolean newer, boolean newest) {
        this.random = random;
        this.newer = newer;
        this.newest = newest;
    }

    String value(int level) {
        return switch (random.nextInt(level > 2 ? 6 : 9)) {
            case 0 -> "null";
            case 1 -> String.valueOf(random.nextBoolean());
            case 2 -> String.valueOf(random.nextInt(5));
            case 3 -> of("1.0", "2.5", "-1", "1e1", "0.5", "-0", "30e-1");
            case 4, 5 -> text();
            case 6 -> list(4, () -> value(level + 1));
            default -> object(names(), () -> value(level + 1));
        };
    }

    private String text() {
        return of("\"\"", "\"a\"", "\"ab\"", "\"abc\"", "\"ü\"", "\"\\u0061\"", "\"\uD83D\uDE80\"", "\"1\"");
    }

    private String of(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private List<String> names() {
        return List.of("a", "b", "ab", "c").stream()
                .filter(any -> random.nextBoolean())
                .toList();
    }

    private String list(int most, Supplier<String> item) {
        return IntStream.range(0, random.nextInt(most))
                .mapToObj(any -> item.get())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private String some(Supplier<String> item) {
        return "[" + item.get() + (random.nextBoolean() ? ", " + item.get() : "") + "]";
    }

    private String object(List<String> names, Supplier<String> value) {
        return names.stream()
                .map(name -> "\"" + name + "\": " + value.get())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    String schema(int level) {
        if (level > 3 || random.nextInt(12) == 0) {
            return of(
                    "true",
                    "false",
                    "{}",
                    "{\"type\": \"string\"}",
                    "{\"type\": \"integer\"}",
                    "{\"type\": \"object\"}");
        }
        int keywords = 1 + random.nextInt(3);
        return random.ints(0, newer ? 30 : 24)
                .distinct()
                .limit(keywords)
                .mapToObj(keyword -> keyword(keyword, level + 1))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private String keyword(int keyword, int level) {
        Supplier<String> schema = () -> schema(level);
        return switch (keyword) {
            case 0 ->
                "\"type\": "
                        + of(
                                "\"string\"",
                                "\"integer\"",
                                "\"number\"",
                                "[\"object\", \"null\"]",
                                "\"array\", \"uniqueItems\": true",
                                "[\"array\", \"integer\"]",
                                "\"boolean\"");
            case 1 -> "\"enum\": " + some(() -> value(2));
            case 2 -> "\"const\": " + value(2);
            case 3 -> "\"minimum\": " + of("1", "0.5", "2");
            case 4 -> "\"exclusiveMaximum\": " + of("3", "2.5", "1e1");
            case 5 -> "\"multipleOf\": " + of("2", "0.5", "1.5");
            case 6 -> "\"minLength\": " + random.nextInt(3);
            case 7 -> "\"maxLength\": " + random.nextInt(3);
            case 8 -> "\"pattern\": " + of("\"^a\"", "\"b$\"", "\"[ab]{2}\"");
            case 9 -> "\"minItems\": " + random.nextInt(3) + ", \"maxItems\": " + (1 + random.nextInt(3));
            case 11 ->
                newest
                        ? "\"prefixItems\": " + some(schema) + ", \"items\": " + schema.get()
                        : "\"items\": " + some(schema) + ", \"additionalItems\": " + schema.get();
            case 12 -> "\"contains\": " + schema.get();
            case 13 -> "\"properties\": " + object(names(), schema);
            case 15 -> "\"required\": " + of("[\"a\"]", "[\"a\", \"b\"]", "[]");
            case 16 -> "\"additionalProperties\": " + schema.get();
            case 17 -> "\"patternProperties\": {\"^a\": " + schema.get() + "}";
            case 18 ->
                "\"propertyNames\": " + schema.get() + ", \"minProperties\": " + random.nextInt(2)
                        + ", \"maxProperties\": " + random.nextInt(5);
            case 19 -> "\"allOf\": " + some(schema);
            case 20 -> "\"anyOf\": " + some(schema);
            case 21 -> "\"oneOf\": " + some(schema);
            case 22 -> "\"not\": " + schema.get();
            case 23 -> "\"if\": " + schema.get() + ", \"then\": " + schema.get() + ", \"else\": " + schema.get();
            case 24 -> "\"dependentRequired\": {\"a\": [\"b\"]}";
            case 25 -> "\"dependentSchemas\": {\"b\": " + schema.get() + "}";
            case 26 -> "\"unevaluatedProperties\": " + schema.get();
            case 28 -> newest ? "\"unevaluatedItems\": " + schema.get() : "";
            case 10, 14, 27 -> "";
            default -> level < 3 ? "\"$ref\": \"#/definitions/b\"" : "";
        };
    }
}
