package dev.weir.identity.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with all that its bearer needs. {@link #toString} never shows the key.
 *
 * @param chain the certificate first, then its issuers without the root
 * @param key its private key
 * @param authorities whom to trust, at least one
 */
public record IssuedCertificate(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
    public IssuedCertificate {
        chain = List.copyOf(chain);
        authorities = List.copyOf(authorities);
    }

    public X509Certificate certificate() {
        return chain.get(0);
    }

    public Instant notBefore() {
        return certificate().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    @Override
    public String toString() {
        return "IssuedCertificate[serial=" + certificate().getSerialNumber().toString(16) + ", notAfter=" + notAfter()
                + "]";
    }
}
