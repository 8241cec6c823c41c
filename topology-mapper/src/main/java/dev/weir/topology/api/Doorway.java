package dev.weir.topology.api;

import dev.weir.topology.login.Verdict;
import dev.weir.topology.login.Visitor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said to those who are not served, and to those who ask who they are. */
final class Doorway {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String RETRY_SECONDS = "5";
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Weir</title>
            <link rel="icon" href="/dashboard/icon.svg">
            <link rel="stylesheet" href="/dashboard/door.css">
            </head>
            <body>
            <main>
            <img src="/dashboard/icon.svg" alt="Weir">
            <h1>%s</h1>
            <p>%s</p>
            <a href="/login?again">Log in again</a>
            </main>
            </body>
            </html>
            """;

    private Doorway() {}

    /**
     * Who asks, for the page to show.
     *
     * @param role {@code viewer}, {@code operator}, or empty where nobody has to log in
     * @param logIn whether there is a log-in at all
     */
    record Me(String name, String role, boolean logIn) {
        static Me of(@Nullable Visitor visitor, boolean logIn) {
            return new Me(
                    visitor == null ? "" : visitor.name(),
                    visitor == null ? "" : visitor.role().map(Json::camel).orElse(""),
                    logIn);
        }
    }

    /** Answers a request that does not pass. */
    static void answer(HttpServerResponse response, Verdict verdict) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, Answer.NEVER);
        if (verdict instanceof Verdict.Go go) {
            go.cookies().forEach(response::addCookie);
            response.setStatusCode(302)
                    .putHeader(HttpHeaders.LOCATION, go.location())
                    .end();
        } else if (verdict instanceof Verdict.LoggedOut out) {
            out.cookies().forEach(response::addCookie);
            end(response, Answer.JSON, Json.bytes(Map.of("to", out.location())));
        } else if (verdict instanceof Verdict.Say say) {
            end(response, HTML, page(say.title(), say.detail()));
        } else if (verdict instanceof Verdict.Refuse refuse) {
            refuse.cookies().forEach(response::addCookie);
            response.setStatusCode(refuse.status());
            if (refuse.status() == 401) {
                response.putHeader("WWW-Authenticate", "Bearer realm=\"weir\"");
            }
            if (refuse.status() == 503) {
                response.putHeader("Retry-After", RETRY_SECONDS);
            }
            if (refuse.page()) {
                end(response, HTML, page(refuse.title(), refuse.detail()));
            } else {
                Problem problem = Problem.of(refuse.status(), refuse.title(), refuse.detail());
                end(response, Answer.PROBLEM, Json.bytes(problem));
            }
        }
    }

    private static void end(HttpServerResponse response, String type, byte[] body) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, type).end(io.vertx.core.buffer.Buffer.buffer(body));
    }

    private static byte[] page(String title, String detail) {
        return PAGE.formatted(escaped(title), escaped(detail)).getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
