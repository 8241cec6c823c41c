package dev.weir.proxy.report;

import dev.weir.proxy.audit.AuditLines;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.config.AuditConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** An audit whose lines go to a file. */
final class TestTrail {
    private TestTrail() {}

    static AuditTrail to(Path file) {
        try {
            return new AuditTrail(AuditLines.open(new AuditConfig(Optional.of(file), false), "fixture", System.out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
