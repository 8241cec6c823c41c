package dev.weir.proxy.tls;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.config.ListenerTls;
import dev.weir.proxy.config.UpstreamTls;
import dev.weir.proxy.reload.Reloading;
import dev.weir.proxy.reload.UnusableFileException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the files of one listener or cluster held when they were read: checked, complete, immutable. It holds contents
 * and no paths, so that what was checked is what is used, also for ports that are bound later.
 */
public final class TlsMaterial {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final @Nullable ReadyKeys keys;
    private final @Nullable ReadyTrust trust;
    private final List<CertificateStatus> certificates;

    private TlsMaterial(@Nullable ReadyKeys keys, @Nullable ReadyTrust trust, List<CertificateStatus> certificates) {
        this.keys = keys;
        this.trust = trust;
        this.certificates = List.copyOf(certificates);
    }

    /**
     * Reads the files now, and again when they change.
     *
     * @throws UnusableFileException when they are of no use
     */
    public static Reloading<TlsMaterial> open(Vertx vertx, TlsFiles files) throws UnusableFileException {
        return Reloading.open(files.title(), files.all(), (contents, renewal) -> read(vertx, files, contents, renewal));
    }

    private static TlsMaterial read(Vertx vertx, TlsFiles files, List<byte[]> contents, boolean renewal)
            throws UnusableFileException {
        Instant now = Instant.now();
        List<CertificateStatus> certificates = new ArrayList<>();
        ReadyKeys keys = null;
        ReadyTrust trust = null;
        int next = 0;
        Path certificateFile = files.certificate();
        Path keyFile = files.key();
        if (certificateFile != null && keyFile != null) {
            PemFile chain = new PemFile(name(certificateFile), contents.get(next++));
            PemFile key = new PemFile(name(keyFile), contents.get(next++));
            List<X509Certificate> all = named(chain, chain::certificates);
            named(key, () -> key.keyOf(all.get(0), chain.name()));
            CertificateStatus first = earliest(all, files, files.shown(), Instant.MIN);
            if (renewal) {
                requireValid(chain, first, now);
            }
            certificates.add(first);
            PemKeyCertOptions options = new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(chain.content()))
                    .setKeyValue(Buffer.buffer(key.content()));
            keys = new ReadyKeys(usable(() -> {
                KeyManagerFactory made = options.getKeyManagerFactory(vertx);
                TlsLoading.forListener(made);
                return made;
            }));
        }
        Path trustFile = files.trust();
        if (trustFile != null) {
            PemFile authorities = new PemFile(name(trustFile), contents.get(next));
            CertificateStatus first =
                    earliest(named(authorities, authorities::certificates), files, files.trusted(), now);
            if (renewal) {
                requireValid(authorities, first, now);
            }
            certificates.add(first);
            PemTrustOptions options = new PemTrustOptions().addCertValue(Buffer.buffer(authorities.content()));
            trust = new ReadyTrust(usable(() -> options.getTrustManagerFactory(vertx)));
        }
        return new TlsMaterial(keys, trust, certificates);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private interface Step<T> {
        T run() throws UnusableFileException;
    }

    private static <T> T named(PemFile file, Step<T> step) throws UnusableFileException {
        try {
            return step.run();
        } catch (UnusableFileException e) {
            throw new UnusableFileException(file.name() + ": " + e.getMessage(), e);
        }
    }

    /** What is in force is better than what nobody would accept. */
    private static void requireValid(PemFile file, CertificateStatus certificate, Instant now)
            throws UnusableFileException {
        if (now.isAfter(certificate.notAfter())) {
            throw new UnusableFileException(
                    file.name() + ": \"" + certificate.subject() + "\" has ended at " + certificate.notAfter());
        }
        if (now.isBefore(certificate.notBefore())) {
            throw new UnusableFileException(
                    file.name() + ": \"" + certificate.subject() + "\" begins only at " + certificate.notBefore());
        }
    }

    /** The first to end of those that end after a moment; the last to end, when all have. */
    private static CertificateStatus earliest(
            List<X509Certificate> all, TlsFiles files, CertificateRole role, Instant after) {
        Comparator<X509Certificate> byEnd = Comparator.comparing(X509Certificate::getNotAfter);
        X509Certificate chosen = all.stream()
                .filter(certificate -> certificate.getNotAfter().toInstant().isAfter(after))
                .min(byEnd)
                .orElseGet(() -> all.stream().max(byEnd).orElseThrow());
        return new CertificateStatus(
                files.listener(),
                files.owner(),
                role,
                CertificateName.of(chosen),
                chosen.getNotBefore().toInstant(),
                chosen.getNotAfter().toInstant());
    }

    /** Made here, where a mistake is heard of, and not at the next handshake. */
    private static <T> T usable(Callable<T> making) throws UnusableFileException {
        try {
            return making.call();
        } catch (Exception e) {
            throw new UnusableFileException("TLS cannot use these files: " + FailureWords.of(e), e);
        }
    }

    public List<CertificateStatus> certificates() {
        return certificates;
    }

    /** For a listener. */
    public ServerSSLOptions server(ListenerTls tls) {
        ServerSSLOptions options = new ServerSSLOptions()
                .setClientAuth(
                        switch (tls.clientAuth()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.REQUEST;
                            case REQUIRED -> ClientAuth.REQUIRED;
                        });
        common(options);
        return options;
    }

    /** Towards brokers. */
    public ClientSSLOptions client(UpstreamTls tls) {
        ClientSSLOptions options =
                new ClientSSLOptions().setHostnameVerificationAlgorithm(tls.verifyHostname() ? "HTTPS" : "");
        common(options);
        return options;
    }

    private void common(SSLOptions options) {
        options.setEnabledSecureTransportProtocols(PROTOCOLS);
        if (keys != null) {
            options.setKeyCertOptions(keys);
        }
        if (trust != null) {
            options.setTrustOptions(trust);
        }
    }
}
