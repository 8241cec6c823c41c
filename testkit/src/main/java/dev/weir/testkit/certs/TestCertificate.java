package dev.weir.testkit.certs;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

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
}
