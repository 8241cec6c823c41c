package dev.weir.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.telemetry.ProxyMetrics;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final PrometheusMetricReader READER = PrometheusMetricReader.create();

    private static volatile List<String> unready = List.of();
    private static Vertx vertx;
    private static SdkMeterProvider provider;
    private static AdminServer admin;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        provider = SdkMeterProvider.builder().registerMetricReader(READER).build();
        ProxyMetrics metrics = new ProxyMetrics(provider.get("weir"));
        metrics.listener("internal").connectionAccepted();
        metrics.listener("internal").bytesDown(7);
        metrics.policy().inForce("4f2a");
        admin = AdminServer.start(
                        vertx,
                        new Endpoint("127.0.0.1", 0),
                        AdminServerTest::report,
                        READER,
                        Map.of("/question", AdminServerTest::answer))
                .await();
    }

    @AfterAll
    static void stop() {
        admin.close().await();
        vertx.close().await();
        provider.close();
    }

    @BeforeEach
    void isReady() {
        unready = List.of();
    }

    @Test
    void isHealthyAndReady() throws Exception {
        assertThat(get("/healthz").body()).isEqualTo("ok\n");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/").body()).contains("/status");
    }

    @Test
    void saysWhyItIsNotReady() throws Exception {
        unready = List.of("cluster main: no broker is known", "policy: none is in force");
        HttpResponse<String> answer = get("/readyz");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("not ready\ncluster main: no broker is known\npolicy: none is in force\n");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void showsMetricsAsPrometheusText() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body())
                .contains("# TYPE weir_connections_open gauge")
                .containsPattern("weir_traffic_bytes_total\\{direction=\"down\",listener=\"internal\".*} 7")
                .containsPattern("weir_policy_revision\\{.*revision=\"4f2a\".*} 1");
    }

    @Test
    void showsStatusAsJson() throws Exception {
        JsonNode status = new ObjectMapper().readTree(get("/status").body());
        assertThat(status.path("version").asText()).isEqualTo("0.1.0");
        assertThat(status.path("policy").path("revision").asText()).isEqualTo("4f2a");
        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("policy").has("lastError")).isFalse();
        assertThat(status.path("listeners")
                        .get(0)
                        .path("brokers")
                        .get(0)
                        .path("address")
                        .asText())
                .isEqualTo("127.0.0.1:9193");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/status/", "/Status", "//", "/metrics/../status"})
    void hasNothingElse(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void changesNothing(String method) throws Exception {
        HttpResponse<String> answer = send(method, "/status");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    private static Object answer(Map<String, List<String>> asked) {
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("what is the question?");
        }
        return asked;
    }

    @Test
    void answersQuestionsWithTheirParameters() throws Exception {
        HttpResponse<String> answer = get("/question?who=a%20b&who=c&how=");
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode asked = new ObjectMapper().readTree(answer.body());
        assertThat(asked.path("who").toString()).isEqualTo("[\"a b\",\"c\"]");
        HttpResponse<String> nothing = get("/question");
        assertThat(nothing.statusCode()).isEqualTo(400);
        assertThat(nothing.body()).isEqualTo("what is the question?\n");
        assertThat(get("/").body()).contains("/question");
    }

    @Test
    void aQuestionMayBeAsLongAsATokenHasClaims() throws Exception {
        String claim = "x".repeat(100_000);
        assertThat(get("/question?who=" + claim).body()).contains(claim);
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        HttpResponse<String> answer = send("HEAD", "/healthz");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Length")).hasValue("3");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    private static HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + admin.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static StatusReport report() {
        return new StatusReport(
                "0.1.0",
                "2026-01-01T00:00:00Z",
                unready,
                List.of(new StatusReport.ListenerReport(
                        "internal",
                        "main",
                        "127.0.0.1:9192",
                        false,
                        true,
                        List.of(new StatusReport.BrokerReport(1, "127.0.0.1:9193")),
                        List.of(),
                        1,
                        1,
                        0,
                        12,
                        0,
                        100,
                        200,
                        3,
                        4,
                        0)),
                List.of(new StatusReport.ClusterReport(
                        "main", List.of(new StatusReport.BrokerReport(1, "127.0.0.1:9092")), null, List.of(), 0)),
                List.of(new StatusReport.CertificateReport(
                        "internal", null, "server", "CN=kafka.example", "2026-02-01T00:00:00Z")),
                null,
                new StatusReport.SigningReport(true, List.of("signing.pem does not exist")),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new StatusReport.CanaryReport(
                        "payments-v2",
                        "payments",
                        "sharing",
                        "10%",
                        3,
                        null,
                        List.of(),
                        List.of(new StatusReport.LeftReport("orders", 2, "stable", 90, 7)),
                        null,
                        List.of())),
                new StatusReport.PolicyReport("folder policy", "4f2a", "2026-01-01T00:00:01Z", 1, 0, null),
                List.of());
    }
}
