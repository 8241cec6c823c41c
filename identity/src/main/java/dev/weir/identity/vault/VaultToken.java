package dev.weir.identity.vault;

import java.time.Duration;

/**
 * A token of Vault. {@link #toString} never shows it.
 *
 * @param lifetime from now on; zero for ever
 */
record VaultToken(String value, Duration lifetime, boolean renewable) {
    @Override
    public String toString() {
        return "VaultToken[lifetime=" + lifetime + ", renewable=" + renewable + "]";
    }
}
