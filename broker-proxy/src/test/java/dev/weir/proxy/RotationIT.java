package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.connection.ConnectionStatus;
import dev.weir.proxy.tls.CertificateRole;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.upstream.KafkaClientSettings;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.ledger.LedgerResult;
import dev.weir.testkit.ledger.LedgerRun;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, authorities and passwords change under a running proxy; who is connected stays connected. */
class RotationIT {
    private static final int PARTITIONS = 2;

    @TempDir
    private static Path folder;

    private static TestCa ca;
    private static TestCa other;
    private static EmbeddedKafka kafka;

    private Path certificate;
    private Path key;
    private Path trust;

    @BeforeAll
    static void start() {
        ca = TestCa.create(folder, "ca");
        other = TestCa.create(folder, "other");
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAIN"))
                .listener(ClientListener.saslPlainOverTls(
                        "SASL",
                        Map.of("weir", "right"),
                        ca.listenerTls(dev.weir.kafka.ListenerTls.ClientAuth.REQUIRED)))
                .start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void files(TestInfo test) throws IOException {
        Path own = Files.createDirectories(
                folder.resolve(test.getTestMethod().orElseThrow().getName()));
        certificate = own.resolve("certificate.pem");
        key = own.resolve("key.pem");
        trust = own.resolve("trust.pem");
    }

    private TestCertificate server(String name) {
        return ca.issue(CertificateSpec.server().withFileName(name));
    }

    /** The key first, as many tools do: for a moment the two do not belong together. */
    private void lay(TestCertificate issued) throws IOException {
        Files.copy(issued.keyPem(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(issued.chainPem(), certificate, StandardCopyOption.REPLACE_EXISTING);
    }

    private void trusts(TestCa... authorities) throws IOException {
        StringBuilder text = new StringBuilder();
        for (TestCa authority : authorities) {
            text.append(Files.readString(authority.pem()));
        }
        Files.writeString(trust, text);
    }

    private ProxyFixture weir(ClientAuth clientAuth) {
        return ProxyFixture.inFrontOf(kafka.bootstrap("PLAIN"))
                .listener(
                        "tls",
                        new ListenerTls(
                                certificate,
                                key,
                                clientAuth,
                                clientAuth == ClientAuth.NONE ? null : trust,
                                List.of(CertificatePrincipal.SUBJECT)),
                        null)
                .start();
    }

    @Test
    void clientsGoOnWhileTheListenersCertificateIsRenewed() throws Exception {
        lay(server("rotation-0"));
        try (ProxyFixture weir = weir(ClientAuth.NONE)) {
            kafka.createTopic("renewed", PARTITIONS);
            LedgerRun run = LedgerRun.start(client(weir), "renewed", PARTITIONS);
            run.awaitProgress(50);
            try (RawKafkaConnection before = open(weir, null)) {
                ask(before);
                Set<Long> connected = connected(weir);
                // this one, and of a producer and a consumer those to the broker
                assertThat(connected).hasSizeGreaterThanOrEqualTo(3);
                for (int i = 1; i <= 3; i++) {
                    TestCertificate next = server("rotation-" + i);
                    lay(next);
                    for (String address : addresses(weir)) {
                        Patience.awaitSettled().until(() -> shown(address).equals(next.certificate()));
                    }
                    run.awaitProgress(50);
                }
                ask(before);
                assertThat(weir.listener("tls").problems()).isEmpty();
                assertThat(connected(weir))
                        .as("the same connections, beside those that looked at the certificate")
                        .containsAll(connected);
            }
            LedgerResult result = run.finish();
            assertThat(result.violations()).isEmpty();
            assertThat(result.unacked()).isZero();
            assertThat(weir.metrics().listener("tls").framesMalformed()).isZero();
        }
    }

    /** The ids of all connections. */
    static Set<Long> connected(ProxyFixture weir) {
        return weir.proxy().connections(0, 1_000).toCompletionStage().toCompletableFuture().join().stream()
                .map(ConnectionStatus::id)
                .collect(Collectors.toSet());
    }

    @Test
    void filesWithMistakesChangeNothingAndAreTold() throws Exception {
        TestCertificate first = server("mistakes");
        lay(first);
        try (ProxyFixture weir = weir(ClientAuth.NONE)) {
            Files.writeString(certificate, "no certificate at all");
            awaitProblem(weir, "certificate.pem: no certificates can be read from this file");
            assertThat(shown(weir.bootstrap("tls"))).isEqualTo(first.certificate());

            TestCertificate second = server("mistakes-2");
            Files.copy(second.chainPem(), certificate, StandardCopyOption.REPLACE_EXISTING);
            awaitProblem(weir, "key.pem: this is not the key of the first certificate in certificate.pem");

            lay(ca.issue(CertificateSpec.server().withFileName("mistakes-3").expired()));
            awaitProblem(weir, "\"CN=localhost\" has ended at ");

            Files.delete(key);
            awaitProblem(weir, "key.pem does not exist");
            assertThat(shown(weir.bootstrap("tls"))).isEqualTo(first.certificate());

            lay(second);
            Patience.awaitSettled().until(() -> weir.listener("tls").problems().isEmpty());
            Patience.awaitSettled().until(() -> shown(weir.bootstrap("tls")).equals(second.certificate()));
            assertThat(weir.proxy().status().certificates()).singleElement().satisfies(shown -> {
                assertThat(shown.role()).isEqualTo(CertificateRole.SERVER);
                assertThat(shown.notAfter())
                        .isEqualTo(second.certificate().getNotAfter().toInstant());
            });
        }
    }

    private static void awaitProblem(ProxyFixture weir, String text) {
        Patience.awaitSettled()
                .until(() -> weir.listener("tls").problems().stream().anyMatch(problem -> problem.contains(text)));
    }

    @Test
    void theAuthorityOfClientsChangesByWayOfBoth() throws Exception {
        lay(server("clients"));
        trusts(ca);
        TestCertificate old = ca.issue(CertificateSpec.client("CN=old"));
        TestCertificate young = other.issue(CertificateSpec.client("CN=young"));
        try (ProxyFixture weir = weir(ClientAuth.REQUIRED);
                RawKafkaConnection connected = open(weir, old)) {
            ask(connected);
            Set<Long> before = connected(weir);
            assertThat(before).hasSize(1);
            assertThat(accepted(weir, young)).isFalse();

            trusts(ca, other);
            Patience.awaitSettled().until(() -> accepted(weir, young));
            assertThat(accepted(weir, old)).isTrue();

            SSLContext resuming = context(old);
            assertThat(accepted(weir, resuming)).isTrue();
            trusts(other);
            Patience.awaitSettled().until(() -> !accepted(weir, old));
            // a session that was begun under the old authority is no way back in
            assertThat(accepted(weir, resuming)).isFalse();
            assertThat(accepted(weir, young)).isTrue();
            assertThat(connected(weir)).as("who was connected still is").containsAll(before);
            ask(connected);
            assertThat(weir.proxy().status().certificates())
                    .extracting(CertificateStatus::role)
                    .containsExactly(CertificateRole.SERVER, CertificateRole.CLIENT_CA);
        }
    }

    @Test
    void brokersAreMetWithWhatLiesInTheFilesNow() throws Exception {
        lay(other.issue(CertificateSpec.client("CN=weir-wrong")));
        trusts(other);
        Path password = Files.writeString(folder.resolve("password"), "wrong\n");
        UpstreamTls tls = new UpstreamTls(trust, certificate, key, true);
        UpstreamSasl sasl = new UpstreamSasl.Password(Mechanism.PLAIN, "weir", "wrong", password);
        try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap("SASL"))
                        .upstream(tls, sasl)
                        .listener("plain", null, null)
                        .start();
                Admin own =
                        Admin.create(KafkaClientSettings.of(new ClusterConfig("main", broker("SASL"), tls, sasl)))) {
            assertThat(weir.proxy().status().clusters().get(0).lastError()).isNotNull();
            assertThatThrownBy(() -> own.listTopics().names().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(SslAuthenticationException.class);
            trusts(ca);
            lay(ca.issue(CertificateSpec.client("CN=weir")));
            Patience.awaitSettled()
                    .until(() -> String.valueOf(
                                    weir.proxy().status().clusters().get(0).lastError())
                            .contains("refused user weir"));
            Files.writeString(password, "");
            Patience.awaitSettled()
                    .until(() -> weir.proxy().status().clusters().get(0).problems().stream()
                            .anyMatch(problem -> problem.contains("password is empty")));
            Files.writeString(password, "right\n");
            Patience.awaitSettled()
                    .until(() -> weir.proxy().status().clusters().get(0).lastError() == null);
            try (RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap("plain"))) {
                ask(client);
            }
            assertThat(weir.proxy().status().certificates())
                    .extracting(CertificateStatus::role)
                    .containsExactly(CertificateRole.CLIENT, CertificateRole.TRUST);
            assertThat(weir.proxy().status().toString()).doesNotContain("right").doesNotContain("wrong\"");
            Patience.awaitSettled()
                    .untilAsserted(() -> assertThatCode(
                                    () -> own.listTopics().names().get(30, TimeUnit.SECONDS))
                            .as("Kafka's own client in Weir, made when all was wrong")
                            .doesNotThrowAnyException());
        }
    }

    private static List<Endpoint> broker(String listener) {
        String[] address = kafka.bootstrap(listener).split(":");
        return List.of(new Endpoint(address[0], Integer.parseInt(address[1])));
    }

    private static void ask(RawKafkaConnection client) {
        ApiVersionsResponseData answer = client.request(
                        new ApiVersionsRequestData()
                                .setClientSoftwareName("test")
                                .setClientSoftwareVersion("1"),
                        (short) 3)
                .as(ApiVersionsResponseData.class);
        assertThat(answer.apiKeys()).isNotEmpty();
    }

    private static RawKafkaConnection open(ProxyFixture weir, @Nullable TestCertificate client) throws Exception {
        return RawKafkaConnection.openTls(weir.bootstrap("tls"), context(client).getSocketFactory());
    }

    private static boolean accepted(ProxyFixture weir, TestCertificate client) throws Exception {
        return accepted(weir, context(client));
    }

    /** With TLS 1.3 a client hears of its refusal only when it reads. */
    private static boolean accepted(ProxyFixture weir, SSLContext context) {
        try (RawKafkaConnection connection =
                RawKafkaConnection.openTls(weir.bootstrap("tls"), context.getSocketFactory())) {
            ask(connection);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static X509Certificate shown(String address) throws Exception {
        try (RawKafkaConnection connection =
                RawKafkaConnection.openTls(address, context(null).getSocketFactory())) {
            ask(connection);
            return (X509Certificate)
                    ((SSLSocket) connection.socket()).getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    /** Bootstrap and brokers. */
    private static List<String> addresses(ProxyFixture weir) {
        List<String> all = new ArrayList<>(List.of(weir.bootstrap("tls")));
        Stream<Endpoint> brokers = weir.listener("tls").brokers().values().stream();
        all.addAll(brokers.map(Endpoint::toString).toList());
        return all;
    }

    private static Map<String, Object> client(ProxyFixture weir) {
        return new HashMap<>(
                ClientAccess.plaintext(weir.bootstrap("tls")).withTls(ca).javaProperties());
    }

    private static SSLContext context(@Nullable TestCertificate client) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(ca.trustPkcs12())) {
            trusted.load(in, TestCa.PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = null;
        if (client != null) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(client.pkcs12())) {
                own.load(in, TestCa.PASSWORD.toCharArray());
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own, TestCa.PASSWORD.toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }
}
