package dev.weir.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.export.OtlpSettings;
import dev.weir.mesh.Mechanism;
import dev.weir.policy.source.git.GitCredentials;
import dev.weir.policy.source.git.GitSettings;
import dev.weir.proxy.config.AuditConfig;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.CanaryConfig;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerTls.CertificatePrincipal;
import dev.weir.proxy.config.ListenerTls.ClientAuth;
import dev.weir.proxy.config.MirrorConfig;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.config.UpstreamSasl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    void reportsGoToTheFirstClusterUnlessToldOtherwise() throws IOException {
        String rest = """
            clusters:
              - {name: one, bootstrap: ["127.0.0.1:9092"]}
              - {name: two, bootstrap: ["127.0.0.1:9093"]}
            listeners:
              - {name: clients, cluster: one, bind: "127.0.0.1:9192"}
            policy: {folder: demo-policy}
            """;
        assertThat(reports(rest)).satisfies(reports -> {
            assertThat(reports.home().name()).isEqualTo("one");
            assertThat(reports.proxyName()).isEmpty();
        });
        assertThat(reports(rest + "reports: {cluster: two, proxyName: weir-1}\n"))
                .satisfies(reports -> {
                    assertThat(reports.home().name()).isEqualTo("two");
                    assertThat(reports.proxyName()).contains("weir-1");
                });
        assertThat(reports(rest + "reports: {enabled: false}\n")).isNull();
    }

    @Test
    void aTopologyRunsWhereThereAreReports() throws IOException {
        String rest = """
            clusters: [{name: one, bootstrap: ["127.0.0.1:9092"]}, {name: two, bootstrap: ["127.0.0.1:9093"]}]
            listeners: [{name: clients, cluster: one, bind: "127.0.0.1:9192"}]
            policy: {folder: demo-policy}
            """;
        TopologyConfig usual = fixture.topology(rest + "reports: {cluster: two}\n");
        assertThat(usual.home().name()).isEqualTo("two");
        assertThat(usual.bind()).isEqualTo(TopologyConfig.BIND_DEFAULT);
        assertThat(usual.stateDir()).isEmpty();
        TopologyConfig own = fixture.topology(rest + "topology: {bind: \"127.0.0.1:7777\", stateDir: state}\n");
        assertThat(own.bind().port()).isEqualTo(7777);
        assertThat(own.stateDir()).contains(folder.resolve("state"));
        assertThat(fixture.topology(rest + "topology: {enabled: false}\n")).isNull();
        assertThat(fixture.topology(rest + "reports: {enabled: false}\n")).isNull();
        assertThat(fixture.topology(rest + "reports: {enabled: false}\ntopology: {}\n")
                        .home()
                        .name())
                .as("of other proxies")
                .isEqualTo("one");
    }

    private static ReportsConfig reports(String yaml) throws IOException {
        return fixture.read(yaml).reports();
    }

    @Test
    void aClusterMayBeThereForMirrorsAlone() throws IOException {
        ProxyConfig read = fixture.read("""
                        clusters:
                          - {name: main, bootstrap: ["127.0.0.1:9092"]}
                          - name: staging
                            bootstrap: ["127.0.0.1:9094"]
                            mirrors: {memoryBytesMax: 1048576, deliveryTimeout: 5s}
                            canaries: {memberGrace: 2m}
                        listeners: [{name: clients, cluster: main, bind: "127.0.0.1:9192"}]
                        policy: {folder: demo-policy}
                        """).proxy();
        assertThat(read.clusters())
                .extracting(ClusterConfig::mirrors)
                .containsExactly(MirrorConfig.DEFAULT, new MirrorConfig(1 << 20, 5_000));
        assertThat(read.clusters())
                .extracting(ClusterConfig::canaries)
                .containsExactly(CanaryConfig.DEFAULT, new CanaryConfig(120_000));
    }

    @Test
    void theAuditMayBeWrittenAsLines() throws IOException {
        String rest = """
                clusters: [{name: one, bootstrap: ["127.0.0.1:9092"]}]
                listeners: [{name: clients, bind: "127.0.0.1:9192"}]
                policy: {folder: demo-policy}
                """;
        assertThat(fixture.read(rest).audit().isNone()).isTrue();
        AuditConfig audit = fixture.read(rest + "audit: {file: audit.jsonl, stdout: true}\n")
                .audit();
        assertThat(audit.file()).contains(folder.resolve("audit.jsonl"));
        assertThat(audit.stdout()).isTrue();
    }

    @Test
    void theSampleIsValidAsItStands() throws IOException {
        WeirConfig config = fixture.read(Files.readString(SAMPLE));

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
        WeirConfig config = fixture.read(everything());

        ClusterConfig cluster = config.proxy().clusters().get(0);
        assertThat(cluster.sasl())
                .isEqualTo(new UpstreamSasl.Password(
                        Mechanism.PLAIN, "weir", "weir-secret", folder.resolve("secrets/weir.password")));
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
            assertThat(tls.crl()).isEqualTo(folder.resolve("certs/clients-crl.pem"));
        });
        assertThat(listener.sasl()).satisfies(sasl -> {
            assertThat(sasl.users()).isEqualTo(folder.resolve("secrets/users.txt"));
            assertThat(sasl.allowWithoutTls()).isFalse();
            assertThat(sasl.mechanisms())
                    .containsExactly(Mechanism.PLAIN, Mechanism.SCRAM_SHA_512, Mechanism.OAUTHBEARER);
            assertThat(sasl.oauthBearer())
                    .isEqualTo(new OAuthBearerConfig(
                            "https://idp.example/realms/shop",
                            URI.create("https://idp.example/realms/shop/keys"),
                            List.of("kafka"),
                            List.of("RS256", "PS256", "ES256", "EdDSA"),
                            "sub",
                            "realm_access.roles",
                            30_000,
                            300_000,
                            3_600_000,
                            folder.resolve("certs/idp-ca.pem")));
            assertThat(sasl.sessionLifetimeMaxMillis()).isEqualTo(3_600_000);
        });
        assertThat(config.policy())
                .isEqualTo(new PolicySettings.Git(new GitSettings(
                        "https://git.example/platform/kafka-policy.git",
                        "main",
                        "policy",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Optional.of(folder.resolve("state/policy-cache")),
                        new GitCredentials.Password("weir", folder.resolve("secrets/git.token")))));
        assertThat(config.otlp())
                .isEqualTo(new OtlpSettings(
                        URI.create("http://127.0.0.1:4318"),
                        Map.of("api-key", "otlp-secret"),
                        Duration.ofSeconds(15),
                        "weir",
                        5));
    }

    /** The sample with all that is commented out in it, as far as it is YAML. */
    private static String everything() throws IOException {
        return Files.readString(SAMPLE)
                .replaceAll("(?m)^( {2,})# ", "$1")
                .replaceAll("(?m)^# ( *[a-z][A-Za-z]*:( .*)?)$", "$1")
                .replaceAll("(?m)^  folder:.*$", "");
    }

    @Test
    void aRepositoryMayBeReachedOverSsh() throws IOException {
        WeirConfig config = fixture.read("""
            clusters: [{name: a, bootstrap: ["kafka-1:9092"]}]
            listeners: [{name: free, bind: "127.0.0.1:0"}]
            policy:
              git:
                url: git@git.example:platform/policy.git
                poll: 500ms
                credentials: {sshKey: secrets/git.token, knownHosts: secrets/users.txt}
            """);
        assertThat(config.policy()).isInstanceOfSatisfying(PolicySettings.Git.class, git -> {
            assertThat(git.settings().poll()).isEqualTo(Duration.ofMillis(500));
            assertThat(git.settings().credentials())
                    .isEqualTo(new GitCredentials.SshKey(
                            folder.resolve("secrets/git.token"), folder.resolve("secrets/users.txt")));
        });
    }

    @Test
    void whatIsLeftOutGetsADefault() throws IOException {
        WeirConfig config = fixture.read("""
            clusters: [{name: a, bootstrap: ["kafka-1:9092"]}]
            listeners:
              - {name: fixed, bind: "127.0.0.1:19192"}
              - {name: free, bind: "[::1]:0"}
            policy: {git: {url: "https://git.example/p.git"}}
            """);

        assertThat(config.proxy().listeners())
                .extracting(ListenerConfig::brokers)
                .containsExactly(new BrokerPorts(19_193, 0, 99), BrokerPorts.ANY);
        assertThat(config.proxy().listeners())
                .extracting(ListenerConfig::advertisedHost)
                .containsExactly("127.0.0.1", "::1");
        assertThat(config.admin()).isEqualTo(WeirConfig.ADMIN_DEFAULT);
        assertThat(config.policy())
                .isEqualTo(new PolicySettings.Git(GitSettings.of("https://git.example/p.git", "main", "")));
    }

    @Test
    void brokersMayHaveNamesInPlaceOfPorts() throws IOException {
        WeirConfig config = fixture.read("""
            clusters: [{name: a, bootstrap: ["kafka-1:9092"]}]
            listeners:
              - name: named
                bind: "0.0.0.0:9192"
                sni: {bootstrap: Kafka.weir.test, broker: "broker-{id}.weir.test", port: 443}
                tls: {certificate: certs/listener.pem, key: certs/listener-key.pem}
            policy: {folder: demo-policy}
            """);
        ListenerConfig listener = config.proxy().listeners().get(0);
        assertThat(listener.brokers()).isEqualTo(new BrokerNames("kafka.weir.test", "broker-", ".weir.test", 443));
        assertThat(listener.advertisedHost()).isEqualTo("kafka.weir.test");
    }

    @Test
    void secretsAreNotShown() throws IOException {
        assertThat(fixture.read(everything()).toString()).doesNotContain("weir-secret", "otlp-secret");
    }
}
