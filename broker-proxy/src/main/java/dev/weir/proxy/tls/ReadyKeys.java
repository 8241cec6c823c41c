package dev.weir.proxy.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate and its key, made ready once. Vert.x would do it again for each port, and a key store takes some ten
 * milliseconds to make.
 *
 * <p>It is shown whatever server name a client tells. Otherwise a TLS context would be made for each name that fits a
 * wildcard, and names are the clients' choice.
 */
record ReadyKeys(KeyManagerFactory factory) implements KeyCertOptions {

    @Override
    public KeyCertOptions copy() {
        return this; // it does not change
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) {
        return factory;
    }

    @Override
    @SuppressWarnings("NullAway") // Vert.x takes null for the one that all names share
    public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
        return name -> null;
    }
}
