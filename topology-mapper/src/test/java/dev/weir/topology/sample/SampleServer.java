package dev.weir.topology.sample;

import dev.weir.topology.api.ApiServer;
import io.vertx.core.Vertx;

/** Serves a sample mesh for whoever works on the dashboard: {@code shop}, {@code hostile} or {@code large}, and a port. */
public final class SampleServer {
    private SampleServer() {}

    public static void main(String[] args) {
        SampleMesh mesh = switch (args[0]) {
            case "large" -> SampleMesh.large();
            case "hostile" -> SampleMesh.hostile();
            default -> SampleMesh.shop();
        };
        ApiServer api = ApiServer.start(
                        Vertx.vertx(),
                        "127.0.0.1",
                        Integer.parseInt(args[1]),
                        new SampleView(mesh),
                        new SampleCanaries(),
                        null)
                .await();
        System.out.println("http://127.0.0.1:" + api.port());
    }
}
