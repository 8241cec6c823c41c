package dev.weir.proxy.tls;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.reload.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a PEM file. Says what is wrong with it, before a TLS stack says it in its own words and later.
 */
public final class PemFile {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY =
            Pattern.compile("-----BEGIN (RSA|EC|DSA|ENCRYPTED|OPENSSH) PRIVATE KEY-----");
    private static final byte[] SAMPLE = "weir".getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final byte[] content;

    /**
     * Takes a content as it is.
     *
     * @param name of the file, for messages
     */
    public PemFile(String name, byte[] content) {
        this.name = name;
        this.content = content.clone();
    }

    public String name() {
        return name;
    }

    /** A copy. */
    public byte[] content() {
        return content.clone();
    }

    /**
     * All certificates, at least one.
     *
     * @throws UnusableFileException when it holds none, or something else
     */
    public List<X509Certificate> certificates() throws UnusableFileException {
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (all.isEmpty()) {
                throw new CertificateException("it has none");
            }
            return all;
        } catch (CertificateException e) {
            throw new UnusableFileException(
                    "no certificates can be read from this file: " + FailureWords.ofItself(e), e);
        }
    }

    /**
     * The private key: PKCS#8, without a passphrase.
     *
     * @throws UnusableFileException when there is none
     */
    public PKCS8EncodedKeySpec key() throws UnusableFileException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new UnusableFileException(whyNoKey(text));
        }
        try {
            return new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException("no private key can be read from this file", e);
        }
    }

    /**
     * The private key, which is that of a certificate.
     *
     * @param chainName the file of the certificate, for messages
     * @throws UnusableFileException when it is not
     */
    public PKCS8EncodedKeySpec keyOf(X509Certificate certificate, String chainName) throws UnusableFileException {
        PKCS8EncodedKeySpec spec = key();
        try {
            PublicKey publicKey = certificate.getPublicKey();
            PrivateKey privateKey =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(spec);
            Signature signature = Signature.getInstance(signatureOf(publicKey.getAlgorithm()));
            signature.initSign(privateKey);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(SAMPLE);
            if (signature.verify(signed)) {
                return spec;
            }
        } catch (GeneralSecurityException e) {
            // another kind of key: said below
        }
        throw new UnusableFileException("this is not the key of the first certificate in " + chainName);
    }

    private String whyNoKey(String text) {
        Matcher other = OTHER_KEY.matcher(text);
        if (!other.find()) {
            return "no private key in this file";
        }
        if ("ENCRYPTED".equals(other.group(1))) {
            return "the key is protected by a passphrase, which Weir does not ask for; take it off with:"
                    + " openssl pkcs8 -in " + name + " -out plain.key";
        }
        return "the key is in " + other.group(1) + " form; convert it with: openssl pkcs8 -topk8 -nocrypt -in " + name
                + " -out pkcs8.key";
    }

    private static String signatureOf(String algorithm) {
        return switch (algorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm; // EdDSA and the like are named alike
        };
    }

    /** The name alone: the content may be a key. */
    @Override
    public String toString() {
        return name;
    }
}
