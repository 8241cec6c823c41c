package dev.weir.topology.api;

import dev.weir.topology.login.OidcGate;
import dev.weir.topology.login.Verdict;
import dev.weir.topology.login.Visitor;
import dev.weir.topology.metrics.MeshMetrics;
import dev.weir.topology.view.ApiRefusal;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.MeshView;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API and the dashboard over one {@link MeshView}. Requests are read on an event loop; answers are made on
 * workers, once per change, and shared. Without a gate nobody is authenticated: then bind it where only those who may see
 * the mesh reach it.
 */
public final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    static final String API = "/api/v1/";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final List<String> PARAMETERS = List.of("at", "window", "layout", "boxes");
    private static final int IDLE_SECONDS = 30;
    private static final int LINE_BYTES_MAX = 8_192;
    private static final Map<String, String> SECURITY_HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin");

    private final Vertx vertx;
    private final HttpServer server;
    private final Pages pages;
    private final CanaryPosts canaryPosts;
    private final Refusals refusals;
    private final Assets assets = new Assets();
    private final AnswerCache cache;
    private final EventStreams events;
    private final MeshMetrics metrics;
    private final AutoCloseable subscription;
    private final @Nullable OidcGate gate;

    private ApiServer(
            Vertx vertx,
            String host,
            int port,
            MeshView view,
            CanaryDesk canaries,
            @Nullable OidcGate gate,
            Consumer<ApiRefusal> refused) {
        this.vertx = vertx;
        this.gate = gate;
        this.refusals = new Refusals(refused);
        this.pages = new Pages(view, canaries);
        this.canaryPosts = new CanaryPosts(canaries, refusals);
        this.cache = new AnswerCache(vertx);
        this.events = new EventStreams(vertx, view::freshness);
        this.metrics = new MeshMetrics(view);
        this.subscription = view.onChange(() -> {
            cache.changed();
            events.changed();
        });
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setMaxInitialLineLength(LINE_BYTES_MAX)
                        .setMaxHeaderSize(2 * LINE_BYTES_MAX))
                .requestHandler(this::handle);
    }

    /**
     * Starts to listen, and to draw the graph so that whoever comes first does not wait for it.
     *
     * @param host name or address to bind, without brackets
     * @param port 0 takes any free one
     * @param view closed by whoever made it, after this server
     * @return fails when the port cannot be bound
     */
    public static Future<ApiServer> start(Vertx vertx, String host, int port, MeshView view) {
        return start(vertx, host, port, view, CanaryDesk.NONE, null);
    }

    /** As {@link #start(Vertx, String, int, MeshView, CanaryDesk, OidcGate, Consumer)}, and nobody is told of refusals. */
    public static Future<ApiServer> start(
            Vertx vertx, String host, int port, MeshView view, CanaryDesk canaries, @Nullable OidcGate gate) {
        return start(vertx, host, port, view, canaries, gate, refusal -> {});
    }

    /**
     * As {@link #start(Vertx, String, int, MeshView)}.
     *
     * @param canaries shown, and told what to do
     * @param gate who may ask, or {@code null} for whoever comes
     * @param refused told of those who may not, on event loops; must not block
     */
    public static Future<ApiServer> start(
            Vertx vertx,
            String host,
            int port,
            MeshView view,
            CanaryDesk canaries,
            @Nullable OidcGate gate,
            Consumer<ApiRefusal> refused) {
        ApiServer api = new ApiServer(vertx, host, port, view, canaries, gate, refused);
        return api.server
                .listen()
                .onSuccess(listening -> api.draw())
                .map(api)
                .recover(failure -> api.close().transform(closed -> Future.failedFuture(failure)));
    }

    /** The port that is bound. */
    public int port() {
        return server.actualPort();
    }

    /** Stops listening and closes all its connections. */
    public Future<Void> close() {
        events.close();
        metrics.close();
        try {
            subscription.close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("the view cannot be unsubscribed from");
        }
        return server.close();
    }

    private void draw() {
        page("topology", Map.of())
                .onFailure(failure -> LOG.atWarn()
                        .setCause(failure)
                        .log("the graph could not be drawn before somebody asked for it"));
    }

    private void handle(HttpServerRequest request) {
        SECURITY_HEADERS.forEach(request.response()::putHeader);
        if (gate == null) {
            serve(request, null);
        } else {
            if (!READING.contains(request.method())) {
                request.pause(); // its body waits until it is clear who sent it
            }
            gate.judge(request).onSuccess(verdict -> follow(request, verdict));
        }
    }

    private void follow(HttpServerRequest request, Verdict verdict) {
        if (verdict instanceof Verdict.Pass pass) {
            serve(request, pass.visitor().orElse(null));
        } else if (!request.response().closed()) {
            request.resume();
            if (verdict instanceof Verdict.Refuse refuse) {
                refusals.gate(request, refuse);
            }
            Doorway.answer(request.response(), verdict);
        }
    }

    /** @param visitor who asks, or {@code null} where nobody has to say */
    private void serve(HttpServerRequest request, @Nullable Visitor visitor) {
        String path = request.path() == null ? "" : request.path();
        if (!READING.contains(request.method())) {
            change(request, path, visitor);
        } else if (path.equals(API + "events")) {
            listen(request, visitor);
        } else if (path.equals(API + "me")) {
            send(request, Answer.of(200, Answer.JSON, Answer.NEVER, Json.bytes(Doorway.Me.of(visitor, gate != null))));
        } else {
            answer(request, path)
                    .recover(failure -> Future.succeededFuture(failed(path, failure)))
                    .onSuccess(answer -> send(request, answer));
        }
    }

    private void change(HttpServerRequest request, String path, @Nullable Visitor visitor) {
        String below = path.startsWith(API) ? path.substring(API.length()) : "";
        if (request.method().equals(HttpMethod.POST) && CanaryPosts.isOne(below)) {
            canaryPosts
                    .answer(request, below, visitor)
                    .onComplete(done -> cache.changed())
                    .recover(failure -> Future.succeededFuture(failed(path, failure)))
                    .onSuccess(answer -> send(request, answer));
            return;
        }
        request.resume();
        request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
        String posts = "POST to " + API + "canaries/NAME/ACTION, with one of these actions: " + CanaryPosts.actions();
        send(
                request,
                Answer.problem(Problem.of(
                        405,
                        "Method not allowed",
                        "Only GET and HEAD are answered here. What can be changed: " + posts + ".")));
    }

    private Future<Answer> answer(HttpServerRequest request, String path) {
        try {
            if (path.equals("/metrics")) {
                return onWorker(() -> Answer.of(200, MeshMetrics.CONTENT_TYPE, Answer.NEVER, metrics.text()));
            }
            if (path.equals(API + "audit")) {
                Map<String, String> asked = parameters(request.params(), AuditParameters.NAMES);
                return onWorker(() -> Answer.json(pages.audit(asked)));
            }
            if (path.startsWith(API) && !path.equals(API + "openapi.yaml")) {
                return page(path.substring(API.length()), parameters(request.params(), PARAMETERS));
            }
            String file = switch (path) {
                case "/" -> "dashboard/index.html";
                case "/openapi.yaml", API + "openapi.yaml" -> "openapi.yaml";
                default -> path.startsWith("/dashboard/") ? path.substring(1) : "";
            };
            return onWorker(() -> assets.find(file).orElseThrow(() -> unknown(path)));
        } catch (Problem.Raised raised) {
            return Future.failedFuture(raised);
        }
    }

    private Future<Answer> onWorker(Callable<Answer> maker) {
        return vertx.executeBlocking(maker, false).map(Objects::requireNonNull);
    }

    private Future<Answer> page(String path, Map<String, String> parameters) {
        Function<Query, Object> page = pages.find(path).orElseThrow(() -> unknown(API + path));
        Query query = Query.of(parameters);
        boolean replay = query.moment().at().isPresent();
        return cache.get(path + '?' + parameters, replay, () -> Answer.json(page.apply(query)));
    }

    private static Map<String, String> parameters(MultiMap params, List<String> known) {
        Map<String, String> parameters = new TreeMap<>();
        params.forEach(entry -> {
            if (!known.contains(entry.getKey())) {
                throw new Problem.Raised(
                        Problem.badParameter(entry.getKey(), entry.getValue(), "one of " + String.join(", ", known)));
            }
            if (parameters.put(entry.getKey(), entry.getValue()) != null) {
                throw new Problem.Raised(Problem.badParameter(entry.getKey(), entry.getValue(), "one value"));
            }
        });
        return parameters;
    }

    private static Problem.Raised unknown(String path) {
        return new Problem.Raised(Problem.notFound("page", path, "a path of /openapi.yaml, or / for the dashboard"));
    }

    private static Answer failed(String path, Throwable failure) {
        if (failure instanceof Problem.Raised raised) {
            return Answer.problem(raised.problem());
        }
        LOG.atError().addKeyValue("path", path).setCause(failure).log("request failed");
        return Answer.problem(Problem.of(500, "Internal error", "The request failed; the log says why."));
    }

    /** For as long as the listener's log-in holds. */
    private void listen(HttpServerRequest request, @Nullable Visitor visitor) {
        request.response().putHeader(HttpHeaders.CACHE_CONTROL, Answer.NEVER);
        if (request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                    .end();
        } else if (!events.add(request.response())) {
            String detail = EventStreams.STREAMS_MAX + " readers are listening already; ask for pages instead.";
            send(request, Answer.problem(Problem.of(503, "Too many readers", detail)));
        } else if (visitor != null) {
            long left = visitor.expiresAtMillis() - System.currentTimeMillis();
            HttpServerResponse response = request.response();
            long timer = vertx.setTimer(Math.max(1, left), over -> events.end(response));
            response.endHandler(ended -> vertx.cancelTimer(timer));
        }
    }

    private static void send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        response.putHeader(HttpHeaders.CACHE_CONTROL, answer.cacheControl())
                .putHeader(HttpHeaders.ETAG, answer.etag())
                .putHeader(HttpHeaders.VARY, "Accept-Encoding");
        if (answer.status() == 200 && answer.etag().equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        boolean gzip = answer.isCompressed() && accepted != null && accepted.contains("gzip");
        if (gzip) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        Buffer body = gzip ? answer.gzip() : answer.body();
        response.setStatusCode(answer.status()).putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }
}
