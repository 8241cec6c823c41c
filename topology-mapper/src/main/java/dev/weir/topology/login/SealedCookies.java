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
        return cookie(purpose, seal.close(purpose, claims, clock.millis() + lifetimeMillis), lifetimeMillis);
    }

    /** Takes it out of the browser. */
    Cookie gone(String purpose) {
        return cookie(purpose, "", 0);
    }

    /** What was sealed for this purpose, if the request brings it and it holds. */
    Optional<JWTClaimsSet> in(HttpServerRequest request, String purpose) {
        Cookie cookie = request.getCookie(name(purpose));
        return cookie == null ? Optional.empty() : seal.open(purpose, cookie.getValue());
    }

    private String name(String purpose) {
        return (secure ? "__Host-weir-" : "weir-") + purpose;
    }

    /** Lax: it has to come along when the identity provider sends the browser back. */
    private Cookie cookie(String purpose, String value, long millis) {
        return Cookie.cookie(name(purpose), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(millis / 1_000);
    }
}
