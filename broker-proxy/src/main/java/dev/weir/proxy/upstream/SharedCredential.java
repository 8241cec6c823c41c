package dev.weir.proxy.upstream;

import io.vertx.core.Future;
import java.util.Optional;

/** The cluster's credential for every client: brokers see Weir, and policy alone tells clients apart. */
record SharedCredential(UpstreamConnector connector) implements UpstreamCredentials {
    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public boolean byService() {
        return false;
    }

    @Override
    public Future<Credential> of(Optional<String> service) {
        return Future.succeededFuture(connector.own());
    }

    @Override
    public Future<Credential> renewed(Optional<String> service) {
        return of(service);
    }
}
