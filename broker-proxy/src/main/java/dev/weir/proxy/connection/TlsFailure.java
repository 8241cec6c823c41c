package dev.weir.proxy.connection;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
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

    /** How the JDK names an alert that came (RFC 8446, section 6). */
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]{1,40})");

    private TlsFailure() {}

    /** Whether the connection ended before anybody said no. */
    static boolean isClose(Throwable cause) {
        return cause instanceof SSLException
                ? cause.getCause() instanceof ClosedChannelException
                : cause instanceof IOException;
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
     * For the log: the exception's own words where there are any. What came in place of TLS is not told: whoever speaks another
     * protocol here may have begun with a password.
     */
    static String detail(Throwable cause) {
        if (isClose(cause)) {
            return CLOSED;
        }
        String message = cause.getMessage();
        if (message == null) {
            return words(cause);
        }
        int at = message.indexOf(NO_TLS);
        return at < 0 ? message : message.substring(0, at + NO_TLS.length());
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
        Matcher alert = ALERT.matcher(message);
        return alert.find() ? "the client ended it with the alert " + alert.group(1) : null;
    }

    private static boolean isOfNoAuthority(Throwable cause) {
        return cause instanceof CertPathValidatorException path
                && (path.getReason() == BasicReason.INVALID_SIGNATURE
                        || path.getReason() == PKIXReason.NO_TRUST_ANCHOR);
    }
}
