package dev.weir.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes are told by place, and what was read from a file of secrets is never part of what is told; nor is it of any toString. */
class ConfigSecretsTest {
    private static final String MARK = "horse";
    private static final String START = """
            clusters: [{name: main, bootstrap: ["127.0.0.1:1"]%s}]
            listeners: [{name: front, bind: "127.0.0.1:0"%s}]
            policy: %s
            """;

    @TempDir
    private Path folder;

    private ConfigFixture files;

    @BeforeEach
    void lay() throws IOException {
        files = new ConfigFixture(folder);
    }

    /** Each is wrong, and holds the mark where a secret would be. */
    static Stream<Arguments> mistakes() {
        String inlined = ", sasl: {username: weir, password: horse-1}";
        String url = "https://weir:horse@2@host.example";
        return Stream.of(
                Arguments.of("a password in the file itself", yaml(inlined, "", ""), ""),
                Arguments.of("users in the open", yaml("", users("bad"), ""), "shop:horse-3\n"),
                Arguments.of("a password with a colon", yaml("", users("bad"), ""), "shop:a:horse:3\n"),
                Arguments.of("half a hash", yaml("", users("bad"), ""), "shop:pbkdf2-sha256$10000$horse$horse\n"),
                Arguments.of("half a SCRAM key", yaml("", users("bad"), ""), "shop:scram-sha-256$4096$horse$horse:a\n"),
                Arguments.of("a user without a name", yaml("", users("bad"), ""), ":horse-4\n"),
                Arguments.of("no signing key", yaml("", "", "signing: {key: bad}"), pem("PRIVATE KEY")),
                Arguments.of("no key at all", yaml("", "", "signing: {key: bad}"), "horse-5"),
                Arguments.of(
                        "no listener's key",
                        yaml("", ", tls: {certificate: certs/listener.pem, key: bad}", ""),
                        pem("PRIVATE KEY")),
                Arguments.of(
                        "no session key",
                        yaml(
                                "",
                                "",
                                "topology: {oidc: {issuer: \"https://a\", clientId: weir, url: \"https://b\","
                                        + " viewers: [a], sessionKeyFile: bad}}"),
                        "horse-6"),
                Arguments.of(
                        "no header",
                        yaml("", "", "otlp: {endpoint: \"https://a\", headersFile: bad}"),
                        "api-key horse-7\n"),
                Arguments.of("OTLP's address", yaml("", "", "otlp: {endpoint: \"" + url + "\"}"), ""),
                Arguments.of(
                        "a registry's address",
                        yaml("", "", "schemaRegistries: [{name: a, url: \"" + url + "\"}]"),
                        ""),
                Arguments.of(
                        "Vault's address",
                        yaml("", "", "vault: {address: \"" + url + "\", auth: {tokenFile: secrets/git.token}}"),
                        ""),
                Arguments.of(
                        "the dashboard's address",
                        yaml(
                                "",
                                "",
                                "topology: {oidc: {issuer: \"" + url + "\", clientId: a, url: \"" + url
                                        + "\", viewers: [a]}}"),
                        ""),
                Arguments.of(
                        "a token endpoint's address",
                        yaml(
                                ", sasl: {mechanism: OAUTHBEARER, clientId: a, clientSecretFile: secrets/git.token,"
                                        + " tokenEndpoint: \"" + url + "\"}",
                                "",
                                ""),
                        ""),
                Arguments.of(
                        "an issuer's address",
                        yaml(
                                "",
                                ", sasl: {mechanisms: [OAUTHBEARER], allowWithoutTls: true,"
                                        + " oauthBearer: {issuer: \"" + url + "\", audience: [a]}}",
                                ""),
                        ""),
                Arguments.of("a password with a slash", registry("https://weir:ho/horse@host.example"), ""),
                Arguments.of("one that looks like a port", registry("https://weir:1/horse@host.example"), ""),
                Arguments.of("one with a question mark", registry("https://weir:horse?horse@host.example"), ""),
                Arguments.of("no scheme", registry("weir:horse@host.example:8081"), ""),
                Arguments.of("no slashes", registry("https:weir:horse@host.example"), ""),
                Arguments.of("a token in a query", registry("https://host.example?token=horse"), ""),
                Arguments.of("a token in a fragment", registry("https://host.example#horse"), ""),
                Arguments.of("Git's address", START.formatted("", "", "{git: {url: \"" + url + "/policy.git\"}}"), ""));
    }

