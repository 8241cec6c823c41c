package dev.weir.kafka;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of a {@link ClientListener}.
 *
 * @param keys the server's certificate chain and private key
 * @param trust whose client certificates are accepted; null accepts none, and then {@code clientAuth} must be NONE
 * @param clientAuth whether clients must show a certificate
 */
public record ListenerTls(Keys keys, @Nullable Trust trust, ClientAuth clientAuth) {

    public ListenerTls {
        if (trust == null && clientAuth != ClientAuth.NONE) {
            throw new IllegalArgumentException(
                    "client authentication is " + clientAuth + " but there is no trust to check certificates with");
        }
    }

    /** Whether the broker asks for a client certificate ({@code ssl.client.auth}). */
    public enum ClientAuth {
        NONE,
        REQUESTED,
        REQUIRED
    }

    /** Where the server's certificate and key come from. */
    public sealed interface Keys permits PemKeys, Pkcs12 {}

    /** Whose certificates are trusted. */
    public sealed interface Trust permits PemTrust, Pkcs12 {}

    /**
     * Two PEM files.
     *
     * @param chain PEM file with the server's certificate first, then its issuers
     * @param key PEM file with the private key, PKCS#8, not encrypted
     */
    public record PemKeys(Path chain, Path key) implements Keys {}

    /** A PEM file with one or more CA certificates. */
    public record PemTrust(Path certificates) implements Trust {}

    /** A PKCS#12 file; its password opens the store and the key in it. */
    public record Pkcs12(Path store, String password) implements Keys, Trust {

        @Override
        public String toString() {
            return "Pkcs12[store=" + store + "]";
        }
    }
}
