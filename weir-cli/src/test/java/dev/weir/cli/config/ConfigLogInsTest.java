package dev.weir.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.proxy.config.ListenerUpstream;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.proxy.config.TokenEndpoint;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.upstream.FileCredentialStore;
import dev.weir.topology.login.OidcSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Weir logs in elsewhere, and who logs in to it, as {@code weir.yaml} says it. */
class ConfigLogInsTest {
    @TempDir
    private static Path folder;

    private static ConfigFixture fixture;

    @BeforeAll
    static void makeFiles() throws IOException {
        fixture = new ConfigFixture(folder);
    }

    @Test
    void registriesHaveTheirTrustAndTheirLogIn() throws IOException {
        String rest = """
            clusters: [{name: one, bootstrap: ["127.0.0.1:9092"]}]
            listeners: [{name: clients, bind: "127.0.0.1:9192"}]
            policy: {folder: demo-policy}
            """;
        assertThat(registries(rest)).isEmpty();
        assertThat(registries(rest + """
                        schemaRegistries:
                          - {name: open, url: "http://registry.example:8081/"}
                          - name: main
                            url: https://registry.example/apis/ccompat/v7
                            tls: {trust: certs/idp-ca.pem, certificate: certs/weir.pem, key: certs/weir-key.pem}
                            username: weir
                            passwordFile: secrets/weir.password
                            timeout: 10s
                          - {name: local, url: "http://127.0.0.1:8081", tokenFile: secrets/git.token}
                        """))
                .containsExactly(
                        new SchemaRegistryConfig(
                                "open",
                                URI.create("http://registry.example:8081/"),
                                null,
                                null,
                                null,
                                null,
                                null,
                                3_000),
                        new SchemaRegistryConfig(
                                "main",
                                URI.create("https://registry.example/apis/ccompat/v7"),
                                folder.resolve("certs/idp-ca.pem"),
                                folder.resolve("certs/weir.pem"),
                                folder.resolve("certs/weir-key.pem"),
                                "weir",
                                folder.resolve("secrets/weir.password"),
                                10_000),
                        new SchemaRegistryConfig(
                                "local",
                                URI.create("http://127.0.0.1:8081"),
                                null,
                                null,
                                null,
                                null,
                                folder.resolve("secrets/git.token"),
                                3_000));
    }

    private static List<SchemaRegistryConfig> registries(String yaml) throws IOException {
        return fixture.read(yaml).proxy().schemaRegistries();
    }

    @Test
    void theTopologyHasALogInOrSaysThatItNeedsNone() throws IOException {
        String rest = """
                clusters: [{name: one, bootstrap: ["127.0.0.1:9092"]}]
                listeners: [{name: clients, bind: "127.0.0.1:9192"}]
                policy: {folder: demo-policy}
                """;
        assertThat(fixture.topology(rest).oidc()).isNull();
        assertThat(fixture.topology(rest + "topology: {bind: \"0.0.0.0:9191\", allowAnonymous: true}\n")
                        .oidc())
                .isNull();
        OidcSettings oidc = fixture.topology(rest + """
                        topology:
                          bind: 0.0.0.0:9191
                          oidc:
                            issuer: https://idp.example/realms/platform/
                            clientId: weir
                            url: https://weir.example/
                            viewers: ["*"]
                            operators: [oncall]
                            sessionLifetime: 1h
                        """).oidc();
        assertThat(oidc).isNotNull();
        assertThat(oidc.url()).hasToString("https://weir.example");
        assertThat(oidc.issuer()).hasToString("https://idp.example/realms/platform/");
        assertThat(oidc.audience()).isEqualTo("weir");
        assertThat(oidc.rolesClaim()).isEqualTo("roles");
        assertThat(oidc.sessionMillis()).isEqualTo(3_600_000);
        assertThat(oidc.clientSecret()).isNull();
        assertThat(oidc.sessionKey()).isNull();
        assertThat(oidc.metricsOpen()).isFalse();
    }

    @Test
    void brokersAreReachedByAnyMechanismAndWithCredentialsOfSingleServices() throws IOException {
        WeirConfig config = fixture.read("""
                        clusters:
                          - name: scram
                            bootstrap: ["kafka-1:9092"]
                            sasl: {mechanism: SCRAM-SHA-512, username: weir, passwordFile: secrets/weir.password}
                          - name: tokens
                            bootstrap: ["kafka-2:9092"]
                            sasl:
                              mechanism: OAUTHBEARER
                              tokenEndpoint: https://idp.example/token
                              clientId: weir
                              clientSecretFile: secrets/weir.password
                              scope: kafka
                              trust: certs/kafka-ca.pem
                        listeners:
                          - name: own
                            cluster: scram
                            bind: "127.0.0.1:0"
                            upstream: {credentials: perPrincipal, from: "secrets/{service}.properties"}
                        policy: {folder: demo-policy}
                        """);
        assertThat(config.proxy().clusters().get(0).sasl())
                .isEqualTo(new UpstreamSasl.Password(
                        Mechanism.SCRAM_SHA_512, "weir", "weir-secret", folder.resolve("secrets/weir.password")));
        assertThat(config.proxy().clusters().get(1).sasl())
                .isEqualTo(new UpstreamSasl.Token(new TokenEndpoint(
                        URI.create("https://idp.example/token"),
                        "weir",
                        "weir-secret",
                        "kafka",
                        folder.resolve("certs/kafka-ca.pem"))));
        assertThat(config.proxy().listeners().get(0).upstream())
                .isEqualTo(new ListenerUpstream.PerPrincipal(
                        new FileCredentialStore(folder.resolve("secrets/{service}.properties"))));
        assertThat(config.toString()).doesNotContain("weir-secret");
    }

    @Test
    void logInsMayBePassedOn() throws IOException {
        WeirConfig config = fixture.read("""
                        clusters: [{name: a, bootstrap: ["kafka-1:9092"]}]
                        listeners:
                          - name: users
                            bind: "127.0.0.1:0"
                            sasl: {mechanisms: [SCRAM-SHA-256, OAUTHBEARER], allowWithoutTls: true}
                            upstream: {credentials: passThrough, principalClaim: name}
                        policy: {folder: demo-policy}
                        """);
        ListenerConfig listener = config.proxy().listeners().get(0);
        assertThat(listener.upstream()).isEqualTo(new ListenerUpstream.PassThrough("name"));
        assertThat(listener.sasl())
                .isEqualTo(
                        new ListenerSasl(List.of(Mechanism.SCRAM_SHA_256, Mechanism.OAUTHBEARER), null, null, true, 0));
    }
}
