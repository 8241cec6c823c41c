package dev.weir.cli.config;

import dev.weir.policy.yaml.YamlObject;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which PEM files Weir comes with to somebody who speaks TLS. */
final class ClientTlsReader {
    private final ReferencedFiles files;

    ClientTlsReader(ReferencedFiles files) {
        this.files = files;
    }

    /**
     * The files.
     *
     * @param trust the authorities that sign the other's certificate, or {@code null} for the JDK's own
     * @param certificate what Weir shows, or {@code null}
     * @param key that of the certificate
     */
    record ClientTls(
            @Nullable Path trust,
            @Nullable Path certificate,
            @Nullable Path key) {
        static final ClientTls DEFAULT = new ClientTls(null, null, null);
    }

    ClientTls read(YamlObject tls) {
        Optional<Path> trust = files.certificates(tls, "trust");
        Optional<Path> certificate = files.certificates(tls, "certificate");
        Optional<Path> key = files.privateKey(tls, "key", certificate);
        if (tls.has("certificate") != tls.has("key")) {
            String missing = tls.has("key") ? "certificate" : "key";
            files.problems().add(tls.at(), "\"certificate\" and \"key\" go together", "", "also \"" + missing + "\"");
        }
        return new ClientTls(trust.orElse(null), certificate.orElse(null), key.orElse(null));
    }
}
