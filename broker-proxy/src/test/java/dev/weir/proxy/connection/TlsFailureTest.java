package dev.weir.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import javax.crypto.BadPaddingException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;
import org.junit.jupiter.api.Test;

/** What the JDK throws of alerts, in words. */
class TlsFailureTest {
    private static final String NOT_TAKEN = ": it does not accept the listener's certificate";

    /** As the newer JDKs throw it, of an alert that came without encryption. */
    private static Exception plaintextAlert(String alert) {
        SSLException unexpected = new SSLException(
                "Unexpected exception",
                new GeneralSecurityException("Unexpected plaintext alert received: Level: fatal; Alert: " + alert));
        return new SSLException("Unexpected exception", unexpected);
    }

    /** As JDK 17 does, which does not look which alert it is. */
    private static Exception shortRecord() {
        String message =
                "Insufficient buffer remaining for AEAD cipher fragment (2). Needs to be more than tag size (16)";
        return (Exception) new SSLHandshakeException(message).initCause(new BadPaddingException(message));
    }

    @Test
    void anAlertIsNamedHoweverItCame() {
        assertThat(TlsFailure.words(plaintextAlert("unknown_ca")))
                .isEqualTo("TLS handshake failed: the client ended it with the alert unknown_ca" + NOT_TAKEN);
        assertThat(TlsFailure.words(new SSLHandshakeException("Received fatal alert: certificate_expired")))
                .isEqualTo("TLS handshake failed: the client ended it with the alert certificate_expired" + NOT_TAKEN);
        assertThat(TlsFailure.words(new SSLHandshakeException("Received fatal alert: internal_error")))
                .isEqualTo("TLS handshake failed: the client ended it with the alert internal_error");
        assertThat(TlsFailure.words(shortRecord()))
                .isEqualTo("TLS handshake failed: the client ended it with an alert,"
                        + " as those do that do not accept the listener's certificate");
    }

    @Test
    void theLogSaysItToo() {
        assertThat(TlsFailure.detail(plaintextAlert("bad_certificate")))
                .isEqualTo("the client ended it with the alert bad_certificate" + NOT_TAKEN);
        assertThat(TlsFailure.detail(shortRecord())).startsWith("the client ended it with an alert");
        assertThat(TlsFailure.detail(new SSLHandshakeException("no cipher suites in common")))
                .isEqualTo("no cipher suites in common");
        Exception expired = new CertPathValidatorException("validity check failed", new CertificateExpiredException());
        assertThat(TlsFailure.detail(new SSLHandshakeException("PKIX path validation failed: " + expired)))
                .isEqualTo("PKIX path validation failed: validity check failed");
    }

    @Test
    void whatIsNotTlsIsLeftToOthers() {
        assertThat(TlsFailure.afterHandshake(new IOException("Connection reset"), TlsFailure.Peer.CLIENT))
                .isNull();
        assertThat(TlsFailure.afterHandshake(new DecoderException(new IllegalStateException()), TlsFailure.Peer.CLIENT))
                .isNull();
        assertThat(TlsFailure.afterHandshake(
                        new DecoderException(new SSLProtocolException("Tag mismatch")), TlsFailure.Peer.BROKER))
                .isEqualTo("TLS with the broker broke off: Tag mismatch");
    }

    /** A broker of TLS 1.3 says so after the handshake, too. */
    @Test
    void aBrokerThatDoesNotAcceptWeirsCertificateIsNotCalledAClient() {
        Exception alert = new SSLHandshakeException("Received fatal alert: bad_certificate");
        assertThat(TlsFailure.afterHandshake(new DecoderException(alert), TlsFailure.Peer.BROKER))
                .isEqualTo("TLS with the broker broke off: the broker ended it with the alert bad_certificate:"
                        + " it does not accept Weir's certificate");
    }
}
