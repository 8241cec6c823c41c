package dev.weir.proxy.tls;

import dev.weir.mesh.log.FailureWords;
import dev.weir.proxy.reload.UnusableFileException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes TLS for the JDK's HTTP client of PEM files. */
public final class PemContext {
    private static final char[] NO_PASSWORD = {};

    private PemContext() {}

    /**
     * Makes it.
     *
     * @param trust the authorities that sign servers' certificates, or {@code null} for the JDK's own
     * @param chain the certificate to show, or {@code null}; only with {@code key}
     * @param key that of the chain
     * @throws UnusableFileException when a file does not hold what it is to hold
     */
    public static SSLContext of(@Nullable PemFile trust, @Nullable PemFile chain, @Nullable PemFile key)
            throws UnusableFileException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    chain == null || key == null ? null : keys(chain, key).getKeyManagers(),
                    trust == null ? null : trusting(trust).getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableFileException("TLS cannot use these files: " + FailureWords.ofItself(e), e);
        }
    }

    private static TrustManagerFactory trusting(PemFile authorities)
            throws GeneralSecurityException, IOException, UnusableFileException {
        KeyStore trust = empty();
        for (X509Certificate authority : authorities.certificates()) {
            trust.setCertificateEntry("authority-" + trust.size(), authority);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        return managers;
    }

    private static KeyManagerFactory keys(PemFile chain, PemFile key)
            throws GeneralSecurityException, IOException, UnusableFileException {
        List<X509Certificate> certificates = chain.certificates();
        X509Certificate first = certificates.get(0);
        PrivateKey privateKey = KeyFactory.getInstance(first.getPublicKey().getAlgorithm())
                .generatePrivate(key.keyOf(first, chain.name()));
        KeyStore store = empty();
        store.setKeyEntry("weir", privateKey, NO_PASSWORD, certificates.toArray(new X509Certificate[0]));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        return managers;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
