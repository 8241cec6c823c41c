package dev.weir.proxy.registry;

import dev.weir.schema.registry.RegistryStats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registry at one moment. Holds no secrets.
 *
 * @param url where it is; {@code null} for one that policy names and this proxy does not have
 * @param stats how it does; {@code null} as before
 * @param problems what keeps it from doing what policy or its files say
 */
public record RegistryStatus(
        String name, @Nullable String url, @Nullable RegistryStats stats, List<String> problems) {}
