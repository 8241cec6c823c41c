package dev.weir.proxy.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry that policy may name. All files are read again when they change.
 *
 * @param name as policy calls it
 * @param url of its Confluent-compatible API, http or https
 * @param trust PEM file of the authorities that sign its certificate, or {@code null} for the JDK's own
 * @param certificate PEM chain that Weir shows it, or {@code null}; only with {@code key}
 * @param key PEM (PKCS#8) private key of {@code certificate}
 * @param username for basic authentication; {@code null} for a bearer token, or for none
 * @param secretFile holds the password of {@code username}, or the token; {@code null} for none
 * @param timeoutMillis how long an answer may take, and how long a request waits for what it needs
 */
public record SchemaRegistryConfig(
        String name,
        URI url,
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable String username,
        @Nullable Path secretFile,
        int timeoutMillis) {}
