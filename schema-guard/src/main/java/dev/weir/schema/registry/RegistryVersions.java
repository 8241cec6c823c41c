package dev.weir.schema.registry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Reads what a registry has under a subject, for those who compare. Nothing is kept. Any thread. */
public final class RegistryVersions {
    private final ConfluentApi api;

    public RegistryVersions(RegistrySettings settings, RegistryAccess access) {
        RegistryClient client = new RegistryClient(settings, access);
        this.api = new ConfluentApi(client::json);
    }

    /**
     * Versions of a subject with all that they refer to, by their numbers; none when there is no such subject. Fails with a {@link
     * RegistryException} or an {@link UnusableSchemaException}.
     *
     * @param all every one, and not only the latest
     */
    public CompletableFuture<SortedMap<Integer, RawSchema>> of(String subject, boolean all) {
        return api.versions(subject).thenCompose(found -> {
            List<Integer> numbers = found.orElse(List.of());
            SortedMap<Integer, RawSchema> versions = new TreeMap<>();
            CompletableFuture<?> read = CompletableFuture.completedFuture(null);
            for (int number :
                    all || numbers.isEmpty() ? numbers : numbers.subList(numbers.size() - 1, numbers.size())) {
                read = read.thenCompose(before -> api.version(subject, number))
                        .thenAccept(version -> version.ifPresent(schema -> versions.put(number, schema)));
            }
            return read.thenApply(done -> versions);
        });
    }
}
