package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.telemetry.ListenerMetrics;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not get in by TLS: refused in the handshake, counted and logged; no broker hears of it, and nobody else notices. */
class BadCertificateIT {
    private static final short METADATA_VERSION = 12;
    private static final CertificateSpec CHECKOUT = CertificateSpec.client("CN=checkout");
    private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

    /** Alerts of RFC 8446, section 6. */
    private static final byte ALERT = 21;

    private static final byte FATAL = 2;
    private static final byte HANDSHAKE_FAILURE = 40;
    private static final byte PROTOCOL_VERSION = 70;

    @TempDir
    private static Path dir;

    private static TestCa ca;
    private static FakeBroker broker;
    private static ProxyFixture weir;
    private static Witnesses witnesses;
    private static LogCapture log;
    private static final Map<String, TestCertificate> BAD = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        log = LogCapture.of("dev.weir.proxy");
        broker = FakeBroker.start();
        broker.responder((header, frame) -> {
            MetadataResponseData metadata = new MetadataResponseData();
            metadata.brokers()
                    .add(new MetadataResponseBroker().setNodeId(1).setHost("h").setPort(1));
            return FakeBroker.encode(metadata, header.requestApiVersion());
        });
        ca = TestCa.create(dir, "ca");
        BAD.put("self-signed", ca.selfSigned(CHECKOUT));
        BAD.put("expired", ca.issue(CHECKOUT.expired()));
        BAD.put("not-yet-valid", ca.issue(CHECKOUT.notYetValid()));
        BAD.put(
                "another-authority",
                TestCa.create(dir.resolve("other"), "other").issue(CHECKOUT));
        BAD.put(
                "another-of-the-same-name",
                TestCa.create(dir.resolve("same"), "ca").issue(CHECKOUT));
        BAD.put("issued-by-no-authority", ca.impostor("mallory").issue(CHECKOUT));
        TestCertificate stolen = ca.issue(CHECKOUT);
        TestCertificate own = ca.selfSigned(CertificateSpec.client("CN=mallory"));
        BAD.put(
                "key-of-another",
                new TestCertificate(
                        stolen.chain(),
                        own.key(),
                        stolen.chainPem(),
                        own.keyPem(),
                        stolen.combinedPem(),
                        stolen.pkcs12()));

