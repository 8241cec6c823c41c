package dev.weir.proxy.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the audit is written as lines, besides the topic.
 *
 * @param file appended to; begun anew when it was moved away
 * @param stdout on standard output, too
 */
public record AuditConfig(Optional<Path> file, boolean stdout) {
    /** Nowhere but on the topic. */
    public static final AuditConfig NONE = new AuditConfig(Optional.empty(), false);

    public boolean isNone() {
        return file.isEmpty() && !stdout;
    }
}
