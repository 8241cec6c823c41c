package dev.weir.proxy;

import static dev.weir.proxy.TokenFixture.BEARER;
import static dev.weir.proxy.TokenFixture.logIn;
import static dev.weir.proxy.TokenFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.authenticate.SaslStep;
import dev.weir.proxy.authenticate.token.BearerAuthenticator;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
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

/** Tokens and messages of OAUTHBEARER that are no good. */
class BadTokenIT {
    private static final String ES256 = AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;

    @TempDir
    private static Path dir;

    private static TokenFixture fixture;
    private static TestIdp idp;
    private static BearerAuthenticator authenticator;

    @BeforeAll
    static void start() {
        fixture = new TokenFixture(dir, TestPolicy.allowAll());
        idp = fixture.idp();
        authenticator = new BearerAuthenticator(fixture.bearer(), Runnable::run, good -> {});
        authenticator.refresh();
        Patience.awaitAnswer().until(() -> fixture.canLogIn("tokens", idp));
        Patience.awaitAnswer().until(() -> next(exchange(), idp.token(claims -> {})) instanceof SaslStep.Accepted);
    }

    @AfterAll
    static void stop() {
        fixture.close();
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
                RawKafkaConnection client = fixture.tls("tokens")) {
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
        assertThat(fixture.weir().metrics().listener("tokens").logins(Mechanism.OAUTHBEARER, false))
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
        try (RawKafkaConnection client = fixture.tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake(BEARER);
            assertThat(talk.say(message).errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void nobodySpeaksForSomebodyElse() {
        try (RawKafkaConnection client = fixture.tls("tokens")) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake(BEARER);
            SaslAuthenticateResponseData answer =
                    talk.say("n,a=admin,\1auth=Bearer " + idp.token(claims -> {}) + "\1\1");
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(answer.errorMessage()).contains("different from the token's principal name");
        }
    }

    @Test
    void tokensOfUnknownKeysDoNotMakeWeirAskAndAsk() {
        PublicJsonWebKey stranger = idp.newKey();
        int before = idp.keyFetches();
        long begunNanos = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            try (RawKafkaConnection client = fixture.tls("tokens")) {
                logIn(new SaslTalk(client), TestIdp.sign(idp.claims(c -> {}), stranger, ES256));
            }
        }
        long seconds = 1 + (System.nanoTime() - begunNanos) / 1_000_000_000L;
        // two listeners ask this issuer, each at most once a second here
        assertThat(idp.keyFetches() - before).isLessThanOrEqualTo((int) (2 * (seconds + 1)));
    }

    /** What the log is told; there it is limited to a line a second. */
    private static String reason(String token) {
        SaslExchange exchange = exchange();
        next(exchange, token);
        SaslStep last = exchange.next(new byte[] {1}).toCompletableFuture().join();
        return last instanceof SaslStep.Rejected rejected ? rejected.reason() : String.valueOf(last);
    }

    private static SaslExchange exchange() {
        return authenticator.begin(Subject.anonymous(true, InetAddress.getLoopbackAddress()), BadTokenIT::noBroker);
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
}
