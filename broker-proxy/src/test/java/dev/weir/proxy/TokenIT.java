package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.authenticate.SaslStep;
import dev.weir.proxy.authenticate.token.BearerAuthenticator;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OAUTHBEARER against an identity provider that can be made to change its keys and to be gone; and tokens that are no good. */
class TokenIT {
    private static final String BEARER = "OAUTHBEARER";
    private static final String ES256 = AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
    private static final Queue<Subject> SEEN = new ConcurrentLinkedQueue<>();

    @TempDir
    private static Path dir;

    private static FakeBroker broker;
    private static TestIdp idp;
    private static TestIdp moody;
    private static TestIdp gone;
    private static TestCa ca;
    private static BearerAuthenticator authenticator;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        broker = FakeBroker.start();
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        idp = TestIdp.start();
        moody = TestIdp.start();
        gone = TestIdp.start();
        gone.down(true);
        ca = TestCa.create(dir, "ca");
        TestCertificate server = ca.issue(CertificateSpec.server());
        ListenerTls tls =
                new ListenerTls(server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of());
        weir = ProxyFixture.inFrontOf(broker.bootstrap())
                .policy(TestPolicy.of((subject, type, name, operation) -> {
                    SEEN.add(subject);
                    return true;
                }))
                .listener("tokens", tls, sasl(idp, false, 3_600_000))
                .listener("plaintext", null, sasl(idp, false, 3_600_000))
                .listener("moody", tls, sasl(moody, false, 3_600_000))
                .listener("forgetful", tls, sasl(moody, false, 1_500))
                .listener("gone", tls, sasl(gone, false, 3_600_000))
                .start();
        authenticator = new BearerAuthenticator(sasl(idp, false, 3_600_000).oauthBearer(), Runnable::run, good -> {});
        authenticator.refresh();
        Patience.awaitAnswer().until(() -> canLogIn("tokens", idp) && canLogIn("moody", moody));
        Patience.awaitAnswer().until(() -> next(exchange(), idp.token(claims -> {})) instanceof SaslStep.Accepted);
    }

    private static ListenerSasl sasl(TestIdp issuer, boolean allowWithoutTls, long keysKeptMillis) {
        return new ListenerSasl(
                List.of(Mechanism.OAUTHBEARER),
                null,
                new OAuthBearerConfig(
                        issuer.issuer(),
                        null,
                        List.of("other", TestIdp.AUDIENCE),
                        OAuthBearerConfig.ALGORITHMS,
                        "sub",
                        "realm.roles",
                        1_000,
                        1_000,
                        keysKeptMillis,
                        null),
                allowWithoutTls,
                0);
    }

    @AfterAll
    static void stop() {
        weir.close();
        broker.close();
        Stream.of(idp, moody, gone).forEach(TestIdp::close);
    }

    @Test
    void aTokenSaysWhoTheClientIsAndWhatPolicyMayAskAbout() {
        SEEN.clear();
        String token = idp.token(claims -> {
            claims.setSubject("claimant");
            claims.setClaim("team", "payments");
            claims.setClaim("groups", List.of("pretender"));
            claims.setClaim("realm", Map.of("roles", List.of("reader", "writer")));
            claims.setClaim("scope", "kafka openid");
            claims.setClaim("level", 7);
        });
        try (RawKafkaConnection client = tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            SaslAuthenticateResponseData answer = logIn(talk, token);
            assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(answer.sessionLifetimeMs()).isBetween(1L, 301_000L);
            assertThat(talk.ask()).isNotEmpty();
            CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1_000);
            request.topics()
                    .add(new CreatableTopic().setName("t").setNumPartitions(1).setReplicationFactor((short) 1));
            client.send(request, (short) 7);
            Patience.awaitAnswer().until(() -> !SEEN.isEmpty());
        }
        Subject subject = SEEN.element();
        assertThat(subject.principal().toString()).isEqualTo("User:claimant");
        assertThat(subject.mechanism()).isEqualTo(Mechanism.OAUTHBEARER);
        assertThat(subject.claims())
                .containsEntry("iss", List.of(idp.issuer()))
                .containsEntry("team", List.of("payments"))
                .containsEntry("groups", List.of("reader", "writer"))
                .containsEntry("scope", List.of("kafka", "openid"))
                .containsEntry("level", List.of("7"));
    }

    /** A token that is no good, and why the log says it is not. */
    record Bad(String name, String token, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Bad> bad() throws JoseException {
        PublicJsonWebKey stranger = idp.newKey();
        PublicJsonWebKey impostor = idp.newKey();
        impostor.setKeyId(idp.key().getKeyId());
        String good = idp.token(claims -> {});
        String[] parts = good.split("\\.");
        JsonWebSignature confused = new JsonWebSignature();
        confused.setPayload(idp.claims(claims -> {}).toJson());
        confused.setKey(new HmacKey(idp.key().getPublicKey().getEncoded()));
        confused.setKeyIdHeaderValue(idp.key().getKeyId());
        confused.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        String none = base64("{\"alg\":\"none\"}") + "." + parts[1] + ".";
        String notSigned = "not signed by one of";
        return Stream.of(
                new Bad("alg none", none, notSigned),
                new Bad("alg None", base64("{\"alg\":\"None\"}") + "." + parts[1] + ".", notSigned),
                new Bad("HMAC with the public key", confused.getCompactSerialization(), notSigned),
                new Bad(
                        "another payload",
                        parts[0] + "."
                                + base64(idp.claims(c -> c.setSubject("admin")).toJson()) + "." + parts[2],
                        "signature is not the issuer's"),
                new Bad("no signature", parts[0] + "." + parts[1] + ".", "signature is not the issuer's"),
                new Bad("a key of the same name", TestIdp.sign(idp.claims(c -> {}), impostor, ES256), "signature"),
                new Bad("a key that brings itself", selfMade(stranger), "no key as the token names it"),
                new Bad(
                        "unknown key",
                        TestIdp.sign(idp.claims(c -> {}), stranger, ES256),
                        "no key as the token names it"),
                new Bad("expired", idp.token(c -> c.setExpirationTimeMinutesInTheFuture(-1)), "has expired"),
                new Bad("without end", idp.token(c -> c.unsetClaim("exp")), "does not expire"),
                new Bad("not yet valid", idp.token(c -> c.setNotBeforeMinutesInThePast(-2)), "not valid yet"),
                new Bad("another audience", idp.token(c -> c.setAudience("shop")), "another audience"),
                new Bad("no audience", idp.token(c -> c.unsetClaim("aud")), "audience"),
                new Bad("another issuer", idp.token(c -> c.setIssuer("https://evil.example")), "another issuer"),
                new Bad("no issuer", idp.token(c -> c.unsetClaim("iss")), "names no issuer"),
                new Bad("no subject", idp.token(c -> c.unsetClaim("sub")), "no single claim sub"),
                new Bad("two subjects", idp.token(c -> c.setClaim("sub", List.of("a", "b"))), "malformed"),
                new Bad("everybody", idp.token(c -> c.setSubject("*")), "stands for everybody"),
                new Bad("anonymous", idp.token(c -> c.setSubject("Anonymous")), "without credentials"),
                new Bad("a line break", idp.token(c -> c.setSubject("shop\nadmin")), "control character"),
                new Bad("a very long name", idp.token(c -> c.setSubject("x".repeat(10_000))), "no single claim sub"),
                new Bad(
                        "a key named by a number",
                        base64("{\"alg\":\"ES256\",\"kid\":7}") + "." + parts[1] + "." + parts[2],
                        "what should be a token is none"),
                new Bad("no token at all", "abc", "what should be a token is none"),
                new Bad("an encrypted one", "a.b.c.d.e", "what should be a token is none"),
                new Bad("a very large one", "x".repeat(200_000), "has 200000 characters"));
    }

    private static String selfMade(PublicJsonWebKey key) throws JoseException {
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(idp.claims(claims -> {}).toJson());
        token.setKey(key.getPrivateKey());
        token.setKeyIdHeaderValue("mine");
        token.setJwkHeader(key);
        token.setAlgorithmHeaderValue(ES256);
        return token.getCompactSerialization();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aTokenThatIsNoGoodIsRefusedAndNotShown(Bad bad) {
        try (LogCapture log = LogCapture.of("dev.weir.proxy");
                RawKafkaConnection client = tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            SaslAuthenticateResponseData challenge = logIn(talk, bad.token);
            assertThat(challenge.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(new String(challenge.authBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"status\":\"invalid_token\"}");
            SaslAuthenticateResponseData answer = talk.say("\1");
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
            if (bad.token.length() > 20) {
                assertThat(log.events().stream().map(event -> event.getFormattedMessage() + event.getKeyValuePairs()))
                        .noneMatch(line -> line.contains(bad.token));
            }
        }
        assertThat(reason(bad.token)).contains(bad.reason);
        assertThat(weir.metrics().listener("tokens").logins(Mechanism.OAUTHBEARER, false))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n,,",
                "n,,\1auth=Basic abc\1\1",
                "n,,\1auth=Bearer a\1auth=Bearer b\1\1",
                "p=x,,\1\1",
                "y,b,\1\1"
            })
    void whatIsNoMessageOfOauthbearerIsRefused(String message) {
        try (RawKafkaConnection client = tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake(BEARER);
            assertThat(talk.say(message).errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void nobodySpeaksForSomebodyElse() {
        try (RawKafkaConnection client = tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake(BEARER);
            SaslAuthenticateResponseData answer =
                    talk.say("n,a=admin,\1auth=Bearer " + idp.token(claims -> {}) + "\1\1");
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(answer.errorMessage()).contains("different from the token's principal name");
        }
    }

    @Test
    void asksForNoTokenInThePlain() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("plaintext"))) {
            SaslHandshakeResponseData answer = new SaslTalk(client).handshake(BEARER);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).isEmpty();
        }
    }

    @Test
    void aNewTokenRenewsTheSessionUnlessItIsSomebodyElses() {
        try (RawKafkaConnection client = tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            long first = logIn(talk, idp.token(c -> c.setExpirationTimeMinutesInTheFuture(1)))
                    .sessionLifetimeMs();
            assertThat(first).isBetween(1L, 61_000L);
            long second = logIn(talk, idp.token(c -> c.setExpirationTimeMinutesInTheFuture(3)))
                    .sessionLifetimeMs();
            assertThat(second).isGreaterThan(first);
            assertThat(talk.ask()).isNotEmpty();
            Patience.awaitAnswer().until(() -> talk.handshake(BEARER).errorCode() == Errors.NONE.code());
            SaslAuthenticateResponseData answer =
                    talk.say("n,,\1auth=Bearer " + idp.token(c -> c.setSubject("other")) + "\1\1");
            assertThat(answer.errorMessage()).startsWith("Cannot change principals during re-authentication");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    /** One after the other: each changes what the next one sees. */
    @Test
    void keysComeAndGoAndSoMayTheIssuer() {
        try (RawKafkaConnection old = tls("moody")) {
            SaslTalk talk = new SaslTalk(old);
            assertThat(logIn(talk, moody.token(c -> {})).errorCode()).isEqualTo(Errors.NONE.code());

            moody.rotate();
            Patience.awaitAnswer().until(() -> canLogIn("moody", moody));
            assertThat(talk.ask()).isNotEmpty();

            moody.withdrawOldKeys();
            assertThat(old.awaitClosedInSilence()).isTrue();
        }
        assertThat(weir.metrics().listener("moody").sessionsEnded(SessionEnd.KEY_WITHDRAWN))
                .isEqualTo(1);

        moody.down(true);
        Patience.awaitAnswer().until(() -> problems("moody").contains("answers with status 503"));
        assertThat(canLogIn("moody", moody)).as("by the last good keys").isTrue();
        assertThat(problems("moody")).contains("are used, for at most 3600 s");

        Patience.awaitAnswer().until(() -> problems("forgetful").contains("too old"));
        try (RawKafkaConnection client = tls("forgetful")) {
            new SaslTalk(client).handshake(BEARER);
            client.send(
                    new SaslAuthenticateRequestData()
                            .setAuthBytes(message(moody.token(c -> {})).getBytes(StandardCharsets.UTF_8)),
                    (short) 2);
            assertThat(client.awaitClosedInSilence())
                    .as("no refusal, which would be for good")
                    .isTrue();
        }
        assertThat(weir.metrics().listener("forgetful").connectionsRefused(RefusalReason.ISSUER_UNAVAILABLE))
                .isEqualTo(1);

        moody.down(false);
        Patience.awaitAnswer().until(() -> canLogIn("forgetful", moody));
        Patience.awaitAnswer().until(() -> problems("forgetful").isEmpty());
    }

    @Test
    void tokensOfUnknownKeysDoNotMakeWeirAskAndAsk() {
        PublicJsonWebKey stranger = idp.newKey();
        int before = idp.keyFetches();
        long begunNanos = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            try (RawKafkaConnection client = tls("tokens")) {
                logIn(new SaslTalk(client), TestIdp.sign(idp.claims(c -> {}), stranger, ES256));
            }
        }
        long seconds = 1 + (System.nanoTime() - begunNanos) / 1_000_000_000L;
        // two listeners ask this issuer, each at most once a second here
        assertThat(idp.keyFetches() - before).isLessThanOrEqualTo((int) (2 * (seconds + 1)));
    }

    @Test
    void aListenerWhoseIssuerWasNeverThereServesItsOtherPurposes() {
        Patience.awaitAnswer().until(() -> problems("gone").contains("no token can be checked"));
    }

    /** What the log is told; there it is limited to a line a second. */
    private static String reason(String token) {
        SaslExchange exchange = exchange();
        next(exchange, token);
        SaslStep last = exchange.next(new byte[] {1}).toCompletableFuture().join();
        return last instanceof SaslStep.Rejected rejected ? rejected.reason() : String.valueOf(last);
    }

    private static SaslExchange exchange() {
        return authenticator.begin(Subject.anonymous(true, InetAddress.getLoopbackAddress()), TokenIT::noBroker);
    }

    private static SaslStep next(SaslExchange exchange, String token) {
        return exchange.next(message(token).getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .join();
    }

    private static <S extends ApiMessage> Future<S> noBroker(
            ApiKeys api, short version, ApiMessage request, Class<S> type) {
        throw new IllegalStateException("brokers are not asked");
    }

    private static String problems(String listener) {
        return String.join("\n", weir.listener(listener).problems());
    }

    private static RawKafkaConnection tls(String listener) {
        return RawKafkaConnection.openTls(weir.bootstrap(listener), ca.clientSockets(null));
    }

    private static SaslAuthenticateResponseData logIn(SaslTalk talk, String token) {
        talk.handshake(BEARER);
        return talk.say(message(token));
    }

    private static String message(String token) {
        return "n,,\1auth=Bearer " + token + "\1\1";
    }

    private static boolean canLogIn(String listener, TestIdp issuer) {
        try (RawKafkaConnection client = tls(listener)) {
            SaslAuthenticateResponseData answer = logIn(new SaslTalk(client), issuer.token(claims -> {}));
            return answer.errorCode() == Errors.NONE.code() && answer.authBytes().length == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
