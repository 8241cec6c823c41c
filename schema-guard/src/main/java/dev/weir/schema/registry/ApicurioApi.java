package dev.weir.schema.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.schema.framing.SchemaRef;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Apicurio's own API, version 2, for its global ids. A subject is the id of an artifact in the default group, as it is in Apicurio's
 * Confluent-compatible API.
 */
final class ApicurioApi implements RegistryApi {
    private static final int VERSIONS_PER_PAGE = 500;
    private static final Set<String> AVRO_TYPES = Set.of(
            "record", "error", "enum", "fixed", "array", "map", "null", "boolean", "int", "long", "float", "double",
            "bytes", "string");
    private static final Set<String> JSON_SCHEMA_WORDS =
            Set.of("$schema", "$id", "$ref", "enum", "const", "anyOf", "oneOf", "allOf", "properties");

    private final URI base;
    private final Function<URI, CompletableFuture<Optional<RegistryClient.Answer>>> get;

    /**
     * Finds it beside the other.
     *
     * @param compatible where the Confluent-compatible API is
     */
    ApicurioApi(URI compatible, Function<URI, CompletableFuture<Optional<RegistryClient.Answer>>> get) {
        this.base = compatible.resolve("/apis/registry/v2");
        this.get = get;
    }

    @Override
    public CompletableFuture<Optional<RawSchema>> schema(SchemaRef ref) {
        return content(ref).thenApply(found -> found.map(ApicurioApi::raw));
    }

    @Override
    public CompletableFuture<Optional<Set<String>>> subjects(SchemaRef ref, String subject) {
        return isVersion(((SchemaRef.GlobalId) ref).id(), subject, 0)
                .thenCompose(is -> is
                        ? CompletableFuture.completedFuture(Optional.of(Set.of(subject)))
                        : content(ref).thenApply(found -> found.map(other -> Set.of())));
    }

    private CompletableFuture<Boolean> isVersion(long id, String subject, int offset) {
        String path = "/groups/default/artifacts/" + ConfluentApi.encoded(subject) + "/versions?limit="
                + VERSIONS_PER_PAGE + "&offset=" + offset;
        return get.apply(URI.create(base + path)).thenCompose(found -> {
            JsonNode page = found.map(answer -> RegistryClient.parsed(answer.text()))
                    .orElseGet(() -> RegistryClient.parsed("{}"));
            for (JsonNode version : page.path("versions")) {
                if (version.path("globalId").asLong() == id) {
                    return CompletableFuture.completedFuture(true);
                }
            }
            int next = offset + VERSIONS_PER_PAGE;
            return page.path("count").asInt() > next && !page.path("versions").isEmpty()
                    ? isVersion(id, subject, next)
                    : CompletableFuture.completedFuture(false);
        });
    }

    private CompletableFuture<Optional<RegistryClient.Answer>> content(SchemaRef ref) {
        return get.apply(URI.create(base + "/ids/globalIds/" + ((SchemaRef.GlobalId) ref).id() + "?dereference=true"));
    }

    private static RawSchema raw(RegistryClient.Answer answer) {
        boolean protobuf =
                answer.headers().firstValue("Content-Type").orElse("").contains("protobuf");
        return new RawSchema(
                protobuf ? "PROTOBUF" : isAvro(RegistryClient.parsed(answer.text())) ? "AVRO" : "JSON",
                answer.text(),
                Map.of());
    }

    /**
     * Whether what is JSON is an Avro schema, and not a JSON Schema: the answer does not say it. What could be both, such as {@code {"type":
     * "string"}}, is one.
     */
    static boolean isAvro(JsonNode schema) {
        return schema.isTextual()
                || schema.isArray()
                || (AVRO_TYPES.contains(schema.path("type").asText())
                        && JSON_SCHEMA_WORDS.stream().noneMatch(schema::has));
    }
}
