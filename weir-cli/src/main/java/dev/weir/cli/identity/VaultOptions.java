package dev.weir.cli.identity;

import dev.weir.cli.CommandFailure;
import dev.weir.cli.config.HttpUrl;
import dev.weir.identity.vault.VaultLogIn;
import dev.weir.identity.vault.VaultSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Vault is, for a command: as Vault's own command takes it, from the environment unless an option says otherwise. */
final class VaultOptions {

    @Option(
            names = "--vault",
            paramLabel = "ROLE",
            description = "Have Vault sign instead of a built-in authority: where PKI is mounted, and the role in it,"
                    + " such as pki/workloads. The key is made here, and stays here.")
    private @Nullable String role;

    @Option(
            names = "--vault-address",
            paramLabel = "URL",
            defaultValue = "${env:VAULT_ADDR}",
            description = "Where Vault is (default: VAULT_ADDR).")
    private @Nullable String address;

    @Option(
            names = "--vault-token-file",
            paramLabel = "FILE",
            description = "Holds the token (default: VAULT_TOKEN, or what vault login left in ~/.vault-token).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--vault-trust",
            paramLabel = "FILE",
            defaultValue = "${env:VAULT_CACERT}",
            description = "Who signs Vault's certificate (default: VAULT_CACERT, or the JDK's own list).")
    private @Nullable Path trust;

    @Option(
            names = "--vault-namespace",
            paramLabel = "NAME",
            defaultValue = "${env:VAULT_NAMESPACE}",
            description = "Of Vault Enterprise (default: VAULT_NAMESPACE).")
    private @Nullable String namespace;

    /** The role to ask, or {@code null} when Vault is not to be asked. */
    @Nullable
    String role() {
        if (role != null && !role.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+")) {
            throw new CommandFailure("--vault: found \"" + role
                    + "\", expected where PKI is mounted, and the role in it, such as pki/workloads");
        }
        return role;
    }

    VaultSettings settings() {
        if (address == null || !address.matches("https?://[^/?#@\\s]+/?")) {
            throw new CommandFailure("where is Vault? Set VAULT_ADDR or give --vault-address https://HOST:PORT"
                    + (address == null ? "" : "; found \"" + address + "\""));
        }
        URI url = URI.create(address);
        if (!HttpUrl.keepsSecrets(url)) {
            throw new CommandFailure("the token for Vault would go to " + url.getAuthority()
                    + " for everybody on the way to read; expected https://, or a Vault on this machine");
        }
        return new VaultSettings(
                url,
                Optional.ofNullable(trust),
                logIn(),
                namespace == null ? "" : namespace,
                VaultSettings.REFRESH,
                VaultSettings.TIMEOUT);
    }

    private VaultLogIn logIn() {
        String token = System.getenv("VAULT_TOKEN");
        Path left = Path.of(System.getProperty("user.home"), ".vault-token");
        if (tokenFile != null) {
            return new VaultLogIn.TokenFile(tokenFile);
        }
        if (token != null && !token.isBlank()) {
            return new VaultLogIn.Token(token.strip());
        }
        if (Files.isReadable(left)) {
            return new VaultLogIn.TokenFile(left);
        }
        throw new CommandFailure(
                "no token for Vault: log in with vault login, set VAULT_TOKEN, or give --vault-token-file");
    }
}
