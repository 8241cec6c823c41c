package dev.weir.topology.security;

import dev.weir.mesh.report.v1.Client;
import dev.weir.topology.state.v1.AuditRecord;

/**
 * The certificate of a client.
 *
 * @param who its Service, or its principal where it is none
 * @param notBeforeMillis 0 where it is not known
 */
public record ClientCertificate(String who, long notBeforeMillis, long notAfterMillis, long lastSeenMillis) {

    static ClientCertificate of(AuditRecord record) {
        Client client = record.getAudit().getClient();
        return new ClientCertificate(
                client.getService().isEmpty() ? client.getPrincipal() : client.getService(),
                record.getAudit().getCertificateNotBeforeMillis(),
                record.getAudit().getCertificateNotAfterMillis(),
                record.getLastSeenMillis());
    }
}
