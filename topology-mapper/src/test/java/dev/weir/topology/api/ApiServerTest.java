package dev.weir.topology.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.weir.topology.sample.SampleCanaries;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.Freshness;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final SampleView VIEW = new SampleView(SampleMesh.shop());
    private static Vertx vertx;
    private static ApiServer api;
    private static JsonNode document;

    @BeforeAll
    static void start() throws IOException {
        vertx = Vertx.vertx();
        api = ApiServer.start(vertx, "127.0.0.1", 0, VIEW, new SampleCanaries(), null)
                .await();
        document =
                new ObjectMapper(new YAMLFactory()).readTree(ApiServerTest.class.getResourceAsStream("/openapi.yaml"));
    }

    @AfterAll
    static void stop() {
        api.close().await();
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/topology, Topology",
        "/api/v1/topology?layout=services&boxes=team, Topology",
        "/api/v1/topology?at=1767225600000&window=5m, Topology",
        "/api/v1/lag, Groups",
        "/api/v1/services/checkout, Service",
        "/api/v1/topics/orders, Topics",
        "/api/v1/groups/fraud, Groups",
        "/api/v1/security, Security",
        "/api/v1/audit, Audit",
        "/api/v1/audit?since=7d&service=shipping&kind=denied&limit=10&after=0.1, Audit",
        "/api/v1/slos, Slos",
        "/api/v1/schemas, SchemaCoverage",
        "/api/v1/schemas?window=1h, SchemaCoverage",
        "/api/v1/canaries, Canaries",
        "/api/v1/canaries/payment-3.2, Canary",
        "/api/v1/proxies, Proxies",
        "/api/v1/status, Freshness",
    })
    void answersAsItsDocumentSays(String path, String schema) throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(errors(response.body(), schema)).isEmpty();
        String described = path.replaceAll("\\?.*", "").replaceAll("(services|topics|groups|canaries)/.*", "$1/{name}");
        assertThat(document.at("/paths").path(described).path("get").toString()).contains("schemas/" + schema);
    }

    @Test
    void hostileNamesAndLargeMeshesKeepToTheDocumentToo() throws Exception {
        for (SampleMesh mesh : List.of(SampleMesh.hostile(), SampleMesh.large())) {
            ApiServer other =
                    ApiServer.start(vertx, "127.0.0.1", 0, new SampleView(mesh)).await();
            try {
                // on a busy machine the first layout of the large one takes longer than a connection may be silent
                String body = await().atMost(Duration.ofMinutes(5))
                        .ignoreException(IOException.class)
                        .until(
                                () -> CLIENT.send(
                                                request(other, "/api/v1/topology")
                                                        .build(),
                                                BodyHandlers.ofString())
                                        .body(),
                                answer -> true);
                assertThat(errors(body, "Topology")).isEmpty();
            } finally {
                other.close().await();
            }
        }
    }

    @Test
    void aNameMayHoldAnything() throws Exception {
        ApiServer other = ApiServer.start(vertx, "127.0.0.1", 0, new SampleView(SampleMesh.hostile()))
                .await();
        try {
            HttpResponse<String> service = CLIENT.send(
                    request(other, "/api/v1/services/a%2Fb%20c%252F%3F%23&").build(), BodyHandlers.ofString());
            assertThat(JSON.readTree(service.body()).at("/node/name").asText()).isEqualTo("a/b c%2F?#&");
            HttpResponse<String> group = CLIENT.send(
                    request(other, "/api/v1/groups/group%2Fwith%20slash").build(), BodyHandlers.ofString());
            assertThat(group.statusCode()).isEqualTo(200);
        } finally {
            other.close().await();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/topology?at=yesterday | at | yesterday",
                "/api/v1/topology?at=2026-01-01 | at | 2026-01-01",
                "/api/v1/lag?window=1d | window | 1d",
                "/api/v1/lag?window=9s | window | 9s",
                "/api/v1/topology?layout=circle | layout | circle",
                "/api/v1/topology?boxes=1 | boxes | 1",
                "/api/v1/audit?since=yesterday | since | yesterday",
                "/api/v1/audit?kind=denied,sent | kind | denied,sent",
                "/api/v1/audit?limit=0 | limit | 0",
                "/api/v1/audit?limit=all | limit | all",
                "/api/v1/audit?after=wrong | after | wrong",
                "/api/v1/audit?window=60s | window | 60s",
                "/api/v1/topology?window=60s&window=70s | window | 70s",
                "/api/v1/topology?color=red | color | red",
                "/api/v1/services/%ZZ | path | %ZZ",
            })
    void saysWhatIsWrongWithAParameter(String path, String where, String found) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.getOutputStream()
                    .write(("GET " + path.strip() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String body = response.substring(response.indexOf("\r\n\r\n") + 4);
            assertThat(response).startsWith("HTTP/1.1 400 ").containsIgnoringCase("application/problem+json");
            assertThat(errors(body, "Problem")).isEmpty();
            JsonNode problem = JSON.readTree(body);
            assertThat(problem.path("where").asText()).isEqualTo(where.strip());
            assertThat(problem.path("found").asText()).isEqualTo(found.strip());
            assertThat(problem.path("expected").asText()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/services/nobody", "/api/v1/topics/nothing", "/api/v1/groups/none", "/api/v1/",
                        "/api/v1/services/",
                "/api/v1/unknown", "/dashboard/../openapi.yaml", "/dashboard/%2e%2e/openapi.yaml", "/dashboard/",
                        "/etc/passwd",
                "/dashboard/missing.js",
            })
    void whatIsNotThereIsAProblemToo(String path) throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(errors(response.body(), "Problem")).isEmpty();
    }

    @Test
    void changesNothingWhoeverAsks() throws Exception {
        HttpResponse<String> response =
                CLIENT.send(request(api, "/api/v1/topology").DELETE().build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void takesAMomentInBothForms() throws Exception {
        get("/api/v1/topology?at=2026-01-01T00:00:00Z&window=1h");
        get("/api/v1/topology?at=1767225601000&window=10000");

        assertThat(VIEW.asked())
                .anyMatch(moment ->
                        moment.at().equals(OptionalLong.of(1_767_225_600_000L)) && moment.windowMillis() == 3_600_000)
                .anyMatch(moment ->
                        moment.at().equals(OptionalLong.of(1_767_225_601_000L)) && moment.windowMillis() == 10_000);
    }

    @Test
    void compressesAndSaysWhenNothingIsNew() throws Exception {
        HttpResponse<byte[]> packed = CLIENT.send(
                request(api, "/api/v1/security?at=1767225600000")
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(errors(new String(in.readAllBytes(), StandardCharsets.UTF_8), "Security"))
                    .isEmpty();
        }
        String etag = packed.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = CLIENT.send(
                request(api, "/api/v1/security?at=1767225600000")
                        .header("If-None-Match", etag)
                        .build(),
                BodyHandlers.ofString());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void givesABrowserNoReasonToRunAnythingElse() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.body()).doesNotContain("<script>", "style=", "http://", "https://", " on");
        assertThat(get("/dashboard/main.js").headers().firstValue("Content-Type"))
                .hasValue("text/javascript; charset=utf-8");
    }

    @Test
    void tellsOfChanges() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<HttpResponse<Stream<String>>> stream =
                CLIENT.sendAsync(request(api, "/api/v1/events").build(), BodyHandlers.ofLines());
        CompletableFuture<Void> reading =
                stream.thenAcceptAsync(response -> response.body().forEach(lines::add));
        await().until(() -> lines.contains("event: status") && lines.contains("event: change"));
        long before = count(lines, "event: change");

        VIEW.show(SampleMesh.shop());
        await().until(() -> count(lines, "event: change") > before);

        VIEW.freshness(new Freshness(Freshness.State.KAFKA_DOWN, 5, 4, "no broker answers"));
        await().until(() ->
                lines.stream().anyMatch(line -> line.contains("\"state\":\"kafkaDown\",\"sinceMillis\":5")));
        VIEW.freshness(new Freshness(Freshness.State.LIVE, 6, 6, ""));
        assertThat(reading).isNotDone();
        reading.cancel(true);
    }

    @Test
    void showsMetrics() throws Exception {
        String text = get("/metrics").body();

        assertThat(text)
                .contains("kafka_consumer_group_lag{cluster=\"main\",group=\"fraud\"")
                .containsPattern("kafka_consumer_group_lag_time_seconds\\{[^}]*group=\"fraud\"[^}]*} 84.0")
                .contains("weir_slo_burn_rate{")
                .containsPattern("weir_coverage_\\w+(\\{[^}]*})? 98.2")
                .contains("weir_topology_freshness{")
                .containsPattern("weir_edge_records\\w*\\{[^}]*service=\"checkout\"");
    }

    private static long count(List<String> lines, String line) {
        return lines.stream().filter(line::equals).count();
    }

    private static List<String> errors(String body, String schema) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("$ref", "#/components/schemas/" + schema);
        root.set("components", document.get("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(root)
                .validate(JSON.readTree(body))
                .stream()
                .map(Object::toString)
                .toList();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(request(api, path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(ApiServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }
}
