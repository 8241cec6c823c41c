package dev.weir.cli.config;

import dev.weir.identity.vault.CertificateOrder;
import dev.weir.identity.vault.VaultSettings;
import dev.weir.policy.yaml.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code vault}.
 *
 * @param orders certificates that references may name
 * @param cache a folder that keeps what came from Vault beyond this process
 * @param addressAt where mistakes about reaching Vault are reported
 * @param logInAt where mistakes about the log-in are reported
 */
record VaultConfig(
        VaultSettings settings,
        List<CertificateOrder> orders,
        Optional<Path> cache,
        Position addressAt,
        Position logInAt) {}
