package dev.weir.topology.login;

import dev.weir.topology.api.ApiServer;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.ApiRefusal;
import dev.weir.topology.view.CanaryDesk;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.function.Consumer;

/** The API of a sample mesh behind a gate, on a port of its own, whatever address the settings say that browsers use. */
final class GatedApi implements AutoCloseable {
    private final ApiServer server;
    private final URI url;

    GatedApi(Vertx vertx, URI url, OidcGate gate) {
        this(vertx, url, gate, refusal -> {});
    }

    GatedApi(Vertx vertx, URI url, OidcGate gate, Consumer<ApiRefusal> refused) {
        this.url = url;
        this.server = ApiServer.start(
                        vertx, "127.0.0.1", 0, new SampleView(SampleMesh.shop()), CanaryDesk.NONE, gate, refused)
                .await();
    }

    /** As browsers know it. */
    URI url() {
        return url;
    }

    /** Where it is. */
    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.port()).resolve(path);
    }

    @Override
    public void close() {
        server.close().await();
    }
}
