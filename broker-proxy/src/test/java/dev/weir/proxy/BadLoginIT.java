package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not get in: answered as Kafka answers, closed, counted and named in the log, but never with a secret. */
class BadLoginIT {
    private static final String PASSWORD = "correct-horse";
    private static final short METADATA_VERSION = 12;
    private static final ListenerLimits PATIENT = new ListenerLimits(1 << 20, 8, 100, 60_000, 60_000);
    private static final ListenerLimits HASTY = new ListenerLimits(1 << 20, 8, 100, 2_000, 60_000);

    @TempDir
    private static Path dir;

    private static FakeBroker broker;
    private static ProxyFixture weir;
    private static Witnesses witnesses;
    private static LogCapture log;

    @BeforeAll
    static void start() throws IOException {
        log = LogCapture.of("dev.weir.proxy");
        broker = FakeBroker.start();
        broker.responder((header, frame) -> FakeBroker.encode(FakeBroker.oneBroker(), header.requestApiVersion()));
        Path users = Files.writeString(
                dir.resolve("users"),
                "shop:"
                        + PasswordHash.create(PASSWORD, PasswordHash.ITERATIONS_MIN)
                                .encoded() + "\n");
        ListenerSasl sasl = new ListenerSasl(users, true);
        TestCertificate server = TestCa.create(dir, "ca").issue(CertificateSpec.server());
        ListenerTls tls =
                new ListenerTls(server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of());
        ProxyFixture.Builder builder = ProxyFixture.inFrontOf(broker.bootstrap())
                .listener(Witnesses.LISTENER, null, null)
                .listener("good", null, sasl, PATIENT)
                .listener("tls", tls, null, PATIENT)
                .listener("tls-silent", tls, null, HASTY);
        for (String patient : List.of("too-early", "too-large", "mechanism", "token-negative", "token-large", "raw")) {
            builder.listener(patient, null, sasl, PATIENT);
        }
        for (String hasty : List.of("silent", "silent-later", "dripping")) {
            builder.listener(hasty, null, sasl, HASTY);
        }
        tokens().forEach(token -> builder.listener(token.name(), null, sasl, PATIENT));
        weir = builder.start();
        witnesses = Witnesses.of(weir);
    }

    @AfterAll
    static void stop() {
        witnesses.close();
        weir.close();
        broker.close();
        log.close();
    }

    /** A bad PLAIN token. */
    record Token(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Token> tokens() {
        return Stream.of(
                new Token("wrong-password", utf8("\0shop\0wrong-horse")),
                new Token("unknown-user", utf8("\0nobody\0" + PASSWORD)),
                new Token("no-password", utf8("\0shop\0")),
                new Token("no-user", utf8("\0\0" + PASSWORD)),
                new Token("another-ones-name", utf8("admin\0shop\0" + PASSWORD)),
                new Token("too-many-parts", utf8("\0shop\0" + PASSWORD + "\0")),
                new Token("no-nul", utf8("shop " + PASSWORD)),
                new Token("everybody", utf8("\0*\0" + PASSWORD)),
                new Token("nobodys-name", utf8("\0anonymous\0" + PASSWORD)),
                new Token("line-break", utf8("\0shop\nadmin\0" + PASSWORD)),
                new Token("slashes", utf8("\0../shop\0" + PASSWORD)),
                new Token("blank-behind", utf8("\0shop \0" + PASSWORD)),
                new Token("unseen", utf8("\0shop\u200b\0" + PASSWORD)),
                new Token("very-long", utf8("\0" + "x".repeat(300_000) + "\0" + PASSWORD)),
                new Token("empty", new byte[0]),
                new Token("no-text", new byte[] {(byte) 0xff, 0, (byte) 0xfe, 0, (byte) 0xfd}));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void answersAndClosesABadLogin(Token token) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(token.name()))) {
            client.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1);
            SaslAuthenticateResponseData answer = client.request(
                            new SaslAuthenticateRequestData().setAuthBytes(token.bytes()), (short) 2)
                    .as(SaslAuthenticateResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertRefused(token.name(), RefusalReason.CREDENTIALS);
        assertThat(log.with("listener", token.name()).toString())
                .doesNotContain("horse")
                .doesNotContain("\nadmin")
                .hasSizeLessThan(10_000);
    }

