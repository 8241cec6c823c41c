/**
 * HashiCorp Vault: log-in, secrets (KV), certificates (PKI), and files in a private folder that follow them. The driver is
 * known to {@code VaultConnection} alone. A secret, a token or a key shows in no log, status, message or {@code toString}.
 */
@NullMarked
package dev.weir.identity.vault;

import org.jspecify.annotations.NullMarked;
