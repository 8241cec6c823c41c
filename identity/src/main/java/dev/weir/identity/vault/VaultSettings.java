package dev.weir.identity.vault;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where Vault is, and how Weir logs in.
 *
 * @param address {@code http} or {@code https}, host and port, without a path
 * @param trust PEM file of the authorities that sign Vault's certificate, or empty for the JDK's own; read at each attempt
 * @param namespace of Vault Enterprise, or empty
 * @param refresh how often secrets are read again: KV secrets carry no lifetime
 * @param timeout for connecting, and again for each answer; whole seconds
 */
public record VaultSettings(
        URI address, Optional<Path> trust, VaultLogIn logIn, String namespace, Duration refresh, Duration timeout) {
    public static final Duration REFRESH = Duration.ofSeconds(30);
    public static final Duration TIMEOUT = Duration.ofSeconds(5);
}
