package dev.weir.identity.certificate;

import dev.weir.identity.IdentityException;
import dev.weir.mesh.log.FailureWords;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** PEM text (RFC 7468). */
public final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    public static String of(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a certificate cannot be encoded", e);
            }
        }
        return text.toString();
    }

    /** PKCS#8, without a passphrase. */
    public static String of(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    private static String block(String type, byte[] der) {
        String body = new String(LINES.encode(der), StandardCharsets.US_ASCII);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    /**
     * All certificates of a text.
     *
     * @throws IdentityException when there is none, or something else
     */
    public static List<X509Certificate> certificates(String text) throws IdentityException {
        try {
            List<X509Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (all.isEmpty()) {
                throw new IdentityException("there is no certificate in it");
            }
            return all;
        } catch (CertificateException e) {
            throw new IdentityException("its certificates cannot be read: " + FailureWords.ofItself(e), e);
        }
    }

    /** A key in PKCS#8 or in the older forms of OpenSSL, without a passphrase. */
    public static PrivateKey privateKey(String text) throws IdentityException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Object read = parser.readObject();
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            if (read instanceof PrivateKeyInfo info) {
                return converter.getPrivateKey(info);
            }
            if (read instanceof PEMKeyPair pair) {
                return converter.getKeyPair(pair).getPrivate();
            }
            throw new IdentityException("there is no private key without a passphrase in it");
        } catch (IOException | IllegalArgumentException e) {
            // the parser's own message may quote what it read
            throw new IdentityException("no private key can be read from it", e);
        }
    }
}
