package dev.weir.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The keys behind the signatures of records. Files are re-read when they change.
 *
 * @param key PEM file of the Ed25519 key that signs records where policy wants it, or {@code null} when this proxy signs none
 * @param trusted PEM file with the public keys that fetched records are verified with; {@code null} for that of {@code key} alone
 */
public record SigningConfig(@Nullable Path key, @Nullable Path trusted) {
    public static final SigningConfig NONE = new SigningConfig(null, null);
}
