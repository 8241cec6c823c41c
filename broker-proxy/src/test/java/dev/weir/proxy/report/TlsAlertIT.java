package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.proxy.LogCapture;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.TestTls;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that end TLS in their own way: the log and the audit say it in words. */
class TlsAlertIT {
    /** A fatal {@code unknown_ca} (48) as OpenSSL sends it, without encryption (RFC 8446, sections 5.1 and 6). */
    private static final byte[] UNKNOWN_CA = {21, 3, 3, 0, 2, 2, 48};

    /** A record of application data that was never encrypted. */
    private static final byte[] NEVER_ENCRYPTED =
            "\u0017\u0003\u0003\u0000\u001ccorrect-horse battery staple".getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] NO_RECORD = "correct-horse battery staple\r\n".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static TestCa ca;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        ca = TestCa.create(folder, "ca");
        ListenerTls tls = TestTls.of(ca.issue(CertificateSpec.server()));
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .listener("doubted", tls, null)
                .listener("broken", tls, null)
                .policy(TestPolicy.of((subject, type, name, operation) -> true, subject -> Optional.empty()))
                .reports(settings ->
                        settings.withTimes(100, 5_000).withAudit(TestTrail.to(folder.resolve("audit.jsonl"))))
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    private static Socket socket(String listener) throws IOException {
        return new Socket("127.0.0.1", weir.listener(listener).bootstrap().port());
    }

    private static SSLSocket over(Socket socket, SSLSocketFactory tls) throws IOException {
        return (SSLSocket) tls.createSocket(socket, "localhost", socket.getPort(), true);
    }

    /** Does with TLS 1.3 what OpenSSL does with a certificate that it does not know. */
    private static SSLSocketFactory doubtful(Socket socket) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Doubt(socket)}, null);
        return context.getSocketFactory();
    }

    private record Doubt(Socket socket) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            try {
                socket.getOutputStream().write(UNKNOWN_CA);
            } catch (IOException e) {
                throw new CertificateException(e);
            }
            throw new CertificateException("nobody known");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("of clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void whoDoesNotTrustTheListenerIsSaidToDoSo() {
        try (LogCapture log = LogCapture.of("dev.weir.proxy");
                ReportedRecords reported = new ReportedRecords(kafka.bootstrap())) {
            assertThatThrownBy(() -> {
                        try (Socket socket = socket("doubted");
                                SSLSocket client = over(socket, doubtful(socket))) {
                            client.startHandshake();
                        }
                    })
                    .isInstanceOf(SSLException.class);

            Patience.awaitAnswer()
                    .untilAsserted(() -> assertThat(log.with("listener", "doubted"))
                            .filteredOn(line -> line.getLevel() == Level.WARN)
                            .singleElement()
                            .satisfies(line -> assertThat(String.valueOf(LogCapture.value(line, "reason")))
                                    .startsWith("the client ended it with ")
                                    .contains("accept the listener's certificate")));
            Patience.awaitAnswer()
                    .untilAsserted(() -> assertThat(reported.poll()
                                    .audits(audit ->
                                            audit.getClient().getListener().equals("doubted")))
                            .singleElement()
                            .satisfies(audit -> {
                                assertThat(audit.getKind()).isEqualTo(Audit.Kind.LOG_IN_FAILED);
                                assertThat(audit.getReason())
                                        .startsWith("TLS handshake failed: the client ended it with ")
                                        .contains("accept the listener's certificate");
                            }));
        }
    }

    /** It is no fault of Weir's: a line of the client's, at most one in a second, and no stack of calls. */
    @Test
    void whatIsNoTlsAfterTheHandshakeEndsTheConnection() {
        try (LogCapture log = LogCapture.of("dev.weir.proxy")) {
            Patience.awaitAnswer().untilAsserted(() -> {
                breakOff(NEVER_ENCRYPTED);
                assertThat(reasons(log)).anyMatch(reason -> !reason.contains("not an SSL/TLS record"));
            });
            Patience.awaitAnswer().untilAsserted(() -> {
                breakOff(NO_RECORD); // again: there is one line in a second
                assertThat(reasons(log)).anyMatch(reason -> reason.endsWith("not an SSL/TLS record"));
            });
            assertThat(reasons(log)).allMatch(reason -> reason.startsWith("TLS with the client broke off: "));
            assertThat(log.with("listener", "broken"))
                    .allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN));
        }
    }

    private static void breakOff(byte[] bytes) throws IOException {
        try (Socket socket = socket("broken");
                SSLSocket client = over(socket, ca.clientSockets(null))) {
            client.startHandshake();
            socket.getOutputStream().write(bytes);
            awaitClosed(socket);
        }
    }

    private static void awaitClosed(Socket socket) throws IOException {
        socket.setSoTimeout(Math.toIntExact(Patience.ANSWER.toMillis()));
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // a reset is an end, too
        }
    }

    private static List<String> reasons(LogCapture log) {
        return log.with("listener", "broken").stream()
                .map(line -> String.valueOf(LogCapture.value(line, "reason")))
                .toList();
    }
}
