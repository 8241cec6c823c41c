package dev.weir.schema.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one registry and what is kept of it are doing. Counts are since the start.
 *
 * @param hits lookups that were answered by what is kept: one for each batch that is looked into, or each change of schema within it, and
 *     one for each connection that goes on writing with a schema of which only the id counts
 * @param misses lookups that had to ask, or to wait for somebody who asks
 * @param waiting schemas and subjects that are being asked for now
 * @param kept answers that are kept now
 * @param keptBytes how much they take, about
 * @param failures questions that failed, by kind
 * @param lastError why it is left alone now; {@code null} while it answers
 */
public record RegistryStats(
        String name,
        long hits,
        long misses,
        int waiting,
        long kept,
        long keptBytes,
        Map<RegistryFailure, Long> failures,
        @Nullable String lastError) {}
