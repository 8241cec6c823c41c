package dev.weir.proxy.upstream;

import dev.weir.proxy.telemetry.UpstreamFailure;
import io.vertx.core.Future;
import java.util.Optional;

/** Clients log in at brokers by themselves: Weir has nothing to show for them, and shows nothing else. */
record ClientsOwn() implements UpstreamCredentials {
    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public boolean byService() {
        return false;
    }

    @Override
    public Future<Credential> of(Optional<String> service) {
        return Future.failedFuture(
                new UpstreamException(UpstreamFailure.NO_CREDENTIAL, "the client has to log in by itself"));
    }

    @Override
    public Future<Credential> renewed(Optional<String> service) {
        return of(service);
    }
}
