package dev.weir.identity.vault;

import static dev.weir.identity.vault.VaultFixture.KAFKA;
import static dev.weir.identity.vault.VaultFixture.PASSWORD;
import static dev.weir.identity.vault.VaultFixture.SECOND;
import static dev.weir.identity.vault.VaultFixture.SECRET;
import static dev.weir.identity.vault.VaultFixture.assertFailure;
import static dev.weir.identity.vault.VaultFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.vault.FakeVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Weir comes to Vault: log-ins that fail, and whom it takes for Vault. */
class VaultAccessTest {
    @TempDir
    private Path folder;

    private VaultFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new VaultFixture(folder);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void saysWhyALogInFails() throws Exception {
        FakeVault vault = fixture.vault();
        Path secretId = fixture.secretId();
        Files.writeString(secretId, "wrong-id");
        try (VaultFiles files = fixture.open()) {
            assertFailure(
                    files, PASSWORD, Kind.LOG_IN, "Vault refuses the log-in by appRole: invalid role or secret ID");
            Files.writeString(secretId, "");
            assertFailure(files, PASSWORD, Kind.LOG_IN, "secret-id is empty");
            Files.delete(secretId);
            assertFailure(files, PASSWORD, Kind.LOG_IN, "secret-id cannot be read: it does not exist");
        }
        vault.namespace("team");
        VaultSettings there = new VaultSettings(
                vault.address(), Optional.empty(), new VaultLogIn.Token("hvs.named"), "team", SECOND, Patience.ANSWER);
        vault.token("hvs.named");
        try (VaultFiles files = VaultFiles.open(there, List.of(), null)) {
            assertThat(files.file(PASSWORD)).hasContent(SECRET);
        }
        assertThat(there.toString()).doesNotContain("hvs.");
    }

    @Test
    void vaultsOwnCertificateIsVerified() throws Exception {
        TestCa ca = TestCa.create(folder, "vault-ca");
        TestCa other = TestCa.create(folder, "other-ca");
        Path both = Files.writeString(
                folder.resolve("both.pem"), Files.readString(other.pem()) + Files.readString(ca.pem()));
        try (FakeVault secure = FakeVault.start(ca.issue(CertificateSpec.server()))) {
            secure.token("hvs.secure");
            secure.put(KAFKA, Map.of("password", SECRET));
            VaultLogIn token = new VaultLogIn.Token("hvs.secure");
            try (VaultFiles files = VaultFiles.open(settings(secure.address(), token, both), List.of(), null)) {
                assertThat(files.file(PASSWORD)).hasContent(SECRET);
            }
            for (Path wrong : new Path[] {other.pem(), null}) {
                try (VaultFiles files = VaultFiles.open(settings(secure.address(), token, wrong), List.of(), null)) {
                    assertFailure(files, PASSWORD, Kind.TLS, "do not agree on TLS");
                }
            }
            assertThatThrownBy(() ->
                            VaultFiles.open(settings(secure.address(), token, fixture.secretId()), List.of(), null))
                    .hasMessageContaining("holds no authorities to trust");
        }
    }
}
