package dev.weir.cli.config;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.identity.vault.VaultFiles;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.testkit.vault.FakeVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of a configuration that are in Vault: had, and reported where they stand when they cannot be. */
class VaultConfigTest {
    private static final String SECRET = "correct-horse";

    @TempDir
    private Path folder;

    private FakeVault vault;
    private ConfigFixture fixture;

    @BeforeEach
    void start() throws IOException {
        vault = FakeVault.start();
        vault.appRole("weir", "the-id", Duration.ofHours(1), Duration.ofDays(1));
        vault.put("kv/data/weir/kafka", Map.of("password", SECRET));
        String hash = PasswordHash.create("x", PasswordHash.ITERATIONS_MIN).encoded();
        vault.put("kv/data/weir/users", Map.of("file", "checkout:" + hash + "\n", "bad", "checkout:x\n"));
        vault.role("pki/sign/weir", name -> !name.contains("forbidden"), Duration.ofDays(1));
        fixture = new ConfigFixture(folder);
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private String yaml(String password, String users, String order) {
        return """
            vault:
              address: %s
              auth: {appRole: {roleId: weir, secretIdFile: secrets/vault.secret-id}}
              certificates: {front: %s}
            clusters:
              - name: main
                bootstrap: ["127.0.0.1:9092"]
                sasl: {username: weir, passwordFile: "%s"}
            listeners:
              - name: front
                bind: 127.0.0.1:19192
                tls: {certificate: "vault:front#certificate", key: "vault:front#key", clientCa: "vault:front#ca"}
                sasl: {mechanisms: [PLAIN], users: "%s"}
            policy: {folder: demo-policy}
            """.formatted(vault.address(), order, password, users);
    }

    private String good() {
        return yaml(
                "vault:kv/data/weir/kafka#password",
                "vault:kv/data/weir/users#file",
                "{role: pki/weir, hosts: [kafka.example], ttl: 1h}");
    }

    @Test
    void referencesBecomeFiles() throws IOException {
        WeirConfig config = fixture.read(good());
        try (VaultFiles files = Objects.requireNonNull(config.vault())) {
            UpstreamSasl.Password sasl = (UpstreamSasl.Password)
                    Objects.requireNonNull(config.proxy().clusters().get(0).sasl());
            assertThat(sasl.password()).isEqualTo(SECRET);
            assertThat(Objects.requireNonNull(sasl.passwordFile())).hasContent(SECRET);
            ListenerTls tls =
                    Objects.requireNonNull(config.proxy().listeners().get(0).tls());
            assertThat(Files.readString(tls.certificate())).startsWith("-----BEGIN CERTIFICATE-----");
            assertThat(tls.key()).exists();
            assertThat(vault.requests("pki/sign/weir")).isEqualTo(1);
            assertThat(config.toString()).doesNotContain(SECRET).doesNotContain("the-id");
            assertThat(files.status().items()).hasSize(3);
        }
    }

    @Test
    void aCheckSaysThatAllIsFineAndLeavesNothing() throws IOException {
        Result result = weir("up", "--check", "--config", fixture.write(good()).toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void whatVaultDoesNotGiveIsReportedWhereItStands() throws IOException {
        vault.deny("kv/data/weir/users");
        assertThat(mistakes(yaml(
                        "vault:kv/data/weir/kafka#pass",
                        "vault:kv/data/weir/users#file",
                        "{role: pki/weir, hosts: [forbidden.example]}")))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo(
                                "weir.yaml:8:42: the secret kv/data/weir/kafka has no field \"pass\"; it has password"))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("weir.yaml:12:24: Vault refuses writing pki/sign/weir: subject alternate name"
                                + " forbidden.example not allowed"))
                .anySatisfy(text ->
                        assertThat(text).startsWith("weir.yaml:13:40: Vault denies reading kv/data/weir/users: "));
    }

    @Test
    void whatComesIsCheckedAsAFileIs() throws IOException {
        assertThat(mistakes(yaml(
                        "vault:kv/data/weir/kafka#password",
                        "vault:kv/data/weir/users#bad",
                        "{role: pki/weir, hosts: [kafka.example]}")))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("bad:1:10: user \"checkout\": not a password hash"));
    }

