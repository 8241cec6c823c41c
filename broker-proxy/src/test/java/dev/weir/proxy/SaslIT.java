package dev.weir.proxy;

import static dev.weir.proxy.SaslFixture.PASSWORD;
import static dev.weir.proxy.SaslFixture.SCRAM_512;
import static dev.weir.proxy.SaslFixture.logIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
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

/** Several mechanisms on one listener, and what is no good in them. */
class SaslIT {
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

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void takesEveryMechanismThatItOffers(String mechanism) {
        try (RawKafkaConnection client = fixture.tls("all")) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(logIn(talk, mechanism, "shop", PASSWORD).errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(talk.ask()).isNotEmpty();
        }
    }

    @Test
    void saysWhatItOffers() {
        try (RawKafkaConnection client = fixture.tls("all")) {
            SaslHandshakeResponseData answer = new SaslTalk(client).handshake("GSSAPI");
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).containsExactly("PLAIN", "SCRAM-SHA-256", SCRAM_512);
        }
    }

    @Test
    void asksForNoPasswordInThePlainUnlessAllowed() {
        try (RawKafkaConnection client = RawKafkaConnection.open(fixture.bootstrap("plaintext"))) {
            SaslHandshakeResponseData answer = new SaslTalk(client).handshake("PLAIN");
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).containsExactly("SCRAM-SHA-256", SCRAM_512);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        try (RawKafkaConnection client = RawKafkaConnection.open(fixture.bootstrap("plaintext"))) {
            SaslTalk talk = new SaslTalk(client);
            assertThat(talk.scram(SCRAM_512, "shop", PASSWORD).errorCode()).isEqualTo(Errors.NONE.code());
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserLookTheSame() {
        SaslAuthenticateResponseData wrong;
        try (RawKafkaConnection client = fixture.tls("all")) {
            wrong = new SaslTalk(client).scram(SCRAM_512, "shop", "wrong");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        SaslAuthenticateResponseData unknown;
        try (RawKafkaConnection client = fixture.tls("all")) {
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
        try (RawKafkaConnection honest = fixture.tls("all")) {
            SaslTalk talk = new SaslTalk(honest);
            talk.handshake(SCRAM_512);
            last = client.evaluateChallenge(talk.say(first).authBytes());
            assertThat(talk.say(last).errorCode()).isEqualTo(Errors.NONE.code());
        }
        try (RawKafkaConnection thief = fixture.tls("all")) {
            SaslTalk talk = new SaslTalk(thief);
            talk.handshake(SCRAM_512);
            talk.say(first);
            assertThat(talk.say(last).errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(thief.awaitClosedInSilence()).isTrue();
        }
    }

    @Test
    void aChangedNonceProvesNothing() throws SaslException {
        try (RawKafkaConnection connection = fixture.tls("all")) {
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
        try (RawKafkaConnection connection = fixture.tls("all")) {
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
            try (RawKafkaConnection connection = fixture.tls("all")) {
                SaslAuthenticateResponseData answer = logIn(new SaslTalk(connection), mechanism, name, PASSWORD);
                assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
                assertThat(answer.errorMessage()).doesNotContain(name);
                assertThat(connection.awaitClosedInSilence()).isTrue();
            }
        }
    }

    @Test
    void aVeryLongNameEndsTheLogInAndNothingElse() {
        try (RawKafkaConnection connection = fixture.tls("all")) {
            SaslTalk talk = new SaslTalk(connection);
            talk.handshake(SCRAM_512);
            assertThat(talk.say("n,,n=" + "a".repeat(400_000) + ",r=abc").errorCode())
                    .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
        }
        takesEveryMechanismThatItOffers(SCRAM_512);
    }

    @Test
    void closesOneThatShowsATokenBeforeTheHandshake() {
        try (RawKafkaConnection client = RawKafkaConnection.open(fixture.bootstrap("early"))) {
            client.send(
                    new SaslAuthenticateRequestData()
                            .setAuthBytes(("\0shop\0" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
                    (short) 2);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        until(() -> fixture.metrics("early").framesMalformed(MalformedReason.OUT_OF_PLACE) > 0);
    }

    @Test
    void closesOneThatShakesHandsTwice() {
        try (RawKafkaConnection client = RawKafkaConnection.open(fixture.bootstrap("twice"))) {
            SaslTalk talk = new SaslTalk(client);
            talk.handshake("PLAIN");
            assertThatThrownBy(() -> talk.handshake(SCRAM_512)).isInstanceOf(UncheckedIOException.class);
        }
        until(() -> fixture.metrics("twice").framesMalformed(MalformedReason.OUT_OF_PLACE) > 0);
    }

    /** What the server says first to a client of this name. */
    private static String challenge(String user) {
        try (RawKafkaConnection client = fixture.tls("all")) {
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
