package dev.weir.proxy.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards clients, 1.2 or newer.
 *
 * @param certificate PEM chain
 * @param key PEM (PKCS#8) private key
 * @param clientAuth whether clients are asked for a certificate
 * @param clientCa PEM file of the authorities that sign client certificates; {@code null} only with
 *     {@link ClientAuth#NONE}
 * @param principalFrom where a client certificate's principal is taken from: the first that is there
 * @param crl file of client certificates that were taken back (RFC 5280), re-read when it changes; or {@code null}
 */
public record ListenerTls(
        Path certificate,
        Path key,
        ClientAuth clientAuth,
        @Nullable Path clientCa,
        List<CertificatePrincipal> principalFrom,
        @Nullable Path crl) {

    public ListenerTls {
        principalFrom = List.copyOf(principalFrom);
    }

    /** Without a list of certificates that were taken back. */
    public ListenerTls(
            Path certificate,
            Path key,
            ClientAuth clientAuth,
            @Nullable Path clientCa,
            List<CertificatePrincipal> principalFrom) {
        this(certificate, key, clientAuth, clientCa, principalFrom, null);
    }

    /** Whether clients are asked for a certificate. */
    public enum ClientAuth {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    /** The part of a certificate that names its bearer. */
    public enum CertificatePrincipal {
        /** The first URI in the subject alternative names, a SPIFFE id for instance. */
        SAN_URI,
        /** The first DNS name in the subject alternative names. */
        SAN_DNS,
        /** The common name of the subject. */
        SUBJECT_CN,
        /** The whole subject (RFC 2253), as Kafka does by default. */
        SUBJECT
    }
}
