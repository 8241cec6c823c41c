package dev.weir.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with PEM files, before a TLS stack says it in its own words and later. */
final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY =
            Pattern.compile("-----BEGIN (RSA|EC|DSA|ENCRYPTED|OPENSSH) PRIVATE KEY-----");
    private static final byte[] SAMPLE = "weir".getBytes(StandardCharsets.US_ASCII);

    /** Kind of GeneralName, RFC 5280 section 4.2.1.6. */
    private static final Integer DNS_NAME = 2;

    private PemFiles() {}

    static Optional<String> problemWithCertificates(Path file) {
        try {
            certificates(file);
            return Optional.empty();
        } catch (IOException | CertificateException e) {
            return Optional.of("no certificates can be read from this file: " + e.getMessage());
        }
    }

    /** The DNS names that the first certificate of a file holds for; empty when it cannot be read. */
    static Optional<List<String>> dnsNames(Path file) {
        try {
            Collection<List<?>> names = certificates(file).iterator().next().getSubjectAlternativeNames();
            return Optional.of(
                    names == null
                            ? List.of()
                            : names.stream()
                                    .filter(name -> name.get(0).equals(DNS_NAME))
                                    .map(name -> String.valueOf(name.get(1)))
                                    .toList());
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }

    static Optional<String> problemWithKey(Path file, Optional<Path> certificates) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            Matcher key = KEY.matcher(text);
            if (!key.find()) {
                return Optional.of(whyNoKey(text, file));
            }
            PKCS8EncodedKeySpec spec =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
            return certificates.flatMap(chain -> mismatch(spec, chain));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("no private key can be read from this file: " + e.getMessage());
        }
    }

    private static String whyNoKey(String text, Path file) {
        Matcher other = OTHER_KEY.matcher(text);
        if (!other.find()) {
            return "no private key in this file";
        }
        if ("ENCRYPTED".equals(other.group(1))) {
            return "the key is protected by a passphrase, which Weir does not ask for; take it off with:"
                    + " openssl pkcs8 -in " + file.getFileName() + " -out plain.key";
        }
        return "the key is in " + other.group(1) + " form; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
                + file.getFileName() + " -out pkcs8.key";
    }

    private static Optional<String> mismatch(PKCS8EncodedKeySpec spec, Path chain) {
        try {
            PublicKey publicKey = certificates(chain).iterator().next().getPublicKey();
            PrivateKey privateKey =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(spec);
            String algorithm = signatureOf(publicKey.getAlgorithm());
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(privateKey);
            signing.update(SAMPLE);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(publicKey);
            verifying.update(SAMPLE);
            return verifying.verify(signature) ? Optional.empty() : Optional.of(notTheKeyOf(chain));
        } catch (CertificateException | IOException e) {
            return Optional.empty(); // reported where the certificate stands
        } catch (GeneralSecurityException e) {
            return Optional.of(notTheKeyOf(chain));
        }
    }

    private static String notTheKeyOf(Path chain) {
        return "this is not the key of the first certificate in " + chain.getFileName();
    }

    private static String signatureOf(String algorithm) {
        return switch (algorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm; // EdDSA and the like are named alike
        };
    }

    private static Collection<X509Certificate> certificates(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new CertificateException("it has none");
            }
            return all.stream().map(X509Certificate.class::cast).toList();
        }
    }
}
