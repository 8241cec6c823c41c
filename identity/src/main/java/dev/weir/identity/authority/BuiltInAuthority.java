package dev.weir.identity.authority;

import dev.weir.identity.IdentityException;
import dev.weir.identity.certificate.CertificateRequest;
import dev.weir.identity.certificate.IssuedCertificate;
import dev.weir.identity.certificate.Issuer;
import dev.weir.identity.certificate.KeyType;
import dev.weir.identity.certificate.Pem;
import dev.weir.identity.certificate.PrivateFolder;
import dev.weir.identity.name.TrustDomain;
import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * An authority whose key and certificate lie in one folder. Its trust domain is written into its certificate, so that
 * nobody has to repeat it. Any thread.
 */
public final class BuiltInAuthority implements Issuer {
    static final String CERTIFICATE_FILE = "ca.pem";
    static final String KEY_FILE = "ca-key.pem";

    private static final byte[] SAMPLE = {'w', 'e', 'i', 'r'};
    private static final int SAN_URI = 6;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final TrustDomain trustDomain;
    private final CertificateWriter writer;
    private final Clock clock;

    private BuiltInAuthority(X509Certificate certificate, PrivateKey key, TrustDomain trustDomain, Clock clock) {
        this.certificate = certificate;
        this.key = key;
        this.trustDomain = trustDomain;
        this.clock = clock;
        this.writer = new CertificateWriter(clock);
    }

    /**
     * Makes a new authority.
     *
     * @throws IdentityException when the folder holds one already, or cannot be written
     */
    public static BuiltInAuthority create(
            Path folder, TrustDomain trustDomain, KeyType type, Duration lifetime, Clock clock)
            throws IdentityException {
        PrivateFolder files = PrivateFolder.open(folder);
        List<String> there = files.existing(List.of(CERTIFICATE_FILE, KEY_FILE));
        if (!there.isEmpty()) {
            throw new IdentityException(folder + " already holds " + String.join(" and ", there)
                    + ". Whoever trusts that authority would not trust a new one: choose another folder, or move the"
                    + " files away yourself.");
        }
        KeyPair keys = type.generate();
        X509Certificate certificate = new CertificateWriter(clock).authority(trustDomain, keys, lifetime);
        files.write(KEY_FILE, Pem.of(keys.getPrivate()));
        files.write(CERTIFICATE_FILE, Pem.of(List.of(certificate)));
        return new BuiltInAuthority(certificate, keys.getPrivate(), trustDomain, clock);
    }

    /**
     * Opens an authority that is there.
     *
     * @throws IdentityException when it is not, or is none
     */
    public static BuiltInAuthority open(Path folder, Clock clock) throws IdentityException {
        List<X509Certificate> certificates;
        PrivateKey key;
        try {
            certificates = Pem.certificates(text(folder, CERTIFICATE_FILE));
            key = Pem.privateKey(text(folder, KEY_FILE));
        } catch (NoSuchFileException e) {
            throw new IdentityException(
                    "there is no authority in " + folder + ": " + e.getFile()
                            + " does not exist. Make one with: weir identity init --dir " + folder,
                    e);
        } catch (IOException e) {
            throw new IdentityException(
                    "the authority in " + folder + " cannot be read: " + FailureWords.ofItself(e), e);
        } catch (IdentityException e) {
            throw new IdentityException("the authority in " + folder + " cannot be used: " + e.getMessage(), e);
        }
        X509Certificate certificate = certificates.get(0);
        if (certificate.getBasicConstraints() < 0) {
            throw new IdentityException(folder.resolve(CERTIFICATE_FILE) + " is not the certificate of an authority");
        }
        if (!belongTogether(certificate, key)) {
            throw new IdentityException(folder.resolve(KEY_FILE) + " is not the key of " + CERTIFICATE_FILE
                    + " beside it: one of them is another authority's");
        }
        return new BuiltInAuthority(certificate, key, trustDomain(certificate, folder), clock);
    }

    private static String text(Path folder, String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(KeyType.signatureOf(key));
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static TrustDomain trustDomain(X509Certificate certificate, Path folder) throws IdentityException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                String uri = String.valueOf(name.get(1));
                if (name.get(0).equals(SAN_URI) && uri.startsWith("spiffe://")) {
                    return TrustDomain.of(uri.substring("spiffe://".length()));
                }
            }
        } catch (CertificateParsingException e) {
            throw new IdentityException("the names in " + folder.resolve(CERTIFICATE_FILE) + " cannot be read", e);
        }
        throw new IdentityException(folder.resolve(CERTIFICATE_FILE) + " names no trust domain (a URI spiffe://DOMAIN);"
                + " it was not made by weir identity init");
    }

    public TrustDomain trustDomain() {
        return trustDomain;
    }

    /** Its own certificate ends then, and with it all that it issued. */
    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    @Override
    public IssuedCertificate issue(CertificateRequest request, KeyPair keys) throws IdentityException {
        Instant end = clock.instant().plus(request.lifetime());
        if (end.isAfter(notAfter())) {
            throw new IdentityException("the authority's own certificate ends at " + notAfter() + ", before the " + end
                    + " that was asked for; ask for less, or make a new authority");
        }
        return new IssuedCertificate(
                List.of(writer.leaf(request, keys.getPublic(), certificate, key)),
                keys.getPrivate(),
                List.of(certificate));
    }

    @Override
    public String toString() {
        return "BuiltInAuthority[" + trustDomain + "]";
    }
}
