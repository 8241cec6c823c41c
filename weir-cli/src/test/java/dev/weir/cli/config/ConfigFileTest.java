package dev.weir.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.config.UpstreamSasl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    private static final Path SAMPLE = Path.of("../deploy/weir.yaml");

    @TempDir
    private static Path folder;

    private static ConfigFixture fixture;

    @BeforeAll
    static void makeFiles() throws IOException {
        fixture = new ConfigFixture(folder);
    }

    @Test
    void theSampleIsValidAsItStands() throws IOException {
        WeirConfig config = ConfigFile.read(fixture.write(Files.readString(SAMPLE)));

        assertThat(config.proxy().clusters())
                .containsExactly(new ClusterConfig("main", List.of(new Endpoint("127.0.0.1", 9092)), null, null));
        assertThat(config.proxy().listeners())
                .containsExactly(new ListenerConfig(
                        "internal",
                        "main",
                        new Endpoint("127.0.0.1", 9192),
                        "127.0.0.1",
                        new BrokerPorts(9193, 0, 9),
                        null,
                        null,
                        ListenerLimits.DEFAULT));
        assertThat(config.policy()).isEqualTo(new PolicySettings.Folder(folder.resolve("demo-policy")));
        assertThat(config.admin()).isEqualTo(new Endpoint("127.0.0.1", 9190));
    }

    @Test
    void theSampleIsValidWithEveryOptionTakenUp() throws IOException {
        String everything =
                Files.readString(SAMPLE).replaceAll("(?m)^( {2,})# ", "$1").replaceAll("(?m)^  folder:.*$", "");
        WeirConfig config = ConfigFile.read(fixture.write(everything));

        ClusterConfig cluster = config.proxy().clusters().get(0);
        assertThat(cluster.sasl()).isEqualTo(new UpstreamSasl("weir", "weir-secret"));
        assertThat(cluster.tls()).satisfies(tls -> {
            assertThat(tls.trust()).isEqualTo(folder.resolve("certs/kafka-ca.pem"));
            assertThat(tls.key()).isEqualTo(folder.resolve("certs/weir-key.pem"));
            assertThat(tls.verifyHostname()).isTrue();
        });
        ListenerConfig listener = config.proxy().listeners().get(0);
        assertThat(listener.advertisedHost()).isEqualTo("kafka.mesh.example");
        assertThat(listener.limits()).isEqualTo(ListenerLimits.DEFAULT);
        assertThat(listener.tls()).satisfies(tls -> {
            assertThat(tls.clientAuth()).isEqualTo(ClientAuth.REQUIRED);
            assertThat(tls.principalFrom()).containsExactly(CertificatePrincipal.SAN_URI, CertificatePrincipal.SUBJECT);
        });
        assertThat(listener.sasl()).satisfies(sasl -> {
            assertThat(sasl.users()).isEqualTo(folder.resolve("secrets/users.txt"));
            assertThat(sasl.allowWithoutTls()).isFalse();
        });
        assertThat(config.policy())
                .isEqualTo(new PolicySettings.Git(
                        "https://git.example/platform/kafka-policy.git",
                        "main",
                        "policy",
                        Duration.ofSeconds(10),
                        new PolicySettings.GitCredentials("weir", folder.resolve("secrets/git.token"))));
    }

    @Test
    void whatIsLeftOutGetsADefault() throws IOException {
        WeirConfig config = ConfigFile.read(fixture.write("""
                        clusters: [{name: a, bootstrap: ["kafka-1:9092"]}]
                        listeners:
                          - {name: fixed, bind: "127.0.0.1:19192"}
                          - {name: free, bind: "[::1]:0"}
                        policy: {git: {url: "https://git.example/p.git"}}
                        """));

        assertThat(config.proxy().listeners())
                .extracting(ListenerConfig::brokerPorts)
                .containsExactly(new BrokerPorts(19_193, 0, 99), BrokerPorts.ANY);
        assertThat(config.proxy().listeners())
                .extracting(ListenerConfig::advertisedHost)
                .containsExactly("127.0.0.1", "::1");
        assertThat(config.admin()).isEqualTo(WeirConfig.ADMIN_DEFAULT);
        assertThat(config.policy())
                .isEqualTo(
                        new PolicySettings.Git("https://git.example/p.git", "main", "", Duration.ofSeconds(10), null));
    }

    @Test
    void secretsAreNotShown() throws IOException {
        String everything =
                Files.readString(SAMPLE).replaceAll("(?m)^( {2,})# ", "$1").replaceAll("(?m)^  folder:.*$", "");
        assertThat(ConfigFile.read(fixture.write(everything)).toString()).doesNotContain("weir-secret");
    }
}
