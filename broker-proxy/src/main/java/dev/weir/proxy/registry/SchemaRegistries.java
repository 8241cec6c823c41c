package dev.weir.proxy.registry;

import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.schema.registry.RegistryStats;
import dev.weir.schema.registry.SchemaRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All registries of a proxy, by name. Any thread. */
public final class SchemaRegistries implements AutoCloseable {
    private final Map<String, RegistryConnection> byName = new LinkedHashMap<>();

    private SchemaRegistries() {}

    /**
     * Reads their files. Nothing is asked before a record needs it.
     *
     * @throws IllegalArgumentException when a file is of no use
     */
    public static SchemaRegistries open(Vertx vertx, List<SchemaRegistryConfig> configs) {
        SchemaRegistries opened = new SchemaRegistries();
        for (SchemaRegistryConfig config : configs) {
            try {
                opened.byName.put(config.name(), RegistryConnection.open(vertx, config));
            } catch (UnusableFileException e) {
                opened.close();
                throw new IllegalArgumentException("schema registry " + config.name() + ": " + e.getMessage(), e);
            }
        }
        return opened;
    }

    /** One of them, or {@code null} when this proxy has none of that name. */
    public @Nullable SchemaRegistry find(String name) {
        RegistryConnection found = byName.get(name);
        return found == null ? null : found.registry();
    }

    /** How each is doing. */
    public List<RegistryStats> stats() {
        return byName.values().stream()
                .map(connection -> connection.registry().stats())
                .toList();
    }

    /**
     * What there is to say of each.
     *
     * @param named those that policy names; what is missing of them is said, too
     */
    public List<RegistryStatus> status(Set<String> named) {
        List<RegistryStatus> all = new ArrayList<>();
        byName.forEach((name, connection) -> all.add(new RegistryStatus(
                name,
                connection.config().url().toString(),
                connection.registry().stats(),
                connection.problems())));
        for (String name : new TreeSet<>(named)) {
            if (!byName.containsKey(name)) {
                all.add(new RegistryStatus(name, null, null, List.of(missing(name))));
            }
        }
        return all;
    }

    /** What is said of one that is not there. */
    public static String missing(String name) {
        return "policy names schema registry " + name + ", and this proxy has none of that name;"
                + " it wants schemaRegistries in weir.yaml";
    }

    @Override
    public void close() {
        byName.values().forEach(RegistryConnection::close);
    }
}
