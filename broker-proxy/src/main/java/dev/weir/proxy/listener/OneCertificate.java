package dev.weir.proxy.listener;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;

/**
 * Shows the same certificate whatever server name a client tells. Otherwise a TLS context would be made for each name that
 * fits a wildcard, and names are the clients' choice.
 */
record OneCertificate(KeyCertOptions certificate) implements KeyCertOptions {

    @Override
    public KeyCertOptions copy() {
        return new OneCertificate(certificate.copy());
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws Exception {
        return certificate.getKeyManagerFactory(vertx);
    }

    @Override
    @SuppressWarnings("NullAway") // Vert.x takes null for the one that all names share
    public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
        return name -> null;
    }
}
