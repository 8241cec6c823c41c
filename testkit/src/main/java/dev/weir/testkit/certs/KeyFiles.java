package dev.weir.testkit.certs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Writes certificates and keys as PEM and PKCS#12. */
final class KeyFiles {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path dir;

    KeyFiles(Path dir) {
        this.dir = dir;
    }

    TestCertificate write(String stem, List<X509Certificate> chain, PrivateKey key) {
        String keyText = text("PRIVATE KEY", key.getEncoded());
        Path keyPem = file(stem + "-key.pem", keyText);
        Path chainPem = pem(stem + ".pem", chain);
        Path combined = file(stem + "-combined.pem", keyText + text(chain));
        Path pkcs12 = store(
                stem + ".p12",
                store -> store.setKeyEntry(
                        "key", key, TestCa.PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new)));
        return new TestCertificate(chain, key, chainPem, keyPem, combined, pkcs12);
    }

    Path pem(String name, List<X509Certificate> certificates) {
        return file(name, text(certificates));
    }

    Path trust(String name, X509Certificate root) {
        return store(name, store -> store.setCertificateEntry("ca", root));
    }

    private Path store(String name, Entries entries) {
        Path path = dir.resolve(name);
        try (OutputStream out = Files.newOutputStream(path)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            entries.addTo(store);
            store.store(out, TestCa.PASSWORD.toCharArray());
            return path;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("key store " + path + " cannot be written", e);
        }
    }

    private Path file(String name, String content) {
        try {
            return Files.writeString(dir.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException("PEM file " + dir.resolve(name) + " cannot be written", e);
        }
    }

    private static String text(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(text("CERTIFICATE", certificate.getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("certificate cannot be encoded", e);
            }
        }
        return text.toString();
    }

    /** PEM. */
    static String text(String type, byte[] der) {
        String body = new String(LINES.encode(der), StandardCharsets.US_ASCII);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }

    private interface Entries {
        void addTo(KeyStore store) throws GeneralSecurityException;
    }
}
