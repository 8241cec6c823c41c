package dev.weir.proxy.connection;

import dev.weir.mesh.log.FailureWords;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a client's TLS handshake failed, as far as the exceptions of Netty and the JDK say it. */
final class TlsFailure {
    private static final String CLOSED = "the connection was closed before the TLS handshake was done";

    /** How Netty begins to say it; the bytes that came are what it goes on with. */
    private static final String NO_TLS = "not an SSL/TLS record";

    /** How the JDK says it when a client that has to show a certificate shows none. */
    private static final String NO_CERTIFICATE = "Empty client certificate chain";

    /**
     * How the JDK names an alert that came (RFC 8446, section 6). OpenSSL's is not encrypted where a client of TLS 1.3 does not take
     * the server's certificate, for it has not changed its keys by then: newer JDKs name it as unexpected.
     */
    private static final Pattern ALERT =
            Pattern.compile("(?:Received fatal alert: |Level: fatal; Alert: )([a-z_]{1,40})");

    /** As {@link #ALERT}, where the JDK does not look which one it is: an alert has two bytes (section 6). */
    private static final String BARE_ALERT = "Insufficient buffer remaining for AEAD cipher fragment (2)";

    /** By what a peer says that it does not take the certificate (section 6.2). */
    private static final Set<String> DISTRUST = Set.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca");

    /** Who ends TLS. */
    enum Peer {
        CLIENT("the client", "the listener's certificate"),
        BROKER("the broker", "Weir's certificate");

        private final String name;
        /** What Weir shows it. */
        private final String shown;

        Peer(String name, String shown) {
            this.name = name;
            this.shown = shown;
        }
    }

    private TlsFailure() {}

    /** Whether the connection ended before anybody said no. */
    static boolean isClose(Throwable cause) {
        return cause instanceof SSLException
                ? cause.getCause() instanceof ClosedChannelException
                : cause instanceof IOException;
    }

    /** Why TLS broke off when its handshake was done; {@code null} when it is not TLS that broke. */
    static @Nullable String afterHandshake(Throwable cause, Peer peer) {
        return cause instanceof DecoderException && cause.getCause() instanceof SSLException broken
                ? "TLS with " + peer.name + " broke off: " + detail(broken, peer)
                : null;
    }

    /** For the audit: of a bounded set, without anything that the client sent. */
    static String words(Throwable cause) {
        if (cause instanceof SslHandshakeTimeoutException) {
            return "TLS handshake took too long";
        }
        String reason = isClose(cause) ? CLOSED : reason(cause);
        return reason == null ? "TLS handshake failed" : "TLS handshake failed: " + reason;
    }

    /**
     * For the log: the exception's own words where there are any, but for an alert, of which they say less. What came in
     * place of TLS is not told: whoever speaks another protocol here may have begun with a password.
     */
    static String detail(Throwable cause) {
        return detail(cause, Peer.CLIENT);
    }

    private static String detail(Throwable cause, Peer peer) {
        if (isClose(cause)) {
            return CLOSED;
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String alert = alert(String.valueOf(each.getMessage()), peer);
            if (alert != null) {
                return alert;
            }
        }
        String message = cause.getMessage();
        if (message == null) {
            return words(cause);
        }
        int at = message.indexOf(NO_TLS);
        return at < 0 ? FailureWords.plain(message) : message.substring(0, at + NO_TLS.length());
    }

    /** The innermost that is known: a path of certificates that is no good has the certificate's fault as its cause. */
    private static @Nullable String reason(Throwable cause) {
        String reason = null;
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String found = one(each);
            reason = found == null ? reason : found;
        }
        return reason;
    }

    private static @Nullable String one(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return "the client showed a certificate that has expired";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "the client showed a certificate that is not valid yet";
        }
        if (cause instanceof CertPathBuilderException || isOfNoAuthority(cause)) {
            return "the client showed a certificate of no authority that the listener trusts";
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains(NO_TLS)) {
            return "what came is not TLS";
        }
        if (message.contains(NO_CERTIFICATE)) {
            return "the client showed no certificate";
        }
        return alert(message, Peer.CLIENT);
    }

    private static @Nullable String alert(String message, Peer peer) {
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            String name = alert.group(1);
            return peer.name + " ended it with the alert " + name
                    + (DISTRUST.contains(name) ? ": it does not accept " + peer.shown : "");
        }
        return message.contains(BARE_ALERT)
                ? peer.name + " ended it with an alert, as those do that do not accept " + peer.shown
                : null;
    }

    private static boolean isOfNoAuthority(Throwable cause) {
        return cause instanceof CertPathValidatorException path
                && (path.getReason() == BasicReason.INVALID_SIGNATURE
                        || path.getReason() == PKIXReason.NO_TRUST_ANCHOR);
    }
}
