package dev.weir.proxy.mirror;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one mirror is doing.
 *
 * @param to the cluster and topic that it leads to, as policy says it; empty when policy has it no more
 * @param delayMillis how long after its acknowledgement the batch was mirrored that was mirrored last
 * @param lastError why records were not mirrored last; {@code null} when all were
 * @param untold whether some of its topics are too many to be told apart in reports
 */
public record MirrorStatus(
        String name,
        String to,
        MirrorLedger ledger,
        long delayMillis,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt,
        boolean untold) {}
