package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocketFactory;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several mechanisms on one listener, sessions that end, and credentials that are taken back while they are in use. */
class SaslIT {
    private static final String PASSWORD = "correct-horse";
    private static final String OTHER_PASSWORD = "battery-staple";
    private static final String SCRAM_512 = "SCRAM-SHA-512";
    private static final long LIFETIME_MILLIS = 5_000;

    @TempDir
    private static Path dir;

    private static FakeBroker broker;
    private static ProxyFixture weir;
    private static TestCa ca;
    private static TestCertificate bearer;
    private static Path users;
    private static Path crl;

    /** By user and kind of secret, in the order of the file. */
    private static final Map<String, String> LINES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws IOException {
        broker = FakeBroker.start();
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        for (String user : List.of("shop", "other", "leaver", "changer")) {
            line(user, PASSWORD);
        }
        users = dir.resolve("users");
        writeUsers();
        ca = TestCa.create(dir, "ca");
        bearer = ca.issue(CertificateSpec.spiffe("spiffe://weir.test/bearer"));
        crl = ca.revoke(dir.resolve("revoked.pem"));
        TestCertificate server = ca.issue(CertificateSpec.server());
        ListenerTls tls = new ListenerTls(server.chainPem(), server.keyPem(), ClientAuth.NONE, null, List.of());
        ListenerTls mtls = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SAN_URI),
                crl);
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .listener("all", tls, sasl(false, 0))
                .listener("plaintext", null, sasl(false, 0))
                .listener("short", tls, sasl(false, LIFETIME_MILLIS))
                .listener("expiring", tls, sasl(false, 500))
                .listener("early", null, sasl(true, 0))
                .listener("twice", null, sasl(true, 0))
                .listener("mtls", mtls, null)
                .start();
    }

    private static ListenerSasl sasl(boolean allowWithoutTls, long lifetimeMillis) {
        return new ListenerSasl(
                List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512),
                users,
                null,
                allowWithoutTls,
                lifetimeMillis);
    }

    private static void line(String user, String password) {
        LINES.put(
                user + " plain",
                user + ":"
                        + PasswordHash.create(password, PasswordHash.ITERATIONS_MIN)
                                .encoded());
        for (Mechanism mechanism : List.of(Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512)) {
            LINES.put(
                    user + " " + mechanism,
                    user + ":"
                            + ScramKeys.create(mechanism, password, ScramKeys.ITERATIONS_MIN)
                                    .encoded());
        }
    }

    /** As an operator's tool does it: whole or not at all. */
    private static void writeUsers() throws IOException {
        Path next = Files.write(dir.resolve("users.new"), LINES.values());
        Files.move(next, users, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @AfterAll
    static void stop() {
        weir.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void takesEveryMechanismThatItOffers(String mechanism) {
        try (RawKafkaConnection client = tls("all")) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(logIn(talk, mechanism, "shop", PASSWORD).errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(talk.ask()).isNotEmpty();
        }
    }

    @Test
    void saysWhatItOffers() {
        try (RawKafkaConnection client = tls("all")) {
            SaslHandshakeResponseData answer = new SaslTalk(client).handshake("GSSAPI");
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).containsExactly("PLAIN", "SCRAM-SHA-256", SCRAM_512);
        }
    }

    @Test
    void asksForNoPasswordInThePlainUnlessAllowed() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("plaintext"))) {
            SaslHandshakeResponseData answer = new SaslTalk(client).handshake("PLAIN");
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).containsExactly("SCRAM-SHA-256", SCRAM_512);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("plaintext"))) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(talk.scram(SCRAM_512, "shop", PASSWORD).errorCode()).isEqualTo(Errors.NONE.code());
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserLookTheSame() {
        SaslAuthenticateResponseData wrong;
        try (RawKafkaConnection client = tls("all")) {
            wrong = new SaslTalk(client).scram(SCRAM_512, "shop", "wrong");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        SaslAuthenticateResponseData unknown;
        try (RawKafkaConnection client = tls("all")) {
            unknown = new SaslTalk(client).scram(SCRAM_512, "nobody", PASSWORD);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(wrong.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
        assertThat(wrong.errorMessage())
                .isEqualTo("Authentication failed during authentication due to invalid credentials with SASL mechanism "
                        + SCRAM_512);
        assertThat(unknown).isEqualTo(wrong);
        assertThat(challenge("nobody").split(",i=")[1])
                .isEqualTo(challenge("shop").split(",i=")[1]);
        assertThat(salt("nobody")).isEqualTo(salt("nobody")).isNotEqualTo(salt("nobody-else"));
        assertThat(salt("nobody")).hasSameSizeAs(salt("shop"));
    }

    @Test
    void aReplayedProofProvesNothing() throws SaslException {
        SaslClient client = SaslTalk.client(SCRAM_512, "shop", PASSWORD);
        byte[] first = client.evaluateChallenge(new byte[0]);
        byte[] last;
        try (RawKafkaConnection honest = tls("all")) {
            SaslTalk talk = new SaslTalk(honest);
            talk.handshake(SCRAM_512);
            last = client.evaluateChallenge(talk.say(first).authBytes());
            assertThat(talk.say(last).errorCode()).isEqualTo(Errors.NONE.code());
        }
        try (RawKafkaConnection thief = tls("all")) {
            SaslTalk talk = new SaslTalk(thief);
            talk.handshake(SCRAM_512);
            talk.say(first);
            assertThat(talk.say(last).errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(thief.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void aChangedNonceProvesNothing() throws SaslException {
        try (RawKafkaConnection connection = tls("all")) {
            SaslTalk talk = new SaslTalk(connection);
            talk.handshake(SCRAM_512);
            SaslClient client = SaslTalk.client(SCRAM_512, "shop", PASSWORD);
            byte[] challenge = talk.say(client.evaluateChallenge(new byte[0])).authBytes();
            String last = new String(client.evaluateChallenge(challenge), StandardCharsets.UTF_8);
            assertThat(talk.say(last.replace("r=", "r=x")).errorCode())
                    .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(connection.awaitClosedInSilence()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n,,n=shop,r=",
                "n,a=admin,n=shop,r=abc",
                "p=tls-unique,,n=shop,r=abc",
                "n,,n=*,r=abc,tokenauth=true",
                "no scram at all",
                ""
            })
    void refusesWhatIsNoScram(String first) {
        try (RawKafkaConnection connection = tls("all")) {
            SaslTalk talk = new SaslTalk(connection);
            talk.handshake(SCRAM_512);
            assertThat(talk.say(first).errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(connection.awaitClosedInSilence()).isTrue();
        }
    }

    /** Nobody is called so, whatever the password; the answer is that of a wrong one. */
    @ParameterizedTest
    @ValueSource(strings = {"*", "anonymous", "shop\nadmin", "../shop", "shop ", "shop\u200b", "a,b=c", "SHOP"})
    void aNameThatIsNoUsersIsRefusedAtTheEnd(String name) {
        for (String mechanism : List.of("PLAIN", SCRAM_512)) {
            try (RawKafkaConnection connection = tls("all")) {
                SaslAuthenticateResponseData answer = logIn(new SaslTalk(connection), mechanism, name, PASSWORD);
                assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
                assertThat(answer.errorMessage()).doesNotContain(name);
                assertThat(connection.awaitClosedInSilence()).isTrue();
            }
        }
    }

    @Test
    void aVeryLongNameEndsTheLogInAndNothingElse() {
        try (RawKafkaConnection connection = tls("all")) {
            SaslTalk talk = new SaslTalk(connection);
            talk.handshake(SCRAM_512);
            assertThat(talk.say("n,,n=" + "a".repeat(400_000) + ",r=abc").errorCode())
                    .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
        }
        takesEveryMechanismThatItOffers(SCRAM_512);
    }

    @Test
    void closesOneThatShowsATokenBeforeTheHandshake() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("early"))) {
            client.send(
                    new SaslAuthenticateRequestData()
                            .setAuthBytes(("\0shop\0" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
                    (short) 2);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        until(() -> weir.metrics().listener("early").framesMalformed(MalformedReason.OUT_OF_PLACE) > 0);
    }

    @Test
    void closesOneThatShakesHandsTwice() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("twice"))) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake("PLAIN");
            assertThatThrownBy(() -> talk.handshake(SCRAM_512)).isInstanceOf(UncheckedIOException.class);
        }
        until(() -> weir.metrics().listener("twice").framesMalformed(MalformedReason.OUT_OF_PLACE) > 0);
    }

    @Test
    void aSessionIsRenewedInTheMiddleOfTraffic() {
        try (RawKafkaConnection client = tls("short")) {
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
        assertThat(weir.metrics().listener("short").logins(Mechanism.SCRAM_SHA_512, true))
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
        try (RawKafkaConnection client = tls("short")) {
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
        try (RawKafkaConnection client = tls("short")) {
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
        try (RawKafkaConnection client = tls("all")) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(talk.plain("shop", PASSWORD).sessionLifetimeMs()).isZero();
            assertThat(talk.handshake("PLAIN").errorCode()).isEqualTo(Errors.ILLEGAL_SASL_STATE.code());
            assertThat(talk.ask()).isNotEmpty();
        }
    }

    @Test
    void aSessionThatIsOverServesNoRequest() {
        try (RawKafkaConnection client = tls("expiring")) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(talk.plain("shop", PASSWORD).sessionLifetimeMs()).isEqualTo(500);
            Patience.awaitAnswer().until(() -> isRefused(talk));
        }
        until(() -> weir.metrics().listener("expiring").sessionsEnded(SessionEnd.EXPIRED) > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void aUserWhoIsTakenOutIsGone(String mechanism) throws IOException {
        long before = weir.metrics().listener("all").sessionsEnded(SessionEnd.USER_REMOVED);
        try (RawKafkaConnection leaver = tls("all");
                RawKafkaConnection stayer = tls("all")) {
            logIn(new SaslTalk(leaver), mechanism, "leaver", PASSWORD);
            logIn(new SaslTalk(stayer), mechanism, "shop", PASSWORD);
            LINES.keySet().removeIf(key -> key.startsWith("leaver"));
            writeUsers();
            assertThat(leaver.awaitClosedInSilence()).isTrue();
            assertThat(new SaslTalk(stayer).ask()).isNotEmpty();
        } finally {
            line("leaver", PASSWORD);
            writeUsers();
        }
        until(() -> weir.metrics().listener("all").sessionsEnded(SessionEnd.USER_REMOVED) > before);
        // the file is read again before the next test counts on it
        Patience.awaitAnswer().until(() -> canLogIn(mechanism, "leaver", PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void aPasswordThatIsChangedEndsWhatItBegan(String mechanism) throws IOException {
        String old = canLogIn(mechanism, "changer", PASSWORD) ? PASSWORD : OTHER_PASSWORD;
        String next = old.equals(PASSWORD) ? OTHER_PASSWORD : PASSWORD;
        try (RawKafkaConnection client = tls("all")) {
            assertThat(logIn(new SaslTalk(client), mechanism, "changer", old).errorCode())
                    .isEqualTo(Errors.NONE.code());
            line("changer", next);
            writeUsers();
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertThat(canLogIn(mechanism, "changer", next)).isTrue();
        assertThat(canLogIn(mechanism, "changer", old)).isFalse();
        assertThat(weir.metrics().listener("all").sessionsEnded(SessionEnd.PASSWORD_CHANGED))
                .isPositive();
    }

    @Test
    void aCertificateThatIsTakenBackEndsItsConnectionsAndBeginsNoOthers() {
        SSLSocketFactory withCertificate = ca.clientSockets(bearer);
        SSLSocketFactory other = ca.clientSockets(ca.issue(CertificateSpec.spiffe("spiffe://weir.test/other")));
        try (RawKafkaConnection client = RawKafkaConnection.openTls(weir.bootstrap("mtls"), withCertificate);
                RawKafkaConnection stayer = RawKafkaConnection.openTls(weir.bootstrap("mtls"), other)) {
            assertThat(new SaslTalk(client).ask()).isNotEmpty();
            assertThat(new SaslTalk(stayer).ask()).isNotEmpty();
            ca.revoke(crl, bearer);
            assertThat(client.awaitClosedInSilence()).isTrue();
            assertThat(new SaslTalk(stayer).ask()).isNotEmpty();
        }
        assertThat(weir.metrics().listener("mtls").sessionsEnded(SessionEnd.CERTIFICATE_REVOKED))
                .isEqualTo(1);
        try (RawKafkaConnection client = RawKafkaConnection.openTls(weir.bootstrap("mtls"), withCertificate)) {
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        until(() -> weir.metrics().listener("mtls").connectionsRefused(RefusalReason.CERTIFICATE_REVOKED) == 1);
    }

    private static RawKafkaConnection tls(String listener) {
        return RawKafkaConnection.openTls(weir.bootstrap(listener), ca.clientSockets(null));
    }

    private static SaslAuthenticateResponseData logIn(SaslTalk talk, String mechanism, String user, String password) {
        return mechanism.equals("PLAIN") ? talk.plain(user, password) : talk.scram(mechanism, user, password);
    }

    private static boolean canLogIn(String mechanism, String user, String password) {
        try (RawKafkaConnection client = tls("all")) {
            return logIn(new SaslTalk(client), mechanism, user, password).errorCode() == Errors.NONE.code();
        }
    }

    private static boolean isRefused(SaslTalk talk) {
        try {
            talk.ask();
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    /** What the server says first to a client of this name. */
    private static String challenge(String user) {
        try (RawKafkaConnection client = tls("all")) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake(SCRAM_512);
            return new String(talk.say("n,,n=" + user + ",r=abc").authBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String salt(String user) {
        return challenge(user).split(",")[1];
    }

    private static void until(BooleanSupplier condition) {
        Patience.awaitAnswer().until(condition::getAsBoolean);
    }
}
