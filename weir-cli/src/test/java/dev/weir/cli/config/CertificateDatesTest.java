package dev.weir.cli.config;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir up --check} with certificates that do not hold at the time. */
class CertificateDatesTest {
    private static final CertificateSpec SERVER = CertificateSpec.server();

    @TempDir
    private Path folder;

    private ConfigFixture fixture;
    private TestCa ca;

    @BeforeEach
    void makeFiles() throws IOException {
        fixture = new ConfigFixture(folder);
        ca = TestCa.create(folder, "dated-ca");
    }

    private Result check(TestCertificate listener, TestCertificate cluster) throws IOException {
        Path file = fixture.write(
                """
            clusters:
              - name: main
                bootstrap: ["127.0.0.1:9092"]
                tls: {trust: certs/kafka-ca.pem, certificate: "%s", key: "%s"}
            listeners:
              - name: front
                bind: 127.0.0.1:19192
                tls: {certificate: "%s", key: "%s"}
            policy: {folder: demo-policy}
            """.formatted(cluster.chainPem(), cluster.keyPem(), listener.chainPem(), listener.keyPem()));
        return weir("up", "--check", "--config", file.toString());
    }

    @Test
    void thoseThatHoldAreFine() throws IOException {
        TestCertificate good = ca.issue(SERVER);
        Result result = check(good, good);
        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).endsWith("weir.yaml is fine." + System.lineSeparator());
    }

    /** As a start does, which goes on with them. */
    @Test
    void othersAreWarnedOfAndAreNoMistake() throws IOException {
        TestCertificate ended = ca.issue(SERVER.expired());
        TestCertificate tomorrow = ca.issue(CertificateSpec.client("CN=weir").notYetValid());
        Result result = check(ended, tomorrow);
        assertThat(result.exitCode()).isZero();
        assertThat(result.err().lines())
                .containsExactly(
                        "warning: listener front: the certificate in " + ended.chainPem()
                                + " (CN=localhost) has ended at "
                                + ended.certificate().getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS)
                                + ", and clients refuse it; put one there that holds now",
                        "warning: cluster main: the certificate in " + tomorrow.chainPem()
                                + " (CN=weir) begins only at "
                                + tomorrow.certificate()
                                        .getNotBefore()
                                        .toInstant()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                + ", and brokers that ask for it refuse it; put one there that holds now");
        assertThat(result.out()).endsWith("weir.yaml is fine otherwise." + System.lineSeparator());
    }
}
