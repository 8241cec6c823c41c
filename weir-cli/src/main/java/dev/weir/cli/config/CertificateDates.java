package dev.weir.cli.config;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.config.ProxyConfig;
import dev.weir.proxy.tls.TlsFiles;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that Weir would show and that do not hold at a moment. They are no mistakes: Weir starts with them, and
 * takes others when files change. But until then nobody is served by them.
 */
public final class CertificateDates {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateDates.class);

    private CertificateDates() {}

    /** Logs them, for a start. What comes later in their place is taken only if it holds. */
    public static void warn(ProxyConfig config, Instant now) {
        warnings(config, now)
                .forEach(warning -> LOG.atWarn().addKeyValue("reason", warning).log("a certificate does not hold now"));
    }

    /** One sentence for each, of listeners and then of clusters; what cannot be read is left out. */
    public static List<String> warnings(ProxyConfig config, Instant now) {
        List<String> warnings = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            if (listener.tls() != null) {
                warning(TlsFiles.of(listener.name(), listener.tls()), now).ifPresent(warnings::add);
            }
        }
        for (ClusterConfig cluster : config.clusters()) {
            if (cluster.tls() != null) {
                warning(TlsFiles.of(cluster.name(), cluster.tls()), now).ifPresent(warnings::add);
            }
        }
        return warnings;
    }

    private static Optional<String> warning(TlsFiles files, Instant now) {
        Path file = files.certificate();
        if (file == null) {
            return Optional.empty();
        }
        return PemFiles.firstCertificate(file)
                .flatMap(certificate -> when(certificate, now)
                        .map(when -> files.title() + ": the certificate in " + file + named(certificate) + when
                                + ", and " + (files.listener() ? "clients" : "brokers that ask for it")
                                + " refuse it; put one there that holds now"));
    }

    private static String named(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return subject.isEmpty() ? "" : " (" + subject + ')';
    }

    private static Optional<String> when(X509Certificate certificate, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            return Optional.of(" has ended at " + until);
        }
        return now.isBefore(from) ? Optional.of(" begins only at " + from) : Optional.empty();
    }
}
