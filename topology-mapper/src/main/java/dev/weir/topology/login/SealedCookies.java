package dev.weir.topology.login;

import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Optional;

/**
 * What a browser keeps for this server: sealed, out of the reach of scripts, and where there is TLS, sent over nothing else
 * and bound to this very host (RFC 6265bis).
 */
final class SealedCookies {
    private static final String ROOT = "/";

    private final Seal seal;
    private final Clock clock;
    private final boolean secure;

    /** @param secure whether browsers come over https */
    SealedCookies(Seal seal, Clock clock, boolean secure) {
        this.seal = seal;
        this.clock = clock;
        this.secure = secure;
    }

    Cookie of(String purpose, JWTClaimsSet.Builder claims, long lifetimeMillis) {
        return of(purpose, ROOT, claims, lifetimeMillis);
    }

    /** One that is sent to this path alone. */
    Cookie of(String purpose, String path, JWTClaimsSet.Builder claims, long lifetimeMillis) {
        return cookie(purpose, path, seal.close(purpose, claims, clock.millis() + lifetimeMillis), lifetimeMillis);
    }

    /** Takes it out of the browser. */
    Cookie gone(String purpose) {
        return gone(purpose, ROOT);
    }

    Cookie gone(String purpose, String path) {
        return cookie(purpose, path, "", 0);
    }

    /** What was sealed for this purpose, if the request brings it and it holds. */
    Optional<JWTClaimsSet> in(HttpServerRequest request, String purpose) {
        return in(request, purpose, ROOT);
    }

    Optional<JWTClaimsSet> in(HttpServerRequest request, String purpose, String path) {
        Cookie cookie = request.getCookie(name(purpose, path));
        return cookie == null ? Optional.empty() : seal.open(purpose, cookie.getValue());
    }

    /** What is bound to this very host is so for all of its paths. */
    private String name(String purpose, String path) {
        String prefix = path.equals(ROOT) ? "__Host-" : "__Secure-";
        return (secure ? prefix : "") + "weir-" + purpose;
    }

    /** Lax: it has to come along when the identity provider sends the browser back. */
    private Cookie cookie(String purpose, String path, String value, long millis) {
        return Cookie.cookie(name(purpose, path), value)
                .setPath(path)
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(millis / 1_000);
    }
}