    private static String registry(String url) {
        return yaml("", "", "schemaRegistries: [{name: a, url: \"" + url + "\"}]");
    }

    private static String yaml(String cluster, String listener, String more) {
        return START.formatted(cluster, listener, "{folder: demo-policy}") + more + "\n";
    }

    private static String users(String file) {
        return ", sasl: {users: " + file + ", allowWithoutTls: true}";
    }

    private static String pem(String kind) {
        String inside = Base64.getEncoder().encodeToString("horse, horse, horse".getBytes(StandardCharsets.UTF_8));
        return "-----BEGIN " + kind + "-----\nhorse" + inside + "\n-----END " + kind + "-----\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsToldWithoutTheSecret(String name, String yaml, String content) throws IOException {
        Files.writeString(folder.resolve("bad"), content);
        Path config = files.write(yaml);
        assertThatThrownBy(() -> ConfigFile.read(config))
                .isInstanceOf(InvalidConfigException.class)
                .satisfies(wrong -> {
                    for (Throwable told = wrong; told != null; told = told.getCause()) {
                        assertThat(told.toString()).doesNotContainIgnoringCase(MARK);
                    }
                });
    }

    @Test
    void aConfigurationShowsNoneOfItsSecrets() throws IOException {
        for (String secret : new String[] {"weir.password", "git.token", "vault.secret-id"}) {
            Files.writeString(folder.resolve("secrets").resolve(secret), "horse-" + secret + "\n");
        }
        Files.writeString(folder.resolve("secrets/otlp-headers"), "api-key: horse-otlp\n");
        byte[] key = "horse, horse, horse, horse, hors".getBytes(StandardCharsets.UTF_8);
        Files.writeString(
                folder.resolve("secrets/session.key"), Base64.getEncoder().encodeToString(key));
        Path config = files.write("""
                clusters:
                  - name: main
                    bootstrap: ["127.0.0.1:1"]
                    sasl: {username: weir, passwordFile: secrets/weir.password}
                  - name: other
                    bootstrap: ["127.0.0.1:2"]
                    sasl: {mechanism: OAUTHBEARER, tokenEndpoint: "https://a/token", clientId: weir, clientSecretFile: secrets/weir.password}
                listeners:
                  - name: front
                    cluster: main
                    bind: 127.0.0.1:0
                    brokerPorts: {first: 0}
                    tls: {certificate: certs/listener.pem, key: certs/listener-key.pem}
                    sasl: {users: secrets/users.txt}
                schemaRegistries:
                  - {name: main, url: "https://a", username: weir, passwordFile: secrets/weir.password}
                  - {name: other, url: "https://b", tokenFile: secrets/git.token}
                signing: {key: secrets/signing.pem}
                policy: {git: {url: "https://a/policy.git", credentials: {username: weir, passwordFile: secrets/git.token}}}
                otlp: {endpoint: "https://a", headersFile: secrets/otlp-headers}
                topology:
                  oidc: {issuer: "https://a", clientId: weir, clientSecretFile: secrets/weir.password, url: "https://b", viewers: [a], sessionKeyFile: secrets/session.key}
                """);
        WeirConfig read = ConfigFile.read(config);
        assertThat(read.toString())
                .contains("https://a/token", "OidcSettings", "api-key")
                .doesNotContainIgnoringCase(MARK)
                .doesNotContain(Base64.getEncoder().encodeToString(key));
    }

    @Test
    void headersGoToNobodyElsewhereWithoutTls() throws IOException {
        String elsewhere = "otlp: {endpoint: \"http://otlp.example:4318\"";
        Path unsafe =
                files.write(yaml("", ", brokerPorts: {first: 0}", elsewhere + ", headersFile: secrets/otlp-headers}"));
        assertThatThrownBy(() -> ConfigFile.read(unsafe))
                .hasMessageContaining("the headers' values would go over the network for everybody to read: found"
                        + " \"http://otlp.example:4318\", expected https, or a collector on this machine");
        Path without = files.write(yaml("", ", brokerPorts: {first: 0}", elsewhere + "}"));
        assertThat(ConfigFile.read(without).otlp()).isNotNull();
    }
}
