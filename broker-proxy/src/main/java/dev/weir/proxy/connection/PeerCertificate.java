package dev.weir.proxy.connection;

import dev.weir.proxy.tls.Validity;
import java.math.BigInteger;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What is told of a client's certificate: how long it holds, for those who have to renew it in time, and its number. */
final class PeerCertificate {
    private PeerCertificate() {}

    /** Its serial number as {@code openssl x509 -serial} and {@code openssl crl -text} show it: whole bytes in hexadecimal. */
    static String serial(BigInteger number) {
        String digits = number.toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : '0' + digits;
    }

    /**
     * Of a client without one, {@link Validity#NONE}.
     *
     * @param session the TLS session, or {@code null} for plaintext
     */
    static Validity validity(@Nullable SSLSession session) {
        try {
            Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? Validity.of(own) : Validity.NONE;
        } catch (SSLPeerUnverifiedException e) {
            return Validity.NONE; // it showed none, and the listener does not insist
        }
    }
}
