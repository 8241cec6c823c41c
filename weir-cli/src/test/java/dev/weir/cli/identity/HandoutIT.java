package dev.weir.cli.identity;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.kafka.ListenerTls;
import dev.weir.kafka.ListenerTls.ClientAuth;
import dev.weir.testkit.await.Patience;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code weir identity issue} hands out works as it is, with a real broker that asks for certificates. */
class HandoutIT {
    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        identity("init", "--dir", folder + "/ca", "--trust-domain", "shop");
        identity("issue", "--ca", folder + "/ca", "--listener", "localhost,127.0.0.1", "--out", folder + "/server");
        Path server = folder.resolve("server");
        kafka = EmbeddedKafka.builder()
                .listener(ClientListener.tls(
                        "TLS",
                        new ListenerTls(
                                new ListenerTls.PemKeys(server.resolve("certificate.pem"), server.resolve("key.pem")),
                                new ListenerTls.PemTrust(server.resolve("ca.pem")),
                                ClientAuth.REQUIRED)))
                .start();
        kafka.createTopic("orders", 1);
        for (String key : new String[] {"ec", "rsa"}) {
            identity(
                    "issue",
                    "--ca",
                    folder + "/ca",
                    "--service",
                    "payments",
                    "--key",
                    key,
                    "--bootstrap",
                    kafka.bootstrap("TLS"),
                    "--out",
                    folder + "/" + key);
        }
    }

    private static void identity(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "identity";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Result result = weir(all);
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void theJavaClientConnects() throws Exception {
        assertThat(nodes(folder.resolve("ec/client.properties"))).isEqualTo(1);
        assertThat(nodes(folder.resolve("rsa/client.properties"))).isEqualTo(1);
    }

    @Test
    void kcatConnects() throws Exception {
        for (String key : new String[] {"ec", "rsa"}) {
            Process kcat = new ProcessBuilder(
                            "kcat", "-F", folder.resolve(key + "/kcat.conf").toString(), "-L", "-m", "60")
                    .redirectErrorStream(true)
                    .start();
            String shown = new String(kcat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(kcat.waitFor(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(shown).contains("topic \"orders\"");
        }
    }

    private static int nodes(Path configuration) throws Exception {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(configuration)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        try (Admin admin = Admin.create(properties)) {
            return admin.describeCluster()
                    .nodes()
                    .get(Patience.SETTLED.toSeconds(), TimeUnit.SECONDS)
                    .size();
        }
    }
}
