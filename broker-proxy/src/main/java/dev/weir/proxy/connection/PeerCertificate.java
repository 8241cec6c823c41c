package dev.weir.proxy.connection;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** When a client's certificate ends, for those who have to renew it in time. */
final class PeerCertificate {
    private PeerCertificate() {}

    /**
     * In epoch milliseconds; 0 for a client without one.
     *
     * @param session the TLS session, or {@code null} for plaintext
     */
    static long notAfterMillis(@Nullable SSLSession session) {
        try {
            Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own
                    ? own.getNotAfter().toInstant().toEpochMilli()
                    : 0;
        } catch (SSLPeerUnverifiedException e) {
            return 0; // it showed none, and the listener does not insist
        }
    }
}
