package dev.weir.topology.login;

import dev.weir.mesh.log.FailureWords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Sockets to an identity provider whose certificate is signed by an authority that Java's own list has not. */
final class ProviderTrust {
    private ProviderTrust() {}

    /**
     * Trusts these authorities, and no others.
     *
     * @param file of PEM certificates
     * @throws IOException when there are none
     */
    static SSLSocketFactory sockets(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + store.size(), authority);
            }
            if (store.size() == 0) {
                throw new IOException(file + " holds no certificates");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no authorities to trust: " + FailureWords.ofItself(e), e);
        }
    }
}
