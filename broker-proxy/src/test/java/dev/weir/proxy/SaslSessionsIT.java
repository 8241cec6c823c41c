package dev.weir.proxy;

import static dev.weir.proxy.SaslFixture.LIFETIME_MILLIS;
import static dev.weir.proxy.SaslFixture.PASSWORD;
import static dev.weir.proxy.SaslFixture.SCRAM_512;
import static dev.weir.proxy.SaslFixture.logIn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocketFactory;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that end and are renewed, and credentials that are taken back while they are in use. */
class SaslSessionsIT {
    private static final String OTHER_PASSWORD = "battery-staple";

    @TempDir
    private static Path dir;

    private static SaslFixture fixture;

    @BeforeAll
    static void start() throws IOException {
        fixture = new SaslFixture(dir);
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void aSessionIsRenewedInTheMiddleOfTraffic() {
        try (RawKafkaConnection client = fixture.tls("short")) {
            SaslTalk talk = new SaslTalk(client);
            SaslAuthenticateResponseData first = talk.scram(SCRAM_512, "shop", PASSWORD);
            assertThat(first.sessionLifetimeMs()).isEqualTo(LIFETIME_MILLIS);
            long loggedInNanos = System.nanoTime();
            while (System.nanoTime() - loggedInNanos < 2 * LIFETIME_MILLIS * 1_000_000) {
                int asked = talk.askLater();
                assertThat(talk.hear()).isEqualTo(asked);
                // once a second is as often as Kafka lets a client
                if (Errors.forCode(talk.handshake(SCRAM_512).errorCode()) == Errors.NONE) {
                    assertThat(proveIn(talk).errorCode()).isEqualTo(Errors.NONE.code());
                }
            }
            assertThat(talk.ask()).isNotEmpty();
        }
        assertThat(fixture.metrics("short").logins(Mechanism.SCRAM_SHA_512, true))
                .isGreaterThan(2);
    }

    /** The rest of a SCRAM exchange after its handshake. */
    private static SaslAuthenticateResponseData proveIn(SaslTalk talk) {
        try {
            SaslClient client = SaslTalk.client(SCRAM_512, "shop", PASSWORD);
            return talk.say(client.evaluateChallenge(
                    talk.say(client.evaluateChallenge(new byte[0])).authBytes()));
        } catch (SaslException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nobodyBecomesSomebodyElse() {
        try (RawKafkaConnection client = fixture.tls("short")) {
            SaslTalk talk = new SaslTalk(client);
            talk.plain("shop", PASSWORD);
            SaslAuthenticateResponseData answer = talk.plain("other", PASSWORD);
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(answer.errorMessage())
                    .isEqualTo("Cannot change principals during re-authentication from User.shop: User.other");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void theMechanismStaysTheSame() {
        try (RawKafkaConnection client = fixture.tls("short")) {
            SaslTalk talk = new SaslTalk(client);
            talk.plain("shop", PASSWORD);
            assertThat(talk.handshake(SCRAM_512).errorCode()).isEqualTo(Errors.NONE.code());
            SaslAuthenticateResponseData answer = talk.say("n,,n=shop,r=abc");
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(answer.errorMessage())
                    .isEqualTo("SASL mechanism 'SCRAM-SHA-512' requested by client is not supported for"
                            + " re-authentication of mechanism 'PLAIN'");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void aSessionThatDoesNotEndIsNotRenewed() {
        try (RawKafkaConnection client = fixture.tls("all")) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(talk.plain("shop", PASSWORD).sessionLifetimeMs()).isZero();
            assertThat(talk.handshake("PLAIN").errorCode()).isEqualTo(Errors.ILLEGAL_SASL_STATE.code());
            assertThat(talk.ask()).isNotEmpty();
        }
    }

    @Test
    void aSessionThatIsOverServesNoRequest() {
        try (RawKafkaConnection client = fixture.tls("expiring")) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(talk.plain("shop", PASSWORD).sessionLifetimeMs()).isEqualTo(500);
            Patience.awaitAnswer().until(() -> isRefused(talk));
        }
        until(() -> fixture.metrics("expiring").sessionsEnded(SessionEnd.EXPIRED) > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void aUserWhoIsTakenOutIsGone(String mechanism) throws IOException {
        long before = fixture.metrics("all").sessionsEnded(SessionEnd.USER_REMOVED);
        try (RawKafkaConnection leaver = fixture.tls("all");
                RawKafkaConnection stayer = fixture.tls("all")) {
            logIn(new SaslTalk(leaver), mechanism, "leaver", PASSWORD);
            logIn(new SaslTalk(stayer), mechanism, "shop", PASSWORD);
            fixture.remove("leaver");
            assertThat(leaver.awaitClosedInSilence()).isTrue();
            assertThat(new SaslTalk(stayer).ask()).isNotEmpty();
        } finally {
            fixture.put("leaver", PASSWORD);
        }
        until(() -> fixture.metrics("all").sessionsEnded(SessionEnd.USER_REMOVED) > before);
        // the file is read again before the next test counts on it
        Patience.awaitAnswer().until(() -> fixture.canLogIn(mechanism, "leaver", PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void aPasswordThatIsChangedEndsWhatItBegan(String mechanism) throws IOException {
        String old = fixture.canLogIn(mechanism, "changer", PASSWORD) ? PASSWORD : OTHER_PASSWORD;
        String next = old.equals(PASSWORD) ? OTHER_PASSWORD : PASSWORD;
        try (RawKafkaConnection client = fixture.tls("all")) {
            assertThat(logIn(new SaslTalk(client), mechanism, "changer", old).errorCode())
                    .isEqualTo(Errors.NONE.code());
            fixture.put("changer", next);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(fixture.canLogIn(mechanism, "changer", next)).isTrue();
        assertThat(fixture.canLogIn(mechanism, "changer", old)).isFalse();
        assertThat(fixture.metrics("all").sessionsEnded(SessionEnd.PASSWORD_CHANGED))
                .isPositive();
    }

    @Test
    void aCertificateThatIsTakenBackEndsItsConnectionsAndBeginsNoOthers() {
        TestCa ca = fixture.ca();
        TestCertificate bearer = ca.issue(CertificateSpec.spiffe("spiffe://weir.test/bearer"));
        SSLSocketFactory withCertificate = ca.clientSockets(bearer);
        SSLSocketFactory other = ca.clientSockets(ca.issue(CertificateSpec.spiffe("spiffe://weir.test/other")));
        try (RawKafkaConnection client = RawKafkaConnection.openTls(fixture.bootstrap("mtls"), withCertificate);
                RawKafkaConnection stayer = RawKafkaConnection.openTls(fixture.bootstrap("mtls"), other)) {
            assertThat(new SaslTalk(client).ask()).isNotEmpty();
            assertThat(new SaslTalk(stayer).ask()).isNotEmpty();
            fixture.takeBack(bearer);
            assertThat(client.awaitClosedInSilence()).isTrue();
            assertThat(new SaslTalk(stayer).ask()).isNotEmpty();
        }
        assertThat(fixture.metrics("mtls").sessionsEnded(SessionEnd.CERTIFICATE_REVOKED))
                .isEqualTo(1);
        try (RawKafkaConnection client = RawKafkaConnection.openTls(fixture.bootstrap("mtls"), withCertificate)) {
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        until(() -> fixture.metrics("mtls").connectionsRefused(RefusalReason.CERTIFICATE_REVOKED) == 1);
    }

    private static boolean isRefused(SaslTalk talk) {
        try {
            talk.ask();
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private static void until(BooleanSupplier condition) {
        Patience.awaitAnswer().until(condition::getAsBoolean);
    }
}
