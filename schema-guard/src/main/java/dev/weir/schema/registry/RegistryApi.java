package dev.weir.schema.registry;

import dev.weir.schema.framing.SchemaRef;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The questions of one kind of registry. What fails, fails as {@link RegistryClient#get} does. */
interface RegistryApi {
    /** A schema with all that it refers to; empty when there is none. */
    CompletableFuture<Optional<RawSchema>> schema(SchemaRef ref);

    /**
     * Subjects that a schema is registered for; empty when there is no such schema.
     *
     * @param subject is among them when it is one; others need not be
     */
    CompletableFuture<Optional<Set<String>>> subjects(SchemaRef ref, String subject);
}
