package dev.weir.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Follows the references of one schema to their ends, one question after the other: no circles, no more than {@value #DEPTH_MAX} deep, no more
 * than {@value #COUNT_MAX} schemas of {@value #CHARACTERS_MAX} characters together. For one schema only.
 */
final class SchemaReferences {
    private static final int DEPTH_MAX = 16;
    private static final int COUNT_MAX = 100;
    private static final int CHARACTERS_MAX = 4 << 20;

    private final BiFunction<String, String, CompletableFuture<Optional<JsonNode>>> version;
    private final Map<String, String> found = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private long characters;

    /** @param version asks for a version of a subject */
    SchemaReferences(BiFunction<String, String, CompletableFuture<Optional<JsonNode>>> version) {
        this.version = version;
    }

    /** Their texts by their names; fails with an {@link UnusableSchemaException} when they cannot be followed. */
    CompletableFuture<Map<String, String>> of(JsonNode schema) {
        return follow(schema, List.of()).thenApply(done -> found);
    }

    private CompletableFuture<?> follow(JsonNode schema, List<String> path) {
        CompletableFuture<?> followed = CompletableFuture.completedFuture(null);
        for (JsonNode reference : schema.path("references")) {
            followed = followed.thenCompose(before -> follow(
                    reference.path("name").asText(),
                    reference.path("subject").asText(),
                    reference.path("version").asText(),
                    path));
        }
        return followed;
    }

    private CompletableFuture<?> follow(String name, String subject, String number, List<String> path) {
        String place = subject + " version " + number;
        List<String> deeper = Stream.concat(path.stream(), Stream.of(place)).toList();
        if (path.contains(place)) {
            throw new UnusableSchemaException("its references go in a circle: " + String.join(" -> ", deeper));
        }
        if (deeper.size() > DEPTH_MAX) {
            throw new UnusableSchemaException("its references go deeper than " + DEPTH_MAX + " levels");
        }
        String known = places.putIfAbsent(name, place);
        if (place.equals(known)) {
            return CompletableFuture.completedFuture(null);
        }
        if (known != null) {
            throw new UnusableSchemaException("it refers to " + name + " twice, as " + known + " and as " + place);
        }
        if (places.size() > COUNT_MAX) {
            throw new UnusableSchemaException("it refers to more than " + COUNT_MAX + " schemas");
        }
        return version.apply(subject, number).thenCompose(answer -> {
            JsonNode schema = answer.orElseThrow(
                    () -> new UnusableSchemaException("it refers to " + place + ", which there is not"));
            String text = ConfluentApi.text(schema);
            characters += text.length();
            if (characters > CHARACTERS_MAX) {
                throw new UnusableSchemaException("what it refers to has more than " + CHARACTERS_MAX + " characters");
            }
            found.put(name, text);
            return follow(schema, deeper);
        });
    }
}
