package dev.weir.proxy.mirror;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records that a mirror took from one topic.
 *
 * @param inForce whether policy still has it
 * @param lastError why some were not mirrored last; {@code null} when all were
 */
public record MirrorFlow(
        MirrorRoute route,
        MirrorLedger ledger,
        boolean inForce,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {}
