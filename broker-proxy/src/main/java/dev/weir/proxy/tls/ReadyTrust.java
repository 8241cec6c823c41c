package dev.weir.proxy.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Authorities, made ready once, as {@link ReadyKeys}. The same ones for every server name. */
record ReadyTrust(TrustManagerFactory factory) implements TrustOptions {

    @Override
    public TrustOptions copy() {
        return this; // it does not change
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(Vertx vertx) {
        return factory;
    }

    @Override
    @SuppressWarnings("NullAway") // Vert.x takes null for those that all names share
    public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
        return name -> null;
    }
}
