package dev.weir.cli.mesh;

import dev.weir.identity.vault.VaultFiles;
import dev.weir.identity.vault.VaultStatus;
import dev.weir.proxy.admin.StatusReport.SecretReport;
import dev.weir.proxy.admin.StatusReport.SecretsReport;
import dev.weir.proxy.telemetry.SecretMetrics;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a mesh tells of the secrets that come from Vault. */
final class MeshSecrets {
    private MeshSecrets() {}

    static List<SecretMetrics.Secret> measured(VaultFiles vault) {
        return vault.status().items().stream()
                .map(item -> new SecretMetrics.Secret(item.name(), item.fetchedAt(), item.next(), item.failures()))
                .toList();
    }

    static @Nullable SecretsReport report(@Nullable VaultFiles vault) {
        if (vault == null) {
            return null;
        }
        VaultStatus status = vault.status();
        return new SecretsReport(
                "Vault at " + status.address(),
                status.logIn(),
                text(status.tokenUntil()),
                status.lastError(),
                status.items().stream().map(MeshSecrets::item).toList());
    }

    private static SecretReport item(VaultStatus.Item item) {
        return new SecretReport(
                item.name(),
                item.fetchedAt().toString(),
                text(item.until()),
                item.next().toString(),
                item.failures(),
                item.lastError());
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
