package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.authenticate.CountedCryptography;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.authenticate.ScramKeys;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which threads derive keys, compute checksums and verify signatures while clients come in: those for log-ins and those for
 * handshakes, and no event loop, on which thousands of others would wait. The JDK's providers tell.
 */
class OffLoopIT {
    private static final String LOG_INS = "weir-login-";
    private static final String HANDSHAKES = "weir-tls-";

    @TempDir
    private static Path dir;

    private static FakeBroker broker;
    private static TestIdp idp;
    private static SSLSocketFactory shop;
    private static ProxyFixture weir;

    private CountedCryptography cryptography;

    @BeforeAll
    static void start() throws Exception {
        broker = FakeBroker.start();
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        idp = TestIdp.start();
        TestCa ca = TestCa.create(dir, "ca");
        shop = ca.clientSockets(ca.issue(CertificateSpec.spiffe("spiffe://weir.test/shop")));
        TestCertificate server = ca.issue(CertificateSpec.server());
        ListenerTls mutual = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ListenerTls.ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SAN_URI));
        Path users = Files.write(
                dir.resolve("users"),
                List.of(
                        "shop:"
                                + PasswordHash.create("pw", PasswordHash.ITERATIONS_MIN)
                                        .encoded(),
                        "shop:"
                                + ScramKeys.create(Mechanism.SCRAM_SHA_256, "pw", ScramKeys.ITERATIONS_MIN)
                                        .encoded(),
                        "shop:"
                                + ScramKeys.create(Mechanism.SCRAM_SHA_512, "pw", ScramKeys.ITERATIONS_MIN)
                                        .encoded()));
        OAuthBearerConfig issuer = new OAuthBearerConfig(
                idp.issuer(),
                null,
                List.of(TestIdp.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                "sub",
                "",
                1_000,
                60_000,
                3_600_000,
                null);
        List<Mechanism> all =
                List.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER);
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .listener("sasl", null, new ListenerSasl(all, users, issuer, true, 0))
                .listener("mutual", mutual, null)
                .start();
        awaitAnswer().until(OffLoopIT::hasKeys);
    }

    private static boolean hasKeys() {
        try {
            return token(idp.token(claims -> {})).errorCode() == Errors.NONE.code();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() {
        weir.close();
        idp.close();
        broker.close();
    }

    @BeforeEach
    void look() {
        cryptography = CountedCryptography.install();
    }

    @AfterEach
    void lookAway() {
        cryptography.close();
    }

    /** Of Weir: this one is the client's. */
    private Set<String> threads(String what) {
        return cryptography.threads(what).stream()
                .filter(name -> !name.equals(Thread.currentThread().getName()))
                .collect(Collectors.toSet());
    }

    private void assertDoneBy(String kind, String what) {
        assertThat(threads(what)).as(what).isNotEmpty().allMatch(name -> name.startsWith(kind), "is a " + kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "nobody"})
    void passwordsAreHashedByThreadsOfTheirOwn(String user) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("sasl"))) {
            new SaslTalk(client).plain(user, "another");
        }
        assertDoneBy(LOG_INS, "PBKDF2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
    void soAreTheProofsOfScram(String mechanism) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("sasl"))) {
            assertThat(new SaslTalk(client).scram(mechanism, "shop", "pw").errorCode())
                    .isEqualTo(Errors.NONE.code());
        }
        assertDoneBy(LOG_INS, "HmacSHA" + mechanism.substring("SCRAM-SHA-".length()));
    }

    @Test
    void soAreTheSignaturesOfTokens() {
        assertThat(token(idp.token(claims -> {})).errorCode()).isEqualTo(Errors.NONE.code());
        assertDoneBy(LOG_INS, "verify");
    }

    private static SaslAuthenticateResponseData token(String token) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("sasl"))) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake("OAUTHBEARER");
            SaslAuthenticateResponseData answer = talk.say("n,,\1auth=Bearer " + token + "\1\1");
            return answer.errorCode() == Errors.NONE.code() && answer.authBytes().length > 0 ? talk.say("\1") : answer;
        }
    }

    @Test
    void handshakesWithClientsAreOfOtherThreadsAgain() {
        try (RawKafkaConnection client = RawKafkaConnection.openTls(weir.bootstrap("mutual"), shop)) {
            assertThat(new SaslTalk(client).ask()).isNotEmpty();
        }
        assertDoneBy(HANDSHAKES, "sign"); // Weir's own certificate
        assertDoneBy(HANDSHAKES, "verify"); // that of the client, and who issued it
    }
}
