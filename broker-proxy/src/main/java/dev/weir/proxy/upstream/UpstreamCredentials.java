package dev.weir.proxy.upstream;

import dev.weir.proxy.config.ListenerUpstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/** With which credential a client of one listener comes to brokers. Any thread; asked on the event loop that connects. */
public sealed interface UpstreamCredentials permits SharedCredential, ServiceCredentials, ClientsOwn {

    /** Whether all clients have the same one, so that brokers cannot tell them apart. */
    boolean shared();

    /** Whether it depends on the Service that policy knows the client as. */
    boolean byService();

    /**
     * The credential of a client.
     *
     * @param service the Service that policy knows the client as; empty when it knows none
     * @return fails with {@link UpstreamException} when there is none: nothing is fallen back to
     */
    Future<Credential> of(Optional<String> service);

    /** As {@link #of}, past what is kept of it: brokers did not take that. */
    Future<Credential> renewed(Optional<String> service);

    /** What a listener's configuration asks for. */
    static UpstreamCredentials of(ListenerUpstream upstream, UpstreamConnector connector, Vertx vertx) {
        if (upstream instanceof ListenerUpstream.PerPrincipal perPrincipal) {
            return new ServiceCredentials(vertx, perPrincipal.store());
        }
        return upstream instanceof ListenerUpstream.PassThrough ? new ClientsOwn() : new SharedCredential(connector);
    }
}
