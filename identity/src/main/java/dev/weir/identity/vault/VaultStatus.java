package dev.weir.identity.vault;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How Vault and what comes from it are doing. Holds no secret.
 *
 * @param address of Vault
 * @param logIn by which method
 * @param tokenUntil when the token ends, or {@code null} for never, or not yet known
 * @param lastError why the last request failed, or {@code null} when it did not
 */
public record VaultStatus(
        String address,
        String logIn,
        @Nullable Instant tokenUntil,
        @Nullable String lastError,
        List<Item> items) {

    /**
     * One secret or certificate.
     *
     * @param name path of the secret, or name of the certificate
     * @param fetchedAt when it was last had from Vault
     * @param until when it ends, or {@code null} for a secret
     * @param next when it is asked for again
     * @param failures attempts that failed since it was last had
     * @param lastError why the last one failed, or {@code null}
     */
    public record Item(
            String name,
            Instant fetchedAt,
            @Nullable Instant until,
            Instant next,
            int failures,
            @Nullable String lastError) {}
}
