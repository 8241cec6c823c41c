package dev.weir.proxy;

import static dev.weir.proxy.TokenFixture.BEARER;
import static dev.weir.proxy.TokenFixture.logIn;
import static dev.weir.proxy.TokenFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OAUTHBEARER against an identity provider that can be made to change its keys and to be gone. */
class TokenIT {
    private static final Queue<Subject> SEEN = new ConcurrentLinkedQueue<>();

    @TempDir
    private static Path dir;

    private static TokenFixture fixture;
    private static TestIdp idp;
    private static TestIdp moody;

    @BeforeAll
    static void start() {
        fixture = new TokenFixture(dir, TestPolicy.of((subject, type, name, operation) -> {
            SEEN.add(subject);
            return true;
        }));
        idp = fixture.idp();
        moody = fixture.moody();
        Patience.awaitAnswer().until(() -> fixture.canLogIn("tokens", idp) && fixture.canLogIn("moody", moody));
    }

    @AfterAll
    static void stop() {
        fixture.close();
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
        try (RawKafkaConnection client = fixture.tls("tokens")) {
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

    @Test
    void asksForNoTokenInThePlain() {
        try (RawKafkaConnection client = RawKafkaConnection.open(fixture.weir().bootstrap("plaintext"))) {
            SaslHandshakeResponseData answer = new SaslTalk(client).handshake(BEARER);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).isEmpty();
        }
    }

    @Test
    void aNewTokenRenewsTheSessionUnlessItIsSomebodyElses() {
        try (RawKafkaConnection client = fixture.tls("tokens")) {
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
        try (RawKafkaConnection old = fixture.tls("moody")) {
            SaslTalk talk = new SaslTalk(old);
            assertThat(logIn(talk, moody.token(c -> {})).errorCode()).isEqualTo(Errors.NONE.code());

            moody.rotate();
            Patience.awaitAnswer().until(() -> fixture.canLogIn("moody", moody));
            assertThat(talk.ask()).isNotEmpty();

            moody.withdrawOldKeys();
            assertThat(old.awaitClosedInSilence()).isTrue();
        }
        assertThat(fixture.weir().metrics().listener("moody").sessionsEnded(SessionEnd.KEY_WITHDRAWN))
                .isEqualTo(1);

        moody.down(true);
        Patience.awaitAnswer().until(() -> problems("moody").contains("answers with status 503"));
        assertThat(fixture.canLogIn("moody", moody)).as("by the last good keys").isTrue();
        assertThat(problems("moody")).contains("are used, for at most 3600 s");

        Patience.awaitAnswer().until(() -> problems("forgetful").contains("too old"));
        try (RawKafkaConnection client = fixture.tls("forgetful")) {
            new SaslTalk(client).handshake(BEARER);
            client.send(
                    new SaslAuthenticateRequestData()
                            .setAuthBytes(message(moody.token(c -> {})).getBytes(StandardCharsets.UTF_8)),
                    (short) 2);
            assertThat(client.awaitClosedInSilence())
                    .as("no refusal, which would be for good")
                    .isTrue();
        }
        assertThat(fixture.weir().metrics().listener("forgetful").connectionsRefused(RefusalReason.ISSUER_UNAVAILABLE))
                .isEqualTo(1);

        moody.down(false);
        Patience.awaitAnswer().until(() -> fixture.canLogIn("forgetful", moody));
        Patience.awaitAnswer().until(() -> problems("forgetful").isEmpty());
    }

    @Test
    void aListenerWhoseIssuerWasNeverThereServesItsOtherPurposes() {
        Patience.awaitAnswer().until(() -> problems("gone").contains("no token can be checked"));
    }

    private static String problems(String listener) {
        return String.join("\n", fixture.weir().listener(listener).problems());
    }
}
