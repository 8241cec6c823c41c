package dev.weir.proxy;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.ledger.LedgerResult;
import dev.weir.testkit.ledger.LedgerRun;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Weir shows to brokers changes while clients are connected: they stay, past the next log-in that brokers want of it. */
class UpstreamRotationIT {
    /** Longer than the change takes, so that no log-in falls into it: then it would be with a password that the other side does not have. */
    private static final int SESSION_MILLIS = 20_000;

    private static final int PARTITIONS = 2;

    @TempDir
    private static Path folder;

    private static TestCa ca;
    private static EmbeddedKafka kafka;
    private static Path certificate;
    private static Path key;
    private static Path password;

    @BeforeAll
    static void start() throws IOException {
        ca = TestCa.create(folder, "ca");
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        password = Files.writeString(folder.resolve("password"), "first\n");
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.tls("SCRAM", ca.listenerTls(ClientAuth.REQUIRED))
                        .withSasl(ClientListener.Sasl.scram(Map.of("weir", "first"))))
                .property("connections.max.reauth.ms", Integer.toString(SESSION_MILLIS))
                .start();
        kafka.createTopic("orders", PARTITIONS);
        lay("CN=weir, O=first");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static void lay(String subject) throws IOException {
        TestCertificate issued = ca.issue(CertificateSpec.client(subject).withFileName("weir" + subject.length()));
        Files.copy(issued.keyPem(), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(issued.chainPem(), certificate, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void whoIsConnectedStaysWhileWeirsPasswordAndCertificateChange() throws Exception {
        try (ProxyFixture weir = ProxyFixture.inFrontOf(kafka.bootstrap("SCRAM"))
                        .upstream(
                                new UpstreamTls(ca.pem(), certificate, key, true),
                                new UpstreamSasl.Password(Mechanism.SCRAM_SHA_512, "weir", "first", password))
                        .start();
                RawKafkaConnection client = RawKafkaConnection.open(weir.bootstrap());
                LedgerRun run = LedgerRun.start(
                        new HashMap<>(ClientAccess.plaintext(weir.bootstrap()).javaProperties()),
                        "orders",
                        PARTITIONS)) {
            assertThat(FirstSteps.topics(client)).contains("orders");
            run.awaitProgress(50);
            Set<Long> connected = RotationIT.connected(weir);
            assertThat(connected).hasSizeGreaterThanOrEqualTo(3);

            lay("CN=weir, O=second");
            changePassword("second");
            awaitSettled().until(() -> inForce(weir).contains("second"));
            awaitSettled().until(() -> comesIn(weir));

            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SESSION_MILLIS);
            awaitSettled().until(() -> {
                assertThat(FirstSteps.topics(client)).contains("orders");
                return System.nanoTime() > until;
            });
            run.awaitProgress(50);
            assertThat(RotationIT.connected(weir))
                    .as("brokers have asked each of them for the new password since")
                    .containsAll(connected);
            assertThat(weir.proxy().status().clusters().get(0).problems()).isEmpty();

            LedgerResult result = run.finish();
            assertThat(result.violations()).isEmpty();
            assertThat(result.unacked()).isZero();
        }
    }

    private static void changePassword(String next) throws Exception {
        kafka.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "weir", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096), next)))
                .all()
                .get(30, TimeUnit.SECONDS);
        Files.writeString(password, next + "\n");
    }

    private static String inForce(ProxyFixture weir) {
        return weir.proxy().status().certificates().stream()
                .map(CertificateStatus::subject)
                .toList()
                .toString();
    }

    private static boolean comesIn(ProxyFixture weir) {
        try (RawKafkaConnection fresh = RawKafkaConnection.open(weir.bootstrap())) {
            return FirstSteps.topics(fresh).contains("orders");
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
