package dev.weir.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards brokers, 1.2 or newer.
 *
 * @param trust PEM file of the authorities that sign broker certificates, or {@code null} for the JDK's own
 * @param certificate PEM chain that Weir shows to brokers which ask for one, or {@code null}
 * @param key PEM (PKCS#8) private key of {@code certificate}, or {@code null}
 * @param verifyHostname whether the certificate must name the broker's host
 */
public record UpstreamTls(
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean verifyHostname) {}
