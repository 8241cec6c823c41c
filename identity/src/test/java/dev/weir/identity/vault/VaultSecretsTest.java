package dev.weir.identity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.await.Patience;
import dev.weir.testkit.vault.FakeVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultSecretsTest {
    private static final String PAYMENTS = "kv/data/kafka/services/payments";

    @TempDir
    private Path folder;

    @Test
    void secretsAreReadWhenTheyAreNeeded() throws Exception {
        try (FakeVault vault = FakeVault.start();
                VaultFiles files = open(vault)) {
            VaultSecrets secrets = files.secrets();
            vault.put(PAYMENTS, Map.of("username", "payments", "password", "old"));
            assertThat(secrets.find(PAYMENTS)).contains(Map.of("username", "payments", "password", "old"));
            vault.put(PAYMENTS, Map.of("username", "payments", "password", "new"));
            assertThat(secrets.find(PAYMENTS).orElseThrow()).containsEntry("password", "new");
            assertThat(secrets.find("kv/data/kafka/services/nobody")).isEmpty();
            vault.remove(PAYMENTS);
            assertThat(secrets.find(PAYMENTS)).isEmpty();
            vault.deny(PAYMENTS);
            assertThatThrownBy(() -> secrets.find(PAYMENTS))
                    .isInstanceOfSatisfying(
                            VaultFailure.class, e -> assertThat(e.kind()).isEqualTo(VaultFailure.Kind.DENIED));
        }
    }

    @Test
    void aVaultThatDoesNotAnswerIsNotAskedByEverybody() throws Exception {
        try (FakeVault vault = FakeVault.start();
                VaultFiles files = open(vault)) {
            VaultSecrets secrets = files.secrets();
            vault.put(PAYMENTS, Map.of("username", "payments"));
            assertThat(secrets.find(PAYMENTS)).isPresent();
            vault.fail(503);
            int before = vault.requests(PAYMENTS);
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> secrets.find(PAYMENTS)).isInstanceOf(VaultFailure.class);
            }
            assertThat(vault.requests(PAYMENTS) - before).isLessThan(50);
            vault.fail(0);
            Patience.awaitSettled().until(() -> found(secrets));
        }
    }

    private static boolean found(VaultSecrets secrets) {
        try {
            return secrets.find(PAYMENTS).isPresent();
        } catch (VaultFailure e) {
            return false;
        }
    }

    private VaultFiles open(FakeVault vault) throws Exception {
        vault.appRole("weir", "id", Duration.ofHours(1), Duration.ofDays(1));
        Path secretId = Files.writeString(folder.resolve("secret-id"), "id");
        VaultLogIn logIn = new VaultLogIn.AppRole("approle", "weir", secretId);
        return VaultFiles.open(
                new VaultSettings(vault.address(), Optional.empty(), logIn, "", Duration.ofSeconds(1), Patience.ANSWER),
                List.of(),
                null);
    }
}
