package dev.weir.topology.sample;

import dev.weir.topology.view.AuditEntry;
import java.util.List;

/** What happened in the sample mesh. */
final class SampleAudit {
    private SampleAudit() {}

    static List<AuditEntry> entries() {
        long now = SampleMesh.now();
        return List.of(
                client(AuditEntry.Kind.LOG_IN, now - 30_000, "checkout", "", "", "", ""),
                client(AuditEntry.Kind.DENIED, now - 20_000, "shipping", "READ", "orders", "orders/not-shipping", ""),
                client(AuditEntry.Kind.LOG_IN_FAILED, now - 10_000, "", "", "", "", "invalid username or password"));
    }

    private static AuditEntry client(
            AuditEntry.Kind kind,
            long atMillis,
            String service,
            String operation,
            String topic,
            String rule,
            String reason) {
        return new AuditEntry(
                kind,
                atMillis,
                atMillis,
                1,
                "weir-1",
                "main",
                "internal",
                "User:" + (service.isEmpty() ? "intruder" : service),
                service,
                "",
                "",
                "",
                "PLAIN",
                true,
                "10.1.2.3",
                topic.isEmpty() ? "" : "TOPIC",
                topic,
                operation,
                rule,
                rule.isEmpty() ? "" : "orders.yaml:13",
                rule.isEmpty() ? "" : "26b6c8c",
                "",
                "",
                reason,
                "",
                "");
    }
}
