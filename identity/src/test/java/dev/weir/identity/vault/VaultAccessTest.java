package dev.weir.identity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.vault.FakeVault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Weir comes to Vault: log-ins that fail, and whom it takes for Vault. */
class VaultAccessTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String KAFKA = "kv/data/weir/kafka";
    private static final VaultReference PASSWORD = new VaultReference(KAFKA, "password");
    private static final String SECRET = "correct-horse";
    private static final String SECRET_ID = "the-secret-id";

    @TempDir
    private Path folder;

    private FakeVault vault;
    private Path secretId;

    @BeforeEach
    void start() throws Exception {
        vault = FakeVault.start();
        vault.appRole("weir", SECRET_ID, Duration.ofHours(1), Duration.ofDays(1));
        vault.put(KAFKA, Map.of("username", "weir", "password", SECRET));
        secretId = Files.writeString(folder.resolve("secret-id"), SECRET_ID + "\n");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private VaultFiles open() throws Exception {
        VaultLogIn logIn = new VaultLogIn.AppRole("approle", "weir", secretId);
        return VaultFiles.open(settings(vault.address(), logIn, null), List.of(), null);
    }

    private static VaultSettings settings(URI address, VaultLogIn logIn, @Nullable Path trust) {
        return new VaultSettings(address, Optional.ofNullable(trust), logIn, "", SECOND, Patience.ANSWER);
    }

    @Test
    void saysWhyALogInFails() throws Exception {
        Files.writeString(secretId, "wrong-id");
        try (VaultFiles files = open()) {
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
            assertThatThrownBy(() -> VaultFiles.open(settings(secure.address(), token, secretId), List.of(), null))
                    .hasMessageContaining("holds no authorities to trust");
        }
    }

    private static void assertFailure(VaultFiles files, VaultReference reference, Kind kind, String text) {
        VaultFailure failure = catchThrowableOfType(VaultFailure.class, () -> files.file(reference));
        assertThat(failure).isNotNull().hasMessageContaining(text);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage())
                .doesNotContain(SECRET)
                .doesNotContain(SECRET_ID)
                .doesNotContain("hvs.")
                .doesNotContain("PRIVATE");
    }
}
