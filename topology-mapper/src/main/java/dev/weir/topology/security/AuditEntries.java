package dev.weir.topology.security;

import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Client;
import dev.weir.topology.view.AuditEntry;
import org.apache.kafka.common.protocol.Errors;

/** Audit reports as the view shows them. */
final class AuditEntries {
    private AuditEntries() {}

    static AuditEntry of(Audit audit) {
        Client client = audit.getClient();
        return new AuditEntry(
                kind(audit.getKind()),
                audit.getFirstMillis(),
                audit.getLastMillis(),
                audit.getCount(),
                audit.getHeader().getProxy(),
                audit.getHeader().getCluster(),
                client.getListener(),
                client.getPrincipal(),
                client.getService(),
                client.getVersion(),
                client.getClientId(),
                (client.getSoftwareName() + " " + client.getSoftwareVersion()).strip(),
                client.getMechanism(),
                client.getTls(),
                client.getSource(),
                audit.getResourceType(),
                audit.getResourceName(),
                audit.getOperation(),
                audit.getRule(),
                audit.getRuleAt(),
                audit.getPolicyRevision(),
                audit.getApi(),
                audit.getKind() == Audit.Kind.ADMIN
                        ? Errors.forCode((short) audit.getErrorCode()).name()
                        : "",
                audit.getReason(),
                audit.getAuthor(),
                audit.getExample());
    }

    private static AuditEntry.Kind kind(Audit.Kind kind) {
        return switch (kind) {
            case DENIED -> AuditEntry.Kind.DENIED;
            case DRY_RUN_DENIED -> AuditEntry.Kind.DRY_RUN_DENIED;
            case ADMIN -> AuditEntry.Kind.ADMIN;
            case LOG_IN -> AuditEntry.Kind.LOG_IN;
            case LOG_IN_FAILED -> AuditEntry.Kind.LOG_IN_FAILED;
            case POLICY_IN_FORCE -> AuditEntry.Kind.POLICY_IN_FORCE;
            case POLICY_REFUSED -> AuditEntry.Kind.POLICY_REFUSED;
            case SCHEMA_VIOLATION -> AuditEntry.Kind.SCHEMA_VIOLATION;
            case READ_REFUSED -> AuditEntry.Kind.READ_REFUSED;
            case SESSION_ENDED -> AuditEntry.Kind.SESSION_ENDED;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> AuditEntry.Kind.OTHER;
        };
    }
}
