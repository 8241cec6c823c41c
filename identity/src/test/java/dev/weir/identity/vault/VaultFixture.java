package dev.weir.identity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.vault.FakeVault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stand-in for Vault with one secret, and a role that may read it. */
final class VaultFixture implements AutoCloseable {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final String KAFKA = "kv/data/weir/kafka";
    static final VaultReference PASSWORD = new VaultReference(KAFKA, "password");
    static final String SECRET = "correct-horse";
    static final String SECRET_ID = "the-secret-id";

    private final FakeVault vault;
    private final Path secretId;

    /** @param folder for the secret id of the role */
    VaultFixture(Path folder) throws IOException {
        vault = FakeVault.start();
        vault.appRole("weir", SECRET_ID, Duration.ofHours(1), Duration.ofDays(1));
        vault.put(KAFKA, Map.of("username", "weir", "password", SECRET));
        secretId = Files.writeString(folder.resolve("secret-id"), SECRET_ID + "\n");
    }

    FakeVault vault() {
        return vault;
    }

    Path secretId() {
        return secretId;
    }

    VaultSettings settings() {
        return settings(vault.address(), new VaultLogIn.AppRole("approle", "weir", secretId), null);
    }

    static VaultSettings settings(URI address, VaultLogIn logIn, @Nullable Path trust) {
        return new VaultSettings(address, Optional.ofNullable(trust), logIn, "", SECOND, Patience.ANSWER);
    }

    VaultFiles open(CertificateOrder... orders) throws Exception {
        return VaultFiles.open(settings(), List.of(orders), null);
    }

    static VaultFailure failure(VaultFiles files, VaultReference reference) {
        return catchThrowableOfType(VaultFailure.class, () -> files.file(reference));
    }

    static void assertFailure(VaultFiles files, VaultReference reference, Kind kind, String text) {
        VaultFailure failure = failure(files, reference);
        assertThat(failure).isNotNull().hasMessageContaining(text);
        assertThat(failure.kind()).isEqualTo(kind);
        assertSecretFree(failure.getMessage());
    }

    static void assertSecretFree(String text) {
        assertThat(text)
                .doesNotContain(SECRET)
                .doesNotContain(SECRET_ID)
                .doesNotContain("hvs.")
                .doesNotContain("PRIVATE");
    }

    @Override
    public void close() {
        vault.close();
    }
}
