package dev.weir.topology.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weir.topology.login.Visitor;
import dev.weir.topology.view.CanaryAnswer;
import dev.weir.topology.view.CanaryDesk;
import dev.weir.topology.view.CanaryOrder;
import dev.weir.topology.view.CanaryOrder.Action;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said to canaries: {@code POST /api/v1/canaries/NAME/ACTION}. On event loops. Behind a gate an operator says it; without
 * one, whoever is on this machine and is no page from elsewhere.
 */
final class CanaryPosts {
    /** Who asks where nobody has to say, and how he proved it. */
    static final String ANYBODY = "anonymous";

    static final String NOTHING_PROVEN = "NONE";

    private static final Logger LOG = LoggerFactory.getLogger(CanaryPosts.class);
    private static final String CANARIES = "canaries/";
    private static final int BODY_BYTES_MAX = 4_096;
    private static final int TEXT_LENGTH_MAX = 300;
    private static final Problem FROM_ELSEWHERE = Problem.of(
            403,
            "Not allowed",
            "Nobody has to log in here, so that only this machine may tell canaries what to do: by its own dashboard, or"
                    + " weir canary. With a log-in (topology.oidc) operators may from anywhere.");
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final CanaryDesk desk;
    private final Refusals refusals;

    CanaryPosts(CanaryDesk desk, Refusals refusals) {
        this.desk = desk;
        this.refusals = refusals;
    }

    /** Which canary a path is about, and what it says to it. */
    record Target(String canary, Action action) {}

    /**
     * What a path means.
     *
     * @param path below {@code /api/v1/}, not decoded
     * @return empty where it is about no canary, or cannot be decoded
     */
    static Optional<Target> target(String path) {
        if (!path.startsWith(CANARIES)) {
            return Optional.empty();
        }
        try {
            return action(path).map(action -> new Target(name(path), action));
        } catch (Problem.Raised notDecoded) {
            return Optional.empty();
        }
    }

    private static String name(String path) {
        return Pages.decoded(path.substring(CANARIES.length(), path.lastIndexOf('/')));
    }

    /** @param path below {@code /api/v1/}, not decoded */
    static boolean isOne(String path) {
        return path.startsWith(CANARIES) && action(path).isPresent();
    }

    private static Optional<Action> action(String path) {
        String word = path.substring(path.lastIndexOf('/') + 1);
        return Arrays.stream(Action.values())
                .filter(action -> Json.camel(action).equals(word))
                .findFirst();
    }

    /**
     * Reads the request, which may be paused, and says what became of it.
     *
     * @param path one of these
     * @param visitor who asks, or {@code null} where nobody has to say
     */
    Future<Answer> answer(HttpServerRequest request, String path, @Nullable Visitor visitor) {
        Optional<Problem> refusal = wrongType(request);
        if (refusal.isEmpty() && visitor == null && !Neighbour.is(request)) {
            target(path).ifPresent(target -> refusals.stranger(request, target));
            refusal = Optional.of(FROM_ELSEWHERE);
        }
        if (refusal.isPresent()) {
            request.resume();
            return Future.succeededFuture(Answer.problem(refusal.get()));
        }
        Action action = action(path).orElseThrow();
        return body(request).compose(body -> {
            String name = name(path);
            Said said = said(body, action);
            CanaryOrder order = new CanaryOrder(
                    name,
                    action,
                    said.weight(),
                    said.reason(),
                    visitor == null ? ANYBODY : visitor.name(),
                    visitor == null ? NOTHING_PROVEN : "OIDC",
                    request.remoteAddress().hostAddress());
            return Future.fromCompletionStage(desk.tell(order)).map(answer -> told(order, answer));
        });
    }

    private static Optional<Problem> wrongType(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null
                && type.toLowerCase(Locale.ROOT).startsWith(Answer.JSON)) { // pages elsewhere cannot send that unasked
            return Optional.empty();
        }
        return Optional.of(new Problem(
                "Not understood", 415, "The body has to be JSON.", "Content-Type", String.valueOf(type), Answer.JSON));
    }

    private static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        request.handler(chunk -> {
            if (read.length() + chunk.length() > BODY_BYTES_MAX) {
                whole.tryFail(new Problem.Raised(
                        Problem.of(413, "Too long", "The body has more than " + BODY_BYTES_MAX + " bytes.")));
            } else {
                read.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(whole::tryFail);
        request.endHandler(end -> whole.tryComplete(read));
        request.resume();
        return whole.future();
    }

    /** What a body holds. */
    private record Body(@Nullable String weight, @Nullable String reason) {}

    private record Said(String weight, String reason) {}

    private static Said read(Buffer body) {
        try {
            Body read = body.length() == 0 ? new Body("", "") : MAPPER.readValue(body.getBytes(), Body.class);
            if (read != null) { // as it is where the body says null
                return new Said(
                        Objects.requireNonNullElse(read.weight(), ""), Objects.requireNonNullElse(read.reason(), ""));
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("what is said to a canary cannot be read");
        }
        throw new Problem.Raised(new Problem(
                "Not understood",
                400,
                "The body cannot be understood.",
                "body",
                body.toString(),
                "a JSON object with weight (with set) and reason, both texts"));
    }

    private static Said said(Buffer body, Action action) {
        Said said = read(body);
        if (action == Action.SET == said.weight().isEmpty()) {
            throw new Problem.Raised(Problem.badParameter(
                    "weight",
                    said.weight(),
                    action == Action.SET ? "a percentage, such as 10% or 0.5%" : "no weight; set takes one"));
        }
        if (said.reason().length() > TEXT_LENGTH_MAX) {
            throw new Problem.Raised(
                    Problem.badParameter("reason", said.reason(), "at most " + TEXT_LENGTH_MAX + " characters"));
        }
        return said;
    }

    private static Answer told(CanaryOrder order, CanaryAnswer answer) {
        if (answer instanceof CanaryAnswer.Obeyed obeyed) {
            return Answer.of(
                    200,
                    Answer.JSON,
                    Answer.NEVER,
                    Json.bytes(new Told(order.canary(), order.action(), obeyed.detail())));
        }
        if (answer instanceof CanaryAnswer.Refused refused) {
            return Answer.problem(Problem.of(409, "Refused", order.canary() + ": " + refused.reason()));
        }
        if (answer instanceof CanaryAnswer.UnknownCanary unknown) {
            return Answer.problem(Problem.notFound("canary", order.canary(), unknown.expected()));
        }
        if (answer instanceof CanaryAnswer.InvalidWeight invalid) {
            return Answer.problem(Problem.badParameter("weight", order.weight(), invalid.expected()));
        }
        return Answer.problem(Problem.of(503, "No answer", ((CanaryAnswer.Unanswered) answer).reason()));
    }

    /** That it was obeyed. */
    private record Told(String canary, Action action, String detail) {}

    /** All actions, for those who chose another. */
    static String actions() {
        return Arrays.stream(Action.values()).map(Json::camel).collect(Collectors.joining(", "));
    }
}
