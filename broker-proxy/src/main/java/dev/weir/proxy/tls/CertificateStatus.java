package dev.weir.proxy.tls;

import java.time.Instant;

/**
 * A certificate in force. Of a chain, the one that ends first; of authorities, the first to end of those that have not
 * ended yet, since a file may hold the old one beside the new one.
 *
 * @param listener whether it is a listener's; else a cluster's
 * @param owner name of the listener or cluster
 * @param subject distinguished name, or the first alternative name where that is empty
 * @param notBefore when its validity began
 * @param notAfter when its validity ends
 */
public record CertificateStatus(
        boolean listener, String owner, CertificateRole role, String subject, Instant notBefore, Instant notAfter) {}
