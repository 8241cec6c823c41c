package dev.weir.cli.config;

import dev.weir.identity.vault.VaultFailure;
import dev.weir.identity.vault.VaultSecrets;
import dev.weir.proxy.config.CredentialStore;
import dev.weir.proxy.config.ServicePlaceholder;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A secret of Vault for each Service, found by a template such as {@code kv/data/kafka/services/{service}}. */
final class VaultCredentialStore implements CredentialStore {
    private final VaultSecrets vault;
    private final String template;

    /**
     * Makes one; does not ask Vault.
     *
     * @param template of a path, with {@link ServicePlaceholder#TEXT} once
     */
    VaultCredentialStore(VaultSecrets vault, String template) {
        this.vault = vault;
        this.template = template;
    }

    @Override
    public Optional<Map<String, String>> find(String service) throws IOException {
        Optional<String> path = ServicePlaceholder.fill(template, service);
        try {
            return path.isEmpty() ? Optional.empty() : vault.find(path.get());
        } catch (VaultFailure e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "vault:" + template;
    }
}
