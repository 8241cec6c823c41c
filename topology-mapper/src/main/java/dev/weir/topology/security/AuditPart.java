package dev.weir.topology.security;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.InMemoryPart;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.List;

/** The part of the stream that counts denials and administrative requests. */
public final class AuditPart {
    static final String STORE = "audit";

    private AuditPart() {}

    public static StreamPart of(ReportCounts counts) {
        return new InMemoryPart("audit", ReportTopic.AUDIT, List.of(STORE), () -> new AuditProcessor(counts));
    }
}
