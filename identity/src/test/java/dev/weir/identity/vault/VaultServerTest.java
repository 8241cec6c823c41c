package dev.weir.identity.vault;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.name.HostName;
import dev.weir.identity.name.SpiffeId;
import dev.weir.identity.name.TrustDomain;
import dev.weir.identity.vault.VaultFailure.Kind;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.vault.TestVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that Weir wants of Vault when nothing goes wrong, and Vault's own refusals. With {@code VAULT_ADDR} and {@code VAULT_TOKEN} set
 * (and {@code VAULT_CACERT}, where it needs it) a real server answers, else a stand-in: see CONTRIBUTING.md. What goes wrong
 * with a server itself is in {@link VaultFilesTest}.
 */
@Tag("vault")
class VaultServerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    private TestVault vault;
    private Path secretId;

    @BeforeEach
    void start() {
        vault = TestVault.fromEnvironment();
        secretId = folder.resolve("secret-id");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private VaultSettings settings(Duration lifetime, Duration longest) throws Exception {
        TestVault.AppRole role = vault.appRole(lifetime, longest);
        Files.writeString(secretId, role.secretId() + "\n");
        return new VaultSettings(
                vault.address(),
                Optional.ofNullable(vault.trust()),
                new VaultLogIn.AppRole(vault.appRoleMount(), role.roleId(), secretId),
                "",
                SECOND,
                Patience.ANSWER);
    }

    private VaultSettings settings() throws Exception {
        return settings(Duration.ofMinutes(10), Duration.ofHours(1));
    }

    @Test
    void secretsAreFollowedAlsoWhenTokensEndOrAreRevoked() throws Exception {
        String path = vault.secret("kafka");
        vault.put(path, Map.of("username", "weir", "password", "0"));
        Duration longest = Duration.ofSeconds(4);
        try (VaultFiles files = VaultFiles.open(settings(longest.dividedBy(2), longest), List.of(), null)) {
            Path password = files.file(new VaultReference(path, "password"));
            assertThat(password).hasContent("0");
            assertThat(files.file(new VaultReference(path, "username"))).hasContent("weir");
            files.follow();
            long begun = System.nanoTime();
            int number = 0;
            while (System.nanoTime() - begun < longest.toNanos() * 5 / 4) {
                number++;
                follows(path, password, "in use " + number);
            }
            vault.revokeTokens();
            follows(path, password, "revoked");
            awaitSettled().until(() -> files.status().lastError() == null);
        }
    }

    private void follows(String path, Path file, String value) {
        vault.put(path, Map.of("username", "weir", "password", value));
        awaitSettled().until(() -> Files.readString(file).equals(value));
    }

    @Test
    void certificatesAreSignedForKeysThatNeverTravel() throws Exception {
        CertificateOrder order = new CertificateOrder(
                "listener",
                vault.signer(),
                CertificateRequest.listener(
                        List.of(HostName.of(TestVault.ALLOWED_HOST), HostName.of("127.0.0.1")), Duration.ofHours(1)));
        try (VaultFiles files = VaultFiles.open(settings(), List.of(order), null)) {
            X509Certificate certificate = Pem.certificates(
                            Files.readString(files.file(new VaultReference("listener", "certificate"))))
                    .get(0);
            assertThat(certificate.getSubjectAlternativeNames())
                    .containsExactlyInAnyOrder(List.of(2, TestVault.ALLOWED_HOST), List.of(7, "127.0.0.1"));
            assertThat(Pem.certificates(Files.readString(files.file(new VaultReference("listener", "ca")))))
                    .containsExactly(vault.root());
            assertThat(files.file(new VaultReference("listener", "key"))).exists();
        }
        SpiffeId id = SpiffeId.of(TrustDomain.of("shop"), "payments");
        IssuedCertificate issued = VaultFiles.issuer(settings(), vault.signer())
                .issue(CertificateRequest.service(id, Duration.ofHours(1)), KeyType.EC_P256);
        assertThat(issued.certificate().getSubjectAlternativeNames()).containsExactly(List.of(6, id.uri()));
    }

    @Test
    void whatVaultRefusesIsToldApart() throws Exception {
        CertificateOrder order = new CertificateOrder(
                "forbidden",
                vault.signer(),
                CertificateRequest.listener(List.of(HostName.of("forbidden.example")), Duration.ofHours(1)));
        try (VaultFiles files = VaultFiles.open(settings(), List.of(order), null)) {
            assertThat(kind(files, vault.forbiddenSecret(), "password")).isEqualTo(Kind.DENIED);
            assertThat(kind(files, vault.secret("nothing"), "password")).isEqualTo(Kind.MISSING);
            assertThat(kind(files, "forbidden", "key")).isEqualTo(Kind.INVALID);
        }
        VaultSettings settings = settings();
        Files.writeString(secretId, "another-secret-id");
        try (VaultFiles files = VaultFiles.open(settings, List.of(), null)) {
            assertThat(kind(files, vault.secret("nothing"), "password")).isEqualTo(Kind.LOG_IN);
        }
    }

    private static Kind kind(VaultFiles files, String path, String field) {
        VaultFailure failure =
                catchThrowableOfType(VaultFailure.class, () -> files.file(new VaultReference(path, field)));
        assertThat(failure).isNotNull();
        return failure.kind();
    }
}