        TestCertificate server = ca.issue(CertificateSpec.server());
        ListenerTls tls = new ListenerTls(
                server.chainPem(),
                server.keyPem(),
                ClientAuth.REQUIRED,
                ca.pem(),
                List.of(CertificatePrincipal.SUBJECT_CN));
        ListenerTls optional =
                new ListenerTls(server.chainPem(), server.keyPem(), ClientAuth.OPTIONAL, ca.pem(), tls.principalFrom());
        ProxyFixture.Builder builder =
                ProxyFixture.inFrontOf(broker.bootstrap()).listener(Witnesses.LISTENER, null, null);
        for (String listener : listeners()) {
            builder.listener(listener, listener.startsWith("optional") ? optional : tls, null);
        }
        weir = builder.start();
        witnesses = Witnesses.of(weir);
    }

    /** One for each case, so that counts are of that case alone. */
    private static List<String> listeners() {
        List<String> listeners = new ArrayList<>(List.of("good", "old-ssl3", "old-tls10", "old-tls11", "weak"));
        shown().forEach(shown -> {
            listeners.add(shown.listener("required"));
            if (!shown.what.equals("none")) {
                listeners.add(shown.listener("optional"));
            }
        });
        return listeners;
    }

    @AfterAll
    static void stop() {
        witnesses.close();
        weir.close();
        broker.close();
        log.close();
    }

    /** What is shown, and how. */
    record Shown(String what, String protocol) {
        String listener(String clientAuth) {
            return clientAuth + "-" + what + "-"
                    + protocol.toLowerCase(java.util.Locale.ROOT).replace('.', '-');
        }

        @Nullable
        TestCertificate certificate() {
            return BAD.get(what);
        }
    }

    static Stream<Shown> shown() {
        return Stream.concat(Stream.of("none"), BAD.keySet().stream())
                .flatMap(what -> PROTOCOLS.stream().map(protocol -> new Shown(what, protocol)));
    }

    static Stream<Shown> bad() {
        return shown().filter(shown -> !shown.what.equals("none"));
    }

    @ParameterizedTest
    @MethodSource("shown")
    void aListenerThatRequiresACertificateRefuses(Shown shown) {
        assertRefused(shown, shown.listener("required"));
    }

    /** Who shows nothing is anonymous there, but who shows something has to be who it says. */
    @ParameterizedTest
    @MethodSource("bad")
    void aListenerThatTakesCertificatesRefuses(Shown shown) {
        assertRefused(shown, shown.listener("optional"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theSameWithAGoodCertificateIsServed(String protocol) {
        try (RawKafkaConnection client =
                RawKafkaConnection.openTls(weir.bootstrap("good"), ca.clientSockets(protocol, ca.issue(CHECKOUT)))) {
            assertThat(client.request(new MetadataRequestData(), METADATA_VERSION)
                            .as(MetadataResponseData.class)
                            .brokers())
                    .isNotEmpty();
        }
        assertThat(weir.metrics().listener("good").connectionsRefused()).isZero();
    }

    /** A client that offers nothing newer than SSL 3.0, TLS 1.0 or 1.1 (RFC 8996). */
    @ParameterizedTest
    @ValueSource(strings = {"old-ssl3", "old-tls10", "old-tls11"})
    void noOldProtocol(String listener) {
        int version = List.of("old-ssl3", "old-tls10", "old-tls11").indexOf(listener) + 0x0300;
        // TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA and TLS_RSA_WITH_AES_128_CBC_SHA, which these versions know
        assertAlert(listener, clientHello(version, 0xC009, 0x002F), PROTOCOL_VERSION);
    }

    /** No encryption, no authentication, export grade, RC4, DES. */
    @ParameterizedTest
    @ValueSource(strings = "weak")
    void noWeakCipher(String listener) {
        assertAlert(listener, clientHello(0x0303, 0x0001, 0x0034, 0x0003, 0x0005, 0x0009), HANDSHAKE_FAILURE);
    }

    private static void assertAlert(String listener, byte[] hello, byte description) {
        try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap(listener))) {
            client.sendBytes(hello);
            byte[] record = client.receiveBytes(7);
            assertThat(record[0]).as("record type").isEqualTo(ALERT);
            assertThat(record[5]).as("level").isEqualTo(FATAL);
            assertThat(record[6]).as("description").isEqualTo(description);
            assertThat(client.awaitClosedInSilence()).isTrue();
        }
        assertCounted(listener);
    }

    private static void assertRefused(Shown shown, String listener) {
        long before = broker.requests();
        // with TLS 1.3 a client learns of it only when it reads
        assertThatThrownBy(() -> {
                    try (RawKafkaConnection client = RawKafkaConnection.openTls(
                            weir.bootstrap(listener), ca.clientSockets(shown.protocol, shown.certificate()))) {
                        client.request(new MetadataRequestData(), METADATA_VERSION);
                    }
                })
                .isInstanceOf(UncheckedIOException.class);
        assertThat(broker.requests()).as("requests that came to the broker").isEqualTo(before);
        assertCounted(listener);
    }

    private static void assertCounted(String listener) {
        ListenerMetrics metrics = weir.metrics().listener(listener);
        Patience.awaitAnswer()
                .until(() -> metrics.connectionsRefused(RefusalReason.TLS) > 0 && metrics.connectionsOpen() == 0);
        assertThat(metrics.connectionsRefused()).as("refused once").isEqualTo(1);
        Patience.awaitAnswer().until(() -> !log.with("listener", listener).isEmpty());
        assertThat(log.with("listener", listener)).singleElement().satisfies(line -> {
            assertThat(LogCapture.value(line, "kind")).isEqualTo(RefusalReason.TLS);
            assertThat(LogCapture.value(line, "peer").toString()).matches("127\\.0\\.0\\.1:\\d+");
            assertThat(LogCapture.value(line, "reason").toString()).isNotBlank().isNotEqualTo("null");
        });
        witnesses.areServed();
    }

    /** A ClientHello without extensions (RFC 5246, 7.4.1.2) in one record. */
    private static byte[] clientHello(int version, int... suites) {
        int body = 2 + 32 + 1 + 2 + 2 * suites.length + 2;
        ByteBuffer hello = ByteBuffer.allocate(5 + 4 + body);
        hello.put((byte) 22).putShort((short) Math.min(version, 0x0301)).putShort((short) (4 + body));
        hello.put((byte) 1).put((byte) 0).putShort((short) body);
        hello.putShort((short) version).put(new byte[32]).put((byte) 0);
        hello.putShort((short) (2 * suites.length));
        for (int suite : suites) {
            hello.putShort((short) suite);
        }
        return hello.put((byte) 1).put((byte) 0).array();
    }
}
