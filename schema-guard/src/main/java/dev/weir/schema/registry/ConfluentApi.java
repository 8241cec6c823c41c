package dev.weir.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.schema.framing.SchemaRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The API of Confluent's registry, which Karapace, Redpanda and Apicurio have, too. Ids and GUIDs; references are followed, in
 * bounds.
 */
final class ConfluentApi implements RegistryApi {
    private final Function<String, CompletableFuture<Optional<JsonNode>>> get;

    /** @param get asks for a path of the API */
    ConfluentApi(Function<String, CompletableFuture<Optional<JsonNode>>> get) {
        this.get = get;
    }

    @Override
    public CompletableFuture<Optional<RawSchema>> schema(SchemaRef ref) {
        return get.apply(path(ref)).thenCompose(this::whole);
    }

    /** One version of a subject. */
    CompletableFuture<Optional<RawSchema>> version(String subject, int number) {
        return get.apply(versionPath(subject, Integer.toString(number))).thenCompose(this::whole);
    }

    /** All versions of a subject, the oldest first; empty when there is no such subject. */
    CompletableFuture<Optional<List<Integer>>> versions(String subject) {
        return get.apply("/subjects/" + encoded(subject) + "/versions")
                .thenApply(found -> found.map(versions -> {
                    List<Integer> numbers = new ArrayList<>();
                    list(versions).forEach(version -> numbers.add(version.asInt()));
                    return numbers;
                }));
    }

    @Override
    public CompletableFuture<Optional<Set<String>>> subjects(SchemaRef ref, String subject) {
        if (!(ref instanceof SchemaRef.Guid)) {
            return subjects(path(ref));
        }
        return get.apply(path(ref) + "/ids").thenCompose(found -> {
            if (found.isPresent()) {
                for (JsonNode id : list(found.get())) {
                    if (".".equals(id.path("context").asText())) { // the default one, as for ids
                        return subjects("/schemas/ids/" + id.path("id").asInt());
                    }
                }
            }
            return CompletableFuture.completedFuture(Optional.empty());
        });
    }

    private CompletableFuture<Optional<Set<String>>> subjects(String path) {
        return get.apply(path + "/versions")
                .thenApply(found -> found.map(versions -> {
                    Set<String> subjects = new TreeSet<>();
                    list(versions)
                            .forEach(version ->
                                    subjects.add(version.path("subject").asText()));
                    return subjects;
                }));
    }

    private CompletableFuture<Optional<RawSchema>> whole(Optional<JsonNode> found) {
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        JsonNode schema = found.get();
        String text = text(schema);
        String type = schema.path("schemaType").asText("AVRO"); // not said for Avro
        return new SchemaReferences((subject, version) -> get.apply(versionPath(subject, version)))
                .of(schema)
                .thenApply(references -> Optional.of(new RawSchema(type, text, references)));
    }

    /** The schema that an answer holds. */
    static String text(JsonNode answer) {
        if (!answer.path("schema").isTextual()) {
            throw RegistryClient.notUnderstood("JSON without a schema");
        }
        return answer.path("schema").asText();
    }

    private static JsonNode list(JsonNode answer) {
        if (!answer.isArray()) {
            throw RegistryClient.notUnderstood("JSON that is no list");
        }
        return answer;
    }

    private static String path(SchemaRef ref) {
        if (ref instanceof SchemaRef.Id id) {
            return "/schemas/ids/" + Integer.toUnsignedString(id.id());
        } else if (ref instanceof SchemaRef.Guid guid) {
            return "/schemas/guids/" + guid.guid();
        }
        throw new IllegalArgumentException(ref + " is nothing that this API knows");
    }

    private static String versionPath(String subject, String version) {
        return "/subjects/" + encoded(subject) + "/versions/" + version;
    }

    /** As a part of a path, where a plus is a plus. */
    static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
