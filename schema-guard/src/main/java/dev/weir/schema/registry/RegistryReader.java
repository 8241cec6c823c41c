package dev.weir.schema.registry;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.SchemaRef;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Reads the schema that one record says, for those who explain. Nothing is kept. Any thread. */
public final class RegistryReader {
    private final ConfluentApi confluent;
    private final ApicurioApi apicurio;

    public RegistryReader(RegistrySettings settings, RegistryAccess access) {
        RegistryClient client = new RegistryClient(settings, access);
        this.confluent = new ConfluentApi(client::json);
        this.apicurio = new ApicurioApi(settings.url(), client::get);
    }

    /**
     * A schema of the registry.
     *
     * @param type as registries call it: AVRO, JSON, PROTOBUF
     * @param subjects that it is registered for; empty for one that was asked for by a global id, where registries do not say
     * @param validator reads by it
     */
    public record Found(String type, Set<String> subjects, PayloadValidator validator) {}

    /**
     * One schema; empty when there is none of the id. Fails with a {@link RegistryException} or an {@link UnusableSchemaException}.
     *
     * @param ref not {@link SchemaRef.Declared}
     */
    public CompletableFuture<Optional<Found>> read(SchemaRef ref, Reading reading) {
        if (!SchemaRegistry.isGivenOut(ref)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        boolean global = ref instanceof SchemaRef.GlobalId;
        return (global ? apicurio.schema(ref) : confluent.schema(ref)).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            RawSchema raw = found.get();
            PayloadValidator validator =
                    RegisteredSchemas.compile(raw, reading).validators().apply(ref.messageIndexes());
            return (global
                            ? CompletableFuture.completedFuture(Optional.<Set<String>>empty())
                            : confluent.subjects(ref, ""))
                    .thenApply(subjects -> Optional.of(new Found(raw.type(), subjects.orElse(Set.of()), validator)));
        });
    }
}
