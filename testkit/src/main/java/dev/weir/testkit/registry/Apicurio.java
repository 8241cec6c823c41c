package dev.weir.testkit.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientProcess;
import dev.weir.testkit.net.UnusedPorts;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real Apicurio Registry, a process on loopback that keeps its data in a temporary folder while it is stopped. It starts within some
 * ten seconds.
 */
public final class Apicurio implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Path data;
    private final URI root;
    private final HttpClient http = HttpClient.newHttpClient();
    private ClientProcess process;

    private Apicurio(Path folder, Path data, int port) throws IOException {
        this.folder = folder;
        this.data = data;
        this.root = URI.create("http://127.0.0.1:" + port);
        this.process = run();
    }

    /**
     * Starts it, and waits until it answers.
     *
     * @param folder where its distribution was unpacked
     */
    public static Apicurio start(Path folder) {
        try {
            Apicurio started = new Apicurio(folder, Files.createTempDirectory("weir-apicurio-"), UnusedPorts.one());
            started.awaitAnswer();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClientProcess run() throws IOException {
        return ClientProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx300m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + root.getPort(),
                        "-DREGISTRY_DATASOURCE_URL=jdbc:h2:file:" + data.resolve("registry"),
                        "-jar",
                        runner(folder).toString()),
                "");
    }

    /** Stops it; connections to it are refused. */
    public void stop() {
        process.close();
    }

    /** Starts it again at the same address, with what it had, and waits until it answers. */
    public void restart() {
        try {
            process = run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAnswer();
    }

    private static Path runner(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> path.getFileName().toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Apicurio Registry in " + folder));
        }
    }

    private void awaitAnswer() {
        try {
            Patience.awaitSettled()
                    .atMost(Patience.SETTLED.multipliedBy(3))
                    .ignoreExceptions()
                    .until(() ->
                            !process.isAlive() || send(request("/subjects")).isArray());
        } catch (RuntimeException e) {
            process.close();
            throw new IllegalStateException("Apicurio does not start\n" + process, e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("Apicurio ended\n" + process);
        }
    }

    /** Its Confluent-compatible API. */
    public URI url() {
        return root.resolve("/apis/ccompat/v7");
    }

    /** Its own API, as its serializers want it. */
    public URI ownUrl() {
        return root.resolve("/apis/registry/v2");
    }

    /** Registers an Avro schema, and gives its id. */
    public int register(String subject, String schema, List<Reference> references) {
        return register("AVRO", subject, schema, references);
    }

    /**
     * Registers a schema, and gives its id.
     *
     * @param type as registries call it: AVRO, JSON, PROTOBUF
     */
    public int register(String type, String subject, String schema, List<Reference> references) {
        try {
            String body =
                    JSON.writeValueAsString(Map.of("schemaType", type, "schema", schema, "references", references));
            JsonNode answer =
                    send(request("/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions")
                            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                            .POST(BodyPublishers.ofString(body)));
            if (!answer.has("id")) {
                throw new IllegalStateException("not registered: " + answer);
            }
            return answer.path("id").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(Patience.SETTLED);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
