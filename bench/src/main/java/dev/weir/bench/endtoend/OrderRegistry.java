package dev.weir.bench.endtoend;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A registry that knows the schema of orders, and nothing else, by the paths of Confluent's API that Weir asks for. */
final class OrderRegistry implements AutoCloseable {
    private final HttpServer server;

    private OrderRegistry(HttpServer server) {
        this.server = server;
    }

    static OrderRegistry start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ObjectMapper mapper = new ObjectMapper();
            String schema = "/schemas/ids/" + OrderRecord.SCHEMA_ID;
            byte[] text = mapper.writeValueAsBytes(Map.of("schema", OrderRecord.SCHEMA));
            byte[] versions =
                    mapper.writeValueAsBytes(List.of(Map.of("subject", Topics.PRODUCED + "-value", "version", 1)));
            server.createContext(schema, exchange -> answer(exchange, text));
            server.createContext(schema + "/versions", exchange -> answer(exchange, versions));
            server.start();
            return new OrderRegistry(server);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve schemas", e);
        }
    }

    private static void answer(HttpExchange exchange, byte[] json) throws IOException {
        exchange.sendResponseHeaders(200, json.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(json);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
