package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.proxy.LogCapture;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.TestTls;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.upstream.FileCredentialStore;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-ins of real clients, as the audit has them: on its topic, and as lines. */
class AuditIT {
    private static final String PASSWORD = "correct-horse";
    private static final short METADATA_VERSION = 12;

    @TempDir
    static Path folder;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;
    private static TestCa ca;
    private static Path revoked;
    private static TestIdp idp;

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start();
        String hash = PasswordHash.create(PASSWORD, PasswordHash.ITERATIONS_MIN).encoded();
        Path users = Files.writeString(folder.resolve("users.txt"), "checkout:" + hash + "\n");
        ca = TestCa.create(folder, "ca");
        revoked = ca.revoke(folder.resolve("revoked.pem"));
        idp = TestIdp.start();
        Files.createDirectories(folder.resolve("credentials"));
        TestCertificate server = ca.issue(CertificateSpec.server());
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .listener("plain", null, null)
                .listener("sasl", null, new ListenerSasl(users, true))
                .listener("tls", TestTls.of(server), null)
                .listener("mtls", TestTls.mutual(server, ca, null), null)
                .listener("revocable", TestTls.mutual(server, ca, revoked), null)
                .listener("closing", TestTls.mutual(server, ca, null), null)
                .credentials(new ListenerUpstream.PerPrincipal(
                        new FileCredentialStore(folder.resolve("credentials/{service}.properties"))))
                .listener("own-mtls", TestTls.mutual(server, ca, null), null)
                .listener("own-token", null, tokens())
                .policy(TestPolicy.of((subject, type, name, operation) -> true, AuditIT::service))
                .reports(settings ->
                        settings.withTimes(100, 5_000).withAudit(TestTrail.to(folder.resolve("audit.jsonl"))))
                .start();
        reported = new ReportedRecords(kafka.bootstrap());
    }

    @AfterAll
    static void stop() {
        reported.close();
        weir.close();
        idp.close();
        kafka.close();
    }

    private static ListenerSasl tokens() {
        OAuthBearerConfig issuer = new OAuthBearerConfig(
                idp.issuer(),
                null,
                List.of(TestIdp.AUDIENCE),
                OAuthBearerConfig.ALGORITHMS,
                "sub",
                "",
                OAuthBearerConfig.CLOCK_SKEW_DEFAULT_MILLIS,
                1_000,
                OAuthBearerConfig.KEYS_KEPT_DEFAULT_MILLIS,
                null);
        return new ListenerSasl(List.of(Mechanism.OAUTHBEARER), null, issuer, true, 0);
    }

    /** Of those whose name says that they have one. */
    private static Optional<String> service(Subject subject) {
        String name = subject.principal().name();
        return name.endsWith("orphan") ? Optional.of("orphan") : Optional.empty();
    }

    private static void connect(String listener, Map<String, String> security) throws Exception {
        Map<String, Object> settings = new HashMap<>(security);
        settings.put("bootstrap.servers", weir.bootstrap(listener));
        try (Admin admin = Admin.create(settings)) {
            admin.describeCluster().clusterId().get();
        }
    }

    private static Map<String, String> plain(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
    }

    @Test
    void saysHowLongACertificateHolds() throws Exception {
        TestCertificate client = ca.issue(CertificateSpec.spiffe("spiffe://shop/checkout"));
        connect("mtls", ClientAccess.mutualTls("", ca, client).javaProperties());

        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.LOG_IN))
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:spiffe://shop/checkout");
                        assertThat(audit.getCertificateNotBeforeMillis())
                                .isEqualTo(client.certificate()
                                        .getNotBefore()
                                        .toInstant()
                                        .toEpochMilli());
                        assertThat(audit.getCertificateNotAfterMillis())
                                .isEqualTo(client.certificate()
                                        .getNotAfter()
                                        .toInstant()
                                        .toEpochMilli());
                    });
        });
    }

    @Test
    void saysWhoLoggedInHowAndFromWhere() throws Exception {
        connect("sasl", plain("checkout", PASSWORD));
        connect("plain", Map.of());
        connect("tls", ClientAccess.plaintext("").withTls(ca).javaProperties());

        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.LOG_IN))
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:checkout");
                        assertThat(audit.getClient().getMechanism()).isEqualTo("PLAIN");
                        assertThat(audit.getClient().getListener()).isEqualTo("sasl");
                        assertThat(audit.getClient().getTls()).isFalse();
                        assertThat(audit.getClient().getSource()).isEqualTo("127.0.0.1");
                    })
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:anonymous");
                        assertThat(audit.getClient().getMechanism()).isEqualTo("NONE");
                        assertThat(audit.getClient().getTls()).isFalse();
                    })
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:anonymous");
                        assertThat(audit.getClient().getListener()).isEqualTo("tls");
                        assertThat(audit.getClient().getTls()).isTrue();
                    });
        });
    }

    @Test
    void saysWhoFailedAndKeepsWhatItTried() throws Exception {
        assertThatThrownBy(() -> connect("sasl", plain("checkout", "wrong-battery")))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
        assertThatThrownBy(() -> connect("sasl", plain("nobody", "wrong-battery")))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
        try (Socket socket =
                new Socket("127.0.0.1", weir.listener("tls").bootstrap().port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }

        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            List<Audit> failed = reported.audits(audit -> audit.getKind() == Audit.Kind.LOG_IN_FAILED);
            assertThat(failed)
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:nobody");
                        assertThat(audit.getClient().getMechanism()).isEqualTo("PLAIN");
                        assertThat(audit.getClient().getSource()).isEqualTo("127.0.0.1");
                        assertThat(audit.getReason()).contains("Invalid username or password");
                    })
                    .anySatisfy(audit ->
                            assertThat(audit.getClient().getPrincipal()).isEqualTo("User:checkout"))
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getListener()).isEqualTo("tls");
                        assertThat(audit.getReason()).isEqualTo("TLS handshake failed: what came is not TLS");
                    });
            assertThat(failed.toString()).doesNotContain("battery");
        });
        Patience.awaitAnswer()
                .untilAsserted(() -> assertThat(Files.readString(folder.resolve("audit.jsonl")))
                        .contains("\"kind\":\"logInFailed\"", "\"principal\":\"User:nobody\"")
                        .doesNotContain("battery"));
    }

    @Test
    void saysWhoHasNoCredentialTowardsBrokers() throws Exception {
        for (String name : List.of("orphan", "stranger")) {
            closed("own-mtls", ca.issue(CertificateSpec.spiffe("spiffe://shop/" + name)));
        }
        String token = idp.token(claims -> claims.setSubject("token-orphan"));
        assertThatThrownBy(() ->
                        connect("own-token", ClientAccess.oauthBearer("", token).javaProperties()))
                .hasCauseInstanceOf(SaslAuthenticationException.class);

        awaitFailed(failed -> assertThat(failed)
                .anySatisfy(audit -> {
                    assertThat(audit.getClient().getPrincipal()).isEqualTo("User:spiffe://shop/orphan");
                    assertThat(audit.getClient().getService()).isEqualTo("orphan");
                    assertThat(audit.getClient().getMechanism()).isEqualTo("MTLS");
                    assertThat(audit.getReason()).contains("credential", "orphan");
                })
                .anySatisfy(audit -> {
                    assertThat(audit.getClient().getPrincipal()).isEqualTo("User:spiffe://shop/stranger");
                    assertThat(audit.getReason()).contains("no Service of policy has this identity");
                })
                .anySatisfy(audit -> {
                    assertThat(audit.getClient().getPrincipal()).isEqualTo("User:token-orphan");
                    assertThat(audit.getClient().getMechanism()).isEqualTo("OAUTHBEARER");
                }));
        assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.LOG_IN_FAILED
                        && audit.getClient().getListener().equals("own-token")))
                .as("once, and with its name")
                .allSatisfy(
                        audit -> assertThat(audit.getClient().getPrincipal()).isEqualTo("User:token-orphan"));
    }

    @Test
    void saysWhoseCertificateWasTakenBack() {
        TestCertificate client = ca.issue(CertificateSpec.spiffe("spiffe://shop/leaver"));
        try (RawKafkaConnection connection =
                RawKafkaConnection.openTls(weir.bootstrap("revocable"), ca.clientSockets(client))) {
            assertThat(connection
                            .request(new MetadataRequestData(), METADATA_VERSION)
                            .as(MetadataResponseData.class)
                            .brokers())
                    .isNotEmpty();
            ca.revoke(revoked, client);
            assertThat(connection.awaitClosedInSilence()).isTrue();
        }
        closed("revocable", client);

        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.SESSION_ENDED))
                    .singleElement()
                    .satisfies(audit -> {
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:spiffe://shop/leaver");
                        assertThat(audit.getClient().getMechanism()).isEqualTo("MTLS");
                        assertThat(audit.getClient().getListener()).isEqualTo("revocable");
                        assertThat(audit.getReason()).isEqualTo("the authority took back its certificate");
                    });
        });
        awaitFailed(failed -> assertThat(failed).anySatisfy(audit -> {
            assertThat(audit.getClient().getPrincipal()).isEqualTo("User:spiffe://shop/leaver");
            assertThat(audit.getReason()).contains("the authority took back the certificate");
        }));
    }

    @Test
    void saysWhatWasWrongWithACertificate() {
        CertificateSpec spec = CertificateSpec.spiffe("spiffe://shop/checkout");
        closed("mtls", ca.issue(spec.expired()));
        closed("mtls", ca.issue(spec.notYetValid()));
        closed("mtls", TestCa.create(folder.resolve("other"), "other").issue(spec));
        closed("mtls", TestCa.create(folder.resolve("same"), "ca").issue(spec));
        closed("mtls", null);
        SSLSocketFactory doubtful =
                TestCa.create(folder.resolve("stranger"), "stranger").clientSockets(null);
        Patience.awaitAnswer().untilAsserted(() -> {
            refused("tls", doubtful); // again: its alert may be lost when it closes
            assertThat(reported.poll().audits(audit -> audit.getKind() == Audit.Kind.LOG_IN_FAILED))
                    .anySatisfy(audit -> {
                        assertThat(audit.getClient().getListener()).isEqualTo("tls");
                        assertThat(audit.getReason())
                                .startsWith("TLS handshake failed: the client ended it with the alert ");
                    });
        });
        awaitFailed(failed -> assertThat(failed.stream()
                        .filter(audit -> audit.getClient().getListener().equals("mtls"))
                        .map(Audit::getReason)
                        .distinct())
                .containsExactlyInAnyOrder(
                        "TLS handshake failed: the client showed a certificate that has expired",
                        "TLS handshake failed: the client showed a certificate that is not valid yet",
                        "TLS handshake failed: the client showed a certificate of no authority that the listener trusts",
                        "TLS handshake failed: the client showed no certificate"));
    }

    @Test
    void whoOnlyClosesHasNotFailed() throws Exception {
        try (LogCapture log = LogCapture.of("dev.weir.proxy");
                Socket socket = new Socket(
                        "127.0.0.1", weir.listener("closing").bootstrap().port())) {
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1}); // a ClientHello is to be 256 bytes
            socket.shutdownOutput();
            Patience.awaitAnswer()
                    .untilAsserted(() -> assertThat(log.with("listener", "closing"))
                            .singleElement()
                            .satisfies(line -> assertThat(LogCapture.value(line, "reason"))
                                    .isEqualTo("the connection was closed before the TLS handshake was done")));
        }
        closed("closing", null);

        awaitFailed(failed -> assertThat(failed.stream()
                        .filter(audit -> audit.getClient().getListener().equals("closing"))
                        .map(Audit::getReason))
                .containsExactly("TLS handshake failed: the client showed no certificate"));
    }

    private static void awaitFailed(Consumer<List<Audit>> check) {
        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            check.accept(reported.audits(audit -> audit.getKind() == Audit.Kind.LOG_IN_FAILED));
        });
    }

    /** Weir does not take it, with TLS 1.3 after the client has done its part. */
    private static void closed(String listener, @Nullable TestCertificate certificate) {
        refused(listener, ca.clientSockets(certificate));
    }

    private static void refused(String listener, SSLSocketFactory sockets) {
        assertThatThrownBy(() -> {
                    try (RawKafkaConnection client = RawKafkaConnection.openTls(weir.bootstrap(listener), sockets)) {
                        client.request(new MetadataRequestData(), METADATA_VERSION);
                    }
                })
                .isInstanceOf(UncheckedIOException.class);
    }
}