    @Test
    void answersAndClosesAMechanismThatIsNotOffered() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("mechanism"))) {
            SaslHandshakeResponseData answer = client.request(
                            new SaslHandshakeRequestData().setMechanism("GSSAPI"), (short) 1)
                    .as(SaslHandshakeResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM.code());
            assertThat(answer.mechanisms()).containsExactly("PLAIN");
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertRefused("mechanism", RefusalReason.CREDENTIALS);
    }

    @Test
    void takesABareTokenAfterAnOldHandshake() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("good"))) {
            client.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 0);
            client.sendFrame(utf8("\0shop\0" + PASSWORD));
            assertThat(client.receiveFrame()).isEmpty();
            client.request(new MetadataRequestData(), METADATA_VERSION);
        }
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("raw"))) {
            client.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 0);
            client.sendFrame(utf8("\0shop\0wrong-horse"));
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertRefused("raw", RefusalReason.CREDENTIALS);
    }

    @Test
    void closesOneThatAsksBeforeItLogsIn() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("too-early"))) {
            client.request(
                    new ApiVersionsRequestData().setClientSoftwareName("a").setClientSoftwareVersion("1"), (short) 3);
            client.send(new MetadataRequestData(), METADATA_VERSION);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertMalformed("too-early", MalformedReason.OUT_OF_PLACE);
    }

    @Test
    void takesNoLargeFramesBeforeTheLogIn() {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("too-large"))) {
            client.sendBytes(ByteBuffer.allocate(8).putInt(600_000).array());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertMalformed("too-large", MalformedReason.LENGTH_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token-negative", "token-large"})
    void checksTheLengthOfABareToken(String listener) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(listener))) {
            client.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 0);
            int length = listener.equals("token-large") ? Integer.MAX_VALUE : -2;
            client.sendBytes(ByteBuffer.allocate(4).putInt(length).array());
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertMalformed(listener, MalformedReason.LENGTH_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "silent-later", "dripping"})
    void doesNotWaitForALogInForEver(String listener) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(listener))) {
            if (listener.equals("silent-later")) {
                client.request(new SaslHandshakeRequestData().setMechanism("PLAIN"), (short) 1);
            } else if (listener.equals("dripping")) {
                client.sendBytes(new byte[] {0, 0});
            }
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertRefused(listener, RefusalReason.HANDSHAKE_TIMEOUT);
    }

    @Test
    void closesWhatIsNoTls() {
        try (RawKafkaConnection client = RawKafkaConnection.open(loopback("tls"))) {
            client.sendBytes(utf8("GET / HTTP/1.1\r\nAuthorization: Bearer " + PASSWORD + "\r\n\r\n"));
            client.awaitClosedInSilence(); // a TLS alert may come first
        }
        assertRefused("tls", RefusalReason.TLS);
        assertThat(log.with("listener", "tls"))
                .singleElement()
                .satisfies(line -> assertThat(String.valueOf(LogCapture.value(line, "reason")))
                        .isEqualTo("not an SSL/TLS record"));
    }

    @Test
    void doesNotWaitForATlsHandshakeForEver() {
        try (RawKafkaConnection client = RawKafkaConnection.open(loopback("tls-silent"))) {
            client.awaitClosedInSilence();
        }
        assertRefused("tls-silent", RefusalReason.HANDSHAKE_TIMEOUT);
    }

    private static String loopback(String listener) {
        return "127.0.0.1:" + weir.listener(listener).bootstrap().port();
    }

    private static void assertRefused(String listener, RefusalReason reason) {
        ListenerMetrics metrics = weir.metrics().listener(listener);
        Patience.awaitAnswer().until(() -> metrics.connectionsRefused(reason) > 0 && metrics.connectionsOpen() == 0);
        assertThat(metrics.connectionsRefused()).as("refused once").isEqualTo(1);
        assertLogged(listener, reason);
    }

    private static void assertMalformed(String listener, MalformedReason reason) {
        ListenerMetrics metrics = weir.metrics().listener(listener);
        Patience.awaitAnswer().until(() -> metrics.framesMalformed(reason) > 0 && metrics.connectionsOpen() == 0);
        assertThat(metrics.framesMalformed()).as("counted once").isEqualTo(1);
        assertLogged(listener, reason);
    }

    private static void assertLogged(String listener, Object kind) {
        Patience.awaitAnswer().until(() -> !log.with("listener", listener).isEmpty());
        assertThat(log.with("listener", listener)).singleElement().satisfies(line -> {
            assertThat(LogCapture.value(line, "kind")).isEqualTo(kind);
            assertThat(LogCapture.value(line, "reason").toString()).isNotBlank();
        });
        witnesses.areServed();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
