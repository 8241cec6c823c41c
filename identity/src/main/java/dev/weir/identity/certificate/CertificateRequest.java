package dev.weir.identity.certificate;

import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import java.time.Duration;
import java.util.List;

/**
 * What a certificate is to say. The key is made where the request is, and stays there.
 *
 * @param commonName for people who look at it; empty for none
 * @param ids SPIFFE ids, as URIs in the subject alternative names
 * @param hosts DNS names and addresses in the subject alternative names
 * @param usage what it is good for
 * @param lifetime from now on
 */
public record CertificateRequest(
        String commonName, List<SpiffeId> ids, List<HostName> hosts, Usage usage, Duration lifetime) {
    private static final int COMMON_NAME_MAX = 64; // RFC 5280, appendix A: ub-common-name

    public CertificateRequest {
        ids = List.copyOf(ids);
        hosts = List.copyOf(hosts);
        if (ids.isEmpty() && hosts.isEmpty()) {
            throw new IllegalArgumentException("a certificate for nobody");
        }
    }

    /** Extended key usage. */
    public enum Usage {
        CLIENT,
        SERVER
    }

    /** For a workload that connects. */
    public static CertificateRequest service(SpiffeId id, Duration lifetime) {
        return of(List.of(id), List.of(), lifetime);
    }

    /** For a listener. */
    public static CertificateRequest listener(List<HostName> hosts, Duration lifetime) {
        return of(List.of(), hosts, lifetime);
    }

    /** For a server, where there are hosts; else for a client. */
    public static CertificateRequest of(List<SpiffeId> ids, List<HostName> hosts, Duration lifetime) {
        String name = hosts.isEmpty() ? ids.get(0).path() : hosts.get(0).value();
        return new CertificateRequest(
                fitting(name), ids, hosts, hosts.isEmpty() ? Usage.CLIENT : Usage.SERVER, lifetime);
    }

    private static String fitting(String name) {
        return name.length() > COMMON_NAME_MAX ? "" : name;
    }
}
