package dev.weir.testkit.certs;

import dev.weir.kafka.ListenerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority whose files live in one directory of the caller's. Keys are P-256: they take microseconds to make,
 * where RSA keys would take most of a test's time.
 */
public final class TestCa {

    /** Opens every PKCS#12 file of this package. */
    public static final String PASSWORD = "testkit";

    private static final Duration LIST_AGE = Duration.ofMinutes(1);
    private static final Duration LIST_LIFE = Duration.ofDays(1);
    private static final AtomicLong SERIAL = new AtomicLong(System.currentTimeMillis());

    private final Path dir;
    private final KeyPair keys;
    /** This authority first, its issuers after it, the root last. */
    private final List<X509Certificate> chain;

    private final Path pem;
    private final Path trustPkcs12;

    private TestCa(Path dir, String name, KeyPair keys, List<X509Certificate> chain) {
        this.dir = dir;
        this.keys = keys;
        this.chain = chain;
        KeyFiles files = new KeyFiles(dir);
        X509Certificate root = chain.get(chain.size() - 1);
        this.pem = files.pem(name + ".pem", List.of(root));
        this.trustPkcs12 = files.trust(name + "-trust.p12", root);
    }

    /** A new root with the common name {@code name}; its files carry the name too. */
    public static TestCa create(Path dir, String name) {
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for certificates: " + dir, e);
        }
        KeyPair keys = newKeys();
        CertificateSpec spec = CertificateSpec.client("CN=" + name);
        return new TestCa(dir, name, keys, List.of(certificate(spec, keys, keys, spec.subject(), true)));
    }

    /** An authority below this one. What it issues carries its certificate in the chain, and is trusted through the root. */
    public TestCa intermediate(String name) {
        return below(name, true);
    }

    /** A bearer of an ordinary certificate of this authority that issues certificates though it may not (RFC 5280, 4.2.1.9). */
    public TestCa impostor(String name) {
        return below(name, false);
    }

    private TestCa below(String name, boolean authority) {
        KeyPair newKeys = newKeys();
        CertificateSpec spec = CertificateSpec.client("CN=" + name);
        List<X509Certificate> newChain = new ArrayList<>(chain);
        newChain.add(0, certificate(spec, newKeys, keys, subject(), authority));
        return new TestCa(dir, name, newKeys, newChain);
    }

    public TestCertificate issue(CertificateSpec spec) {
        KeyPair newKeys = newKeys();
        List<X509Certificate> issued = new ArrayList<>();
        issued.add(certificate(spec, newKeys, keys, subject(), false));
        issued.addAll(chain.subList(0, chain.size() - 1));
        return new KeyFiles(dir).write(spec.fileName(), issued, newKeys.getPrivate());
    }

    /** A certificate that no authority stands behind. */
    public TestCertificate selfSigned(CertificateSpec spec) {
        KeyPair newKeys = newKeys();
        X509Certificate own = certificate(spec, newKeys, newKeys, spec.subject(), false);
        return new KeyFiles(dir).write(spec.fileName() + "-self-signed", List.of(own), newKeys.getPrivate());
    }

    /** The root certificate as PEM. */
    public Path pem() {
        return pem;
    }

    /** The root certificate as a PKCS#12 trust store, opened by {@link #PASSWORD}. */
    public Path trustPkcs12() {
        return trustPkcs12;
    }

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** As {@link #clientSockets(String, TestCertificate)}, of the newest protocol that both sides speak. */
    public SSLSocketFactory clientSockets(@Nullable TestCertificate identity) {
        return clientSockets("TLS", identity);
    }

    /**
     * Client sockets that trust this authority, and show a certificate where one is given, whoever the server says it trusts.
     * They do not check host names.
     *
     * @param protocol the newest to speak, as {@link SSLContext} calls it: {@code TLSv1.2} for instance
     */
    public SSLSocketFactory clientSockets(String protocol, @Nullable TestCertificate identity) {
        return clientContext(protocol, identity).getSocketFactory();
    }

    /** Trusts this authority, and shows no certificate. */
    public SSLContext clientContext() {
        return clientContext("TLS", null);
    }

    private SSLContext clientContext(String protocol, @Nullable TestCertificate identity) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(KeyStore.getInstance(trustPkcs12.toFile(), PASSWORD.toCharArray()));
            SSLContext context = SSLContext.getInstance(protocol);
            KeyManager[] shown = {};
            if (identity != null) {
                shown = new KeyManager[] {new OneKey(identity)};
            }
            context.init(shown, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no TLS sockets of the test's certificates", e);
        }
    }

    /** For a broker listener: a new server certificate, and clients checked against this authority. */
    public ListenerTls listenerTls(ListenerTls.ClientAuth clientAuth) {
        TestCertificate server = issue(CertificateSpec.server());
        return new ListenerTls(
                new ListenerTls.PemKeys(server.chainPem(), server.keyPem()), new ListenerTls.PemTrust(pem), clientAuth);
    }

    /**
     * Writes a list of certificates that this authority takes back, as PEM, whole or not at all.
     *
     * @param file takes the place of one that is there
     */
    public Path revoke(Path file, TestCertificate... taken) {
        Instant now = Instant.now();
        JcaX509v2CRLBuilder list =
                new JcaX509v2CRLBuilder(certificate().getSubjectX500Principal(), Date.from(now.minus(LIST_AGE)));
        list.setNextUpdate(Date.from(now.plus(LIST_LIFE)));
        for (TestCertificate certificate : taken) {
            list.addCRLEntry(certificate.certificate().getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
        }
        try {
            byte[] encoded = list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(
                    next,
                    "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                            + "\n-----END X509 CRL-----\n");
            return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("list of revoked certificates cannot be made", e);
        }
    }

    private String subject() {
        return certificate().getSubjectX500Principal().getName();
    }

    private static X509Certificate certificate(
            CertificateSpec spec, KeyPair subjectKeys, KeyPair issuerKeys, String issuer, boolean authority) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(spec.notBefore()),
                    Date.from(spec.notAfter()),
                    new X500Name(spec.subject()),
                    subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!spec.alternativeNames().isEmpty()) {
                // RFC 5280, 4.2.1.6: critical where the subject is empty
                boolean critical = spec.subject().isEmpty();
                GeneralNames names = new GeneralNames(spec.alternativeNames().toArray(GeneralName[]::new));
                builder.addExtension(Extension.subjectAlternativeName, critical, names);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("certificate for '" + spec.subject() + "' cannot be made", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no P-256 keys", e);
        }
    }
}