    @Test
    void aVaultThatIsAwayIsReportedOnce() throws IOException {
        vault.stop();
        assertThat(mistakes(good()))
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith("weir.yaml:2:3: Vault at " + vault.address()));
    }

    @Test
    void aLogInThatIsRefusedIsReportedOnce() throws IOException {
        Files.writeString(folder.resolve("secrets/vault.secret-id"), "another");
        assertThat(mistakes(good()))
                .containsExactly("weir.yaml:3:3: Vault refuses the log-in by appRole: invalid role or secret ID");
    }

    @Test
    void mistakesOfTheSectionHaveTheirPlace() throws IOException {
        assertThat(mistakes(good().replace("appRole: {roleId: weir, secretIdFile: secrets/vault.secret-id}", "")))
                .contains("weir.yaml:3:9: Weir logs in to Vault in one way: found none,"
                        + " expected one of appRole, kubernetes, tokenFile");
        assertThat(mistakes(good().replace("role: pki/weir", "role: weir")))
                .anySatisfy(text -> assertThat(text).contains("expected where PKI is mounted, and the role in it"));
        assertThat(mistakes(good().replace("vault:front#key", "vault:back#key")))
                .anySatisfy(text -> assertThat(text).contains("no certificate of this name is ordered"));
        assertThat(mistakes(good().substring(good().indexOf("clusters:"))))
                .anySatisfy(text -> assertThat(text).contains("nothing says where Vault is"));
    }

    @Test
    void referencesDoNotRepeatAMistakeOfTheSection() throws IOException {
        assertThat(mistakes(good().replace("role: pki/weir", "role: weir")))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("expected where PKI is mounted, and the role in it"));
        assertThat(mistakes(good().replace("  address:", "  adress:")))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("missing key \"address\""))
                .anySatisfy(text -> assertThat(text).contains("found \"adress\""));
    }

    @Test
    void aWorkloadsCertificateComesFromVaultToo() throws IOException {
        vault.token("hvs.operator");
        Path token = Files.writeString(folder.resolve("operator.token"), "hvs.operator");
        Result result = issue(vault.address().toString(), token);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("spiffe://shop/payments until ");
        assertThat(folder.resolve("payments/client.properties")).exists();
    }

    @Test
    void aCertificateThatCannotBeHadIsReportedOnce() throws IOException {
        assertThat(mistakes(good().replace("kafka.example", "forbidden.example")))
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .startsWith("weir.yaml:12:24: Vault refuses writing pki/sign/weir: subject alternate name"));
        assertThat(mistakes(good().replace("certificates: {front:", "certificates: {frnt:")))
                .singleElement()
                .satisfies(
                        text -> assertThat(text).startsWith("weir.yaml:12:24: no certificate of this name is ordered"));
    }

    @Test
    void noTokenGoesToAVaultElsewhereWithoutTls() throws IOException {
        String elsewhere = "http://vault.example:8200";
        assertThat(mistakes(good().replace(vault.address().toString(), elsewhere)))
                .containsExactly("weir.yaml:2:12: Weir's token, and all that it reads there, would go over the network"
                        + " for everybody to read: found \"" + elsewhere
                        + "\", expected https, or a Vault on this machine");
        Path token = Files.writeString(folder.resolve("operator.token"), "hvs.operator");
        Result result = issue(elsewhere, token);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("the token for Vault would go to vault.example:8200 for everybody on the way to read;"
                        + " expected https://, or a Vault on this machine");
    }

    @Test
    void lessThanWasAskedIsSaid() throws IOException {
        vault.token("hvs.operator");
        Path token = Files.writeString(folder.resolve("operator.token"), "hvs.operator");
        Result result = issue(vault.address().toString(), token, "--ttl", "48h");
        assertThat(result.exitCode()).isZero();
        assertThat(result.err().lines())
                .containsExactly(
                        "warning: it is good for 1 d, and not for 2 d as asked: Vault's role pki/weir gives no more");
    }

    private Result issue(String address, Path token, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "identity",
                "issue",
                "--vault",
                "pki/weir",
                "--vault-address",
                address,
                "--vault-token-file",
                token.toString(),
                "--trust-domain",
                "shop",
                "--service",
                "payments",
                "--out",
                folder.resolve("payments").toString()));
        arguments.addAll(List.of(more));
        return weir(arguments.toArray(String[]::new));
    }

    private List<String> mistakes(String yaml) throws IOException {
        Path file = fixture.write(yaml);
        InvalidConfigException failure =
                catchThrowableOfType(InvalidConfigException.class, () -> ConfigFile.read(file));
        return failure.problems().stream()
                .map(problem -> problem.toString().replace(file.toString(), "weir.yaml"))
                .toList();
    }
}
