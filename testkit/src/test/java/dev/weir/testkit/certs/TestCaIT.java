package dev.weir.testkit.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls;
import dev.weir.testkit.await.Patience;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates do what their names say, asked of a real broker: once with its keys as PEM, once as PKCS#12. */
class TestCaIT {

    @TempDir
    private static Path dir;

    private static TestCa ca;
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        ca = TestCa.create(dir, "ca");
        TestCertificate server = ca.issue(CertificateSpec.server().withFileName("server-p12"));
        ListenerTls pkcs12 = new ListenerTls(
                new ListenerTls.Pkcs12(server.pkcs12(), TestCa.PASSWORD),
                new ListenerTls.Pkcs12(ca.trustPkcs12(), TestCa.PASSWORD),
                ListenerTls.ClientAuth.REQUIRED);
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.tls("PEM", ca.listenerTls(ListenerTls.ClientAuth.REQUIRED)))
                .listener(ClientListener.tls("PKCS12", pkcs12))
                .listener(ClientListener.saslPlainOverTls(
                        "SASL", Map.of("alice", "a"), ca.listenerTls(ListenerTls.ClientAuth.NONE)))
                .start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PEM", "PKCS12"})
    void goodClientsComeIn(String listener) throws Exception {
        CertificateSpec named = CertificateSpec.client("CN=checkout,O=Shop").withDns("checkout.shop.test");
        assertThat(clusterId(listener, ca.issue(named))).isEqualTo(kafka.clusterId());
        assertThat(clusterId(listener, ca.issue(CertificateSpec.spiffe("spiffe://shop/checkout"))))
                .isEqualTo(kafka.clusterId());
        TestCertificate below = ca.intermediate("issuing").issue(CertificateSpec.client("CN=payments"));
        assertThat(below.chain()).hasSize(2);
        assertThat(clusterId(listener, below)).isEqualTo(kafka.clusterId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PEM", "PKCS12"})
    void badClientsStayOut(String listener) {
        CertificateSpec spec = CertificateSpec.client("CN=checkout");
        assertRefused(listener, ca.issue(spec.expired()));
        assertRefused(listener, ca.issue(spec.notYetValid()));
        assertRefused(listener, ca.selfSigned(spec));
        assertRefused(listener, TestCa.create(dir.resolve("other"), "other").issue(spec));
    }

    @Test
    void passwordOverTls() throws Exception {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                kafka.bootstrap("SASL"),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"alice\" password=\"a\";",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                ca.pem().toString()));
        assertThat(clusterId(properties)).isEqualTo(kafka.clusterId());
    }

    private static void assertRefused(String listener, TestCertificate certificate) {
        assertThatThrownBy(() -> clusterId(listener, certificate))
                .as(certificate.chainPem().toString())
                .hasCauseInstanceOf(SslAuthenticationException.class);
    }

    private static String clusterId(String listener, TestCertificate certificate) throws Exception {
        return clusterId(Map.of(
                "bootstrap.servers",
                kafka.bootstrap(listener),
                "security.protocol",
                "SSL",
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                ca.trustPkcs12().toString(),
                "ssl.truststore.password",
                TestCa.PASSWORD,
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                certificate.combinedPem().toString()));
    }

    private static String clusterId(Map<String, Object> properties) throws Exception {
        try (Admin admin = Admin.create(properties)) {
            return admin.describeCluster().clusterId().get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
