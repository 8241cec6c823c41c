package dev.weir.proxy.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** How a certificate is called where people read of it. */
final class CertificateName {
    private CertificateName() {}

    static String of(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        if (!subject.isEmpty()) {
            return subject;
        }
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null || names.isEmpty()
                    ? ""
                    : String.valueOf(names.iterator().next().get(1));
        } catch (CertificateParsingException e) {
            return "";
        }
    }
}
