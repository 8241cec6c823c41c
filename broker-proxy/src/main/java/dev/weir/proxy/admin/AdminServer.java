package dev.weir.proxy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.weir.proxy.config.Endpoint;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin endpoint: {@code /healthz} (this process runs), {@code /readyz} (clients are served; else 503 and why),
 * {@code /metrics} (Prometheus text), {@code /status} (a {@link StatusReport} as JSON), and what else it is given. It
 * changes nothing, whoever asks. Requests are answered on an event loop of their own; reports are collected on a worker.
 */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    /** A question about a token has all of its claims, in a line. */
    private static final int QUESTION_BYTES_MAX = 256 << 10;

    private static final int IDLE_SECONDS = 30;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Vertx vertx;
    private final HttpServer server;
    private final Map<String, Function<Map<String, List<String>>, Answer>> pages = new TreeMap<>();

    private AdminServer(
            Vertx vertx,
            Endpoint bind,
            Supplier<StatusReport> status,
            PrometheusMetricReader metrics,
            Map<String, Function<Map<String, List<String>>, Object>> questions) {
        this.vertx = vertx;
        pages.put("/healthz", asked -> Answer.text(200, "ok\n"));
        pages.put("/readyz", asked -> readiness(status.get().unready()));
        pages.put("/metrics", asked -> metrics(metrics));
        pages.put("/status", asked -> json(status.get()));
        questions.forEach((path, question) -> pages.put(path, asked -> answer(question, asked)));
        String all = String.join(" ", pages.keySet());
        pages.put("/", asked -> Answer.text(200, "Weir. Ask for one of: " + all + "\n"));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(bind.host())
                        .setPort(bind.port())
                        .setHttp2ClearTextEnabled(false)
                        .setMaxInitialLineLength(QUESTION_BYTES_MAX)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .requestHandler(this::answer);
    }

    /**
     * Starts to listen.
     *
     * @param bind port 0 takes any free one
     * @param status is asked for each request of {@code /readyz} and {@code /status}, on a worker thread
     * @param metrics what {@code /metrics} shows
     * @param questions more pages, by path: from the parameters of a request to what is answered as JSON, on a worker; an
     *     {@link IllegalArgumentException} says in words what is wrong with the parameters
     * @return fails when the port cannot be bound
     */
    public static Future<AdminServer> start(
            Vertx vertx,
            Endpoint bind,
            Supplier<StatusReport> status,
            PrometheusMetricReader metrics,
            Map<String, Function<Map<String, List<String>>, Object>> questions) {
        AdminServer admin = new AdminServer(vertx, bind, status, metrics, questions);
        return admin.server.listen().map(admin);
    }

    /** The port that is bound. */
    public int port() {
        return server.actualPort();
    }

    /** Stops listening and closes all its connections. */
    public Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        Function<Map<String, List<String>>, Answer> page = pages.get(request.path());
        if (page == null) {
            send(request, Answer.text(404, "not found; there is " + String.join(" ", pages.keySet()) + "\n"));
        } else if (!READING.contains(request.method())) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            send(request, Answer.text(405, "only GET and HEAD\n"));
        } else {
            Map<String, List<String>> asked = new TreeMap<>();
            request.params()
                    .names()
                    .forEach(name -> asked.put(name, request.params().getAll(name)));
            vertx.executeBlocking(() -> page.apply(asked), false)
                    .onSuccess(answer -> send(request, answer))
                    .onFailure(failure -> {
                        LOG.atError()
                                .addKeyValue("path", request.path())
                                .setCause(failure)
                                .log("admin request failed");
                        send(request, Answer.text(500, "failed; the log says why\n"));
                    });
        }
    }

    private static void send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            Integer.toString(answer.body().length()))
                    .end();
        } else {
            response.end(answer.body());
        }
    }

    private static Answer readiness(List<String> unready) {
        return unready.isEmpty()
                ? Answer.text(200, "ready\n")
                : Answer.text(503, "not ready\n" + String.join("\n", unready) + "\n");
    }

    private static Answer metrics(PrometheusMetricReader reader) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, reader.collect(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new IllegalStateException("metrics cannot be written", e);
        }
        return new Answer(200, PrometheusTextFormatWriter.CONTENT_TYPE, Buffer.buffer(text.toByteArray()));
    }

    private static Answer answer(
            Function<Map<String, List<String>>, Object> question, Map<String, List<String>> asked) {
        try {
            return json(question.apply(asked));
        } catch (IllegalArgumentException e) {
            return Answer.text(400, e.getMessage() + "\n");
        }
    }

    private static Answer json(Object report) {
        try {
            return new Answer(200, JSON, Buffer.buffer(MAPPER.writeValueAsString(report) + "\n"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written", e);
        }
    }

    private record Answer(int status, String contentType, Buffer body) {
        static Answer text(int status, String text) {
            return new Answer(status, TEXT, Buffer.buffer(text));
        }
    }
}
