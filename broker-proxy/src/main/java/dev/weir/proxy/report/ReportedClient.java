package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Client;

/**
 * Who is at the other end of a connection, as reports name it. Immutable.
 *
 * @param cluster the cluster behind the listener
 * @param principal type and name
 * @param service empty when the principal belongs to none
 * @param version empty when the client id belongs to none
 * @param softwareName from ApiVersions (KIP-511), or empty
 * @param source the peer's address
 */
record ReportedClient(
        String cluster,
        String listener,
        String principal,
        String service,
        String version,
        String clientId,
        String softwareName,
        String softwareVersion,
        String mechanism,
        boolean tls,
        String source) {

    Client message() {
        return Client.newBuilder()
                .setListener(listener)
                .setPrincipal(principal)
                .setService(service)
                .setVersion(version)
                .setClientId(clientId)
                .setSoftwareName(softwareName)
                .setSoftwareVersion(softwareVersion)
                .setMechanism(mechanism)
                .setTls(tls)
                .setSource(source)
                .build();
    }
}
