package dev.weir.testkit.certs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An issued certificate and its files.
 *
 * @param chain the certificate first, then its issuers without the root
 * @param key its private key
 * @param chainPem the chain as PEM
 * @param keyPem the key as PEM, PKCS#8, not encrypted
 * @param combinedPem key and chain in one PEM file, as Kafka's PEM key store wants them
 * @param pkcs12 key and chain as PKCS#12, opened by {@link TestCa#PASSWORD}
 */
public record TestCertificate(
        List<X509Certificate> chain, PrivateKey key, Path chainPem, Path keyPem, Path combinedPem, Path pkcs12) {

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** For a server of the JDK's that shows it. */
    public SSLContext serverContext() {
        try (InputStream in = Files.newInputStream(pkcs12)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, TestCa.PASSWORD.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, TestCa.PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }
}
