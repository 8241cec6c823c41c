package dev.weir.proxy.tls;

import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.UpstreamTls;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which PEM files TLS of one listener or cluster is made of.
 *
 * @param listener whether they are a listener's; else a cluster's
 * @param owner name of the listener or cluster
 * @param certificate the chain, or {@code null}; only with {@code key}
 * @param key of the chain
 * @param trust the authorities, or {@code null}
 */
public record TlsFiles(
        boolean listener,
        String owner,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path trust) {

    /** Those of a listener. */
    public static TlsFiles of(String listener, ListenerTls tls) {
        return new TlsFiles(true, listener, tls.certificate(), tls.key(), tls.clientCa());
    }

    /** Those of a cluster; none where brokers are trusted by the JDK's own list. */
    public static TlsFiles of(String cluster, UpstreamTls tls) {
        boolean whole = tls.certificate() != null && tls.key() != null;
        return new TlsFiles(false, cluster, whole ? tls.certificate() : null, whole ? tls.key() : null, tls.trust());
    }

    /** Those that there are, in the order in which {@link TlsMaterial} takes their contents. */
    public List<Path> all() {
        return Stream.of(certificate, key, trust)
                .filter(Objects::nonNull)
                .map(Path.class::cast)
                .toList();
    }

    CertificateRole shown() {
        return listener ? CertificateRole.SERVER : CertificateRole.CLIENT;
    }

    CertificateRole trusted() {
        return listener ? CertificateRole.CLIENT_CA : CertificateRole.TRUST;
    }

    /** For logs: {@code listener internal}. */
    public String title() {
        return (listener ? "listener " : "cluster ") + owner;
    }
}
