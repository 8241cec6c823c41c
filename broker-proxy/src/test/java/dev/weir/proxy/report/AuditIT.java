package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.audit.AuditLines;
import dev.weir.proxy.audit.AuditTrail;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.AuditConfig;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-ins of real clients, as the audit has them: on its topic, and as lines. */
class AuditIT {
    private static final String PASSWORD = "correct-horse";

    @TempDir
    static Path folder;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;
    private static TestCa ca;

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start();
        String hash = PasswordHash.create(PASSWORD, PasswordHash.ITERATIONS_MIN).encoded();
        Path users = Files.writeString(folder.resolve("users.txt"), "checkout:" + hash + "\n");
        ca = TestCa.create(folder, "ca");
        TestCertificate server = ca.issue(CertificateSpec.server());
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .listener("plain", null, null)
                .listener("sasl", null, new ListenerSasl(users, true))
                .listener(
                        "tls",
                        new ListenerTls(
                                server.chainPem(), server.keyPem(), ListenerTls.ClientAuth.NONE, null, List.of()),
                        null)
                .listener(
                        "mtls",
                        new ListenerTls(
                                server.chainPem(),
                                server.keyPem(),
                                ListenerTls.ClientAuth.REQUIRED,
                                ca.pem(),
                                List.of(ListenerTls.CertificatePrincipal.SAN_URI)),
                        null)
                .reports(settings -> settings.withTimes(100, 5_000).withAudit(trail()))
                .start();
        reported = new ReportedRecords(kafka.bootstrap());
    }

    private static AuditTrail trail() {
        AuditConfig config = new AuditConfig(Optional.of(folder.resolve("audit.jsonl")), false);
        try {
            return new AuditTrail(AuditLines.open(config, "fixture", System.out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        reported.close();
        weir.close();
        kafka.close();
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
                        assertThat(audit.getReason()).isEqualTo("TLS handshake failed");
                    });
            assertThat(failed.toString()).doesNotContain("battery");
        });
        Patience.awaitAnswer()
                .untilAsserted(() -> assertThat(Files.readString(folder.resolve("audit.jsonl")))
                        .contains("\"kind\":\"logInFailed\"", "\"principal\":\"User:nobody\"")
                        .doesNotContain("battery"));
    }
}
