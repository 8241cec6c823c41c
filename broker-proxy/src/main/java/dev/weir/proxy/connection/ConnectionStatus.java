package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;

/**
 * One client that is connected now. Holds no secrets.
 *
 * @param id unique as long as the proxy runs; later connections have higher ones
 * @param service that policy takes it for, or empty
 * @param version of the Service, or empty
 * @param clientId of its last request, or empty
 * @param software from ApiVersions (KIP-511), as far as it is reported, or empty
 * @param authenticated whether it has said who it is; until then the subject is what the transport knows
 */
public record ConnectionStatus(
        long id,
        String listener,
        Subject subject,
        String service,
        String version,
        String clientId,
        String software,
        boolean authenticated,
        long sinceMillis) {}
