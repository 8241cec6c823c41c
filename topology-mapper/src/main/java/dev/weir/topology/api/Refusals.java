package dev.weir.topology.api;

import dev.weir.topology.login.Turned;
import dev.weir.topology.login.Verdict;
import dev.weir.topology.view.ApiRefusal;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells of those who were not let in, or may not do what they asked for. On event loops. */
final class Refusals {
    private final Consumer<ApiRefusal> told;

    /** @param told at once, on event loops; must not block */
    Refusals(Consumer<ApiRefusal> told) {
        this.told = told;
    }

    /** A gate said so. */
    void gate(HttpServerRequest request, Verdict.Refuse refuse) {
        refuse.turned().map(turned -> refusal(request, turned)).ifPresent(told);
    }

    private static ApiRefusal refusal(HttpServerRequest request, Turned turned) {
        String source = request.remoteAddress().hostAddress();
        String reason = turned.why().words();
        if (!turned.why().isIn()) {
            return new ApiRefusal.LogIn(turned.name(), turned.tls(), source, reason);
        }
        Optional<CanaryPosts.Target> target = CanaryPosts.target(below(request));
        return new ApiRefusal.Change(
                turned.name(),
                "OIDC",
                turned.tls(),
                source,
                target.map(CanaryPosts.Target::canary).orElse(""),
                target.map(to -> Json.camel(to.action())).orElse(""),
                reason);
    }

    /** There is no gate, and it is somebody from elsewhere. */
    void stranger(HttpServerRequest request, CanaryPosts.Target target) {
        told.accept(new ApiRefusal.Change(
                CanaryPosts.ANYBODY,
                CanaryPosts.NOTHING_PROVEN,
                false,
                request.remoteAddress().hostAddress(),
                target.canary(),
                Json.camel(target.action()),
                "nobody has to log in, so that only this machine may"));
    }

    private static String below(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        return path.startsWith(ApiServer.API) ? path.substring(ApiServer.API.length()) : "";
    }
}
