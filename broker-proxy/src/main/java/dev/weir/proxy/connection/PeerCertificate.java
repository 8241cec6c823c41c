package dev.weir.proxy.connection;

import dev.weir.proxy.tls.Validity;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** How long a client's certificate holds, for those who have to renew it in time. */
final class PeerCertificate {
    private PeerCertificate() {}

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
