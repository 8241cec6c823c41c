package dev.weir.cli.config;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.reload.UnusableFileException;
import dev.weir.proxy.tls.PemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says what is wrong with PEM files that a configuration names. */
final class PemFiles {
    /** Kind of GeneralName, RFC 5280 section 4.2.1.6. */
    private static final Integer DNS_NAME = 2;

    private PemFiles() {}

    static Optional<String> problemWithCertificates(Path file) {
        try {
            read(file).certificates();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("no certificates can be read from this file: " + FailureWords.ofFile(e));
        } catch (UnusableFileException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The DNS names that the first certificate of a file holds for; empty when it cannot be read. */
    static Optional<List<String>> dnsNames(Path file) {
        try {
            Collection<List<?>> names = read(file).certificates().get(0).getSubjectAlternativeNames();
            return Optional.of(
                    names == null
                            ? List.of()
                            : names.stream()
                                    .filter(name -> name.get(0).equals(DNS_NAME))
                                    .map(name -> String.valueOf(name.get(1)))
                                    .toList());
        } catch (IOException | UnusableFileException | CertificateParsingException e) {
            return Optional.empty();
        }
    }

    /** Mistakes of the certificates themselves are not told: they are reported where those stand. */
    static Optional<String> problemWithKey(Path file, Optional<Path> certificates) {
        try {
            PemFile key = read(file);
            key.key();
            Optional<X509Certificate> first = certificates.flatMap(PemFiles::firstCertificate);
            if (first.isPresent()) {
                key.keyOf(
                        first.get(),
                        certificates.map(Path::getFileName).map(Path::toString).orElse(""));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("no private key can be read from this file: " + FailureWords.ofFile(e));
        } catch (UnusableFileException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The certificate that the others of a chain are for; empty when it cannot be read. */
    static Optional<X509Certificate> firstCertificate(Path chain) {
        try {
            return read(chain).certificates().stream().findFirst();
        } catch (IOException | UnusableFileException e) {
            return Optional.empty();
        }
    }

    private static PemFile read(Path file) throws IOException {
        return new PemFile(String.valueOf(file.getFileName()), Files.readAllBytes(file));
    }
}
