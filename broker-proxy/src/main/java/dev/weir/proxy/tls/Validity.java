package dev.weir.proxy.tls;

import java.security.cert.X509Certificate;

/** From when to when a certificate holds, in epoch milliseconds; 0 and 0 where there is none. */
public record Validity(long notBeforeMillis, long notAfterMillis) {
    public static final Validity NONE = new Validity(0, 0);

    public static Validity of(X509Certificate certificate) {
        return new Validity(
                certificate.getNotBefore().toInstant().toEpochMilli(),
                certificate.getNotAfter().toInstant().toEpochMilli());
    }
}
