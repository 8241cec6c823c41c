package dev.weir.topology.login;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the API: who has a good session cookie or bearer token and the role that a request needs passes, browsers
 * are sent to log in, others are told to. Keeps nothing: a session is in its cookie, and so is a log-in that has begun.
 * Asks the provider on {@link ProviderThreads} only.
 */
public final class OidcGate {
    static final String LOG_IN = "/login";
    static final String CALLBACK = "/login/callback";
    static final String LOG_OUT = "/logout";

    private static final Logger LOG = LoggerFactory.getLogger(OidcGate.class);
    private static final String AGAIN = "again";
    /** What the pages for those outside are made with. */
    private static final Set<String> OPEN = Set.of("/dashboard/door.css", "/dashboard/icon.svg");

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final String SESSION = "session";
    private static final String BEGUN = "login";
    /** The ID token, which only a log-out needs: it is not sent with each request. */
    private static final String HINT = "hint";

    /** What browsers keep of a cookie is 4,096 bytes, name and attributes included. */
    private static final int HINT_LENGTH_MAX = 3_800;

    private static final long BEGUN_MILLIS = 600_000;
    private static final String BEARER = "bearer ";
    private static final Verdict LOGGED_OUT =
            new Verdict.Say("Logged out", "At the identity provider you may be logged in still.");

    private final ProviderThreads threads;
    private final FailureLog failures;
    private final OidcSettings settings;
    private final Provider provider;
    private final Roles roles;
    private final SealedCookies cookies;
    private final Clock clock;
    private final String origin;

    /** @param vertx whose loops call the gate; the gate's own threads end with it */
    public OidcGate(Vertx vertx, OidcSettings settings, Clock clock) {
        this(vertx, settings, clock, new Provider(settings, clock, Provider.TIMEOUT_MILLIS));
    }

    OidcGate(Vertx vertx, OidcSettings settings, Clock clock, Provider provider) {
        this.threads = new ProviderThreads(vertx);
        this.failures = new FailureLog(LOG, clock);
        this.settings = settings;
        this.provider = provider;
        this.roles = new Roles(settings);
        this.clock = clock;
        URI url = settings.url();
        this.origin = url.getScheme() + "://" + url.getRawAuthority();
        this.cookies = new SealedCookies(
                new Seal(settings.sessionKey(), clock), clock, url.getScheme().equals("https"));
    }

    /** What becomes of a request; never fails. On the request's event loop, and completes there. */
    public Future<Verdict> judge(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        return switch (path) {
            case LOG_IN ->
                reading(
                        request,
                        () -> begin(String.valueOf(request.getParam("to", "/")), request.getParam(AGAIN) != null));
            case CALLBACK -> reading(request, () -> finish(request));
            case LOG_OUT -> logOut(request);
            default -> visit(request, path);
        };
    }

    private Future<Verdict> reading(HttpServerRequest request, Callable<Verdict> answer) {
        return request.method().equals(HttpMethod.GET)
                ? blocking(answer, true, Turned.Why.BAD_LOG_IN)
                : Future.succeededFuture(refuse(405, "Method not allowed", "Only GET is answered here.", false));
    }

    /** @param failed what it is where the provider, or what came, says no */
    private Future<Verdict> blocking(Callable<Verdict> answer, boolean page, Turned.Why failed) {
        return threads.ask(answer).recover(failure -> {
            if (failure instanceof LogInFailure known) {
                failures.failed(known.detail());
                Verdict refusal = known.status() < 500
                        ? turn("", failed, known.status(), "Log-in failed", known.detail(), page)
                        : refuse(known.status(), "Log-in failed", known.detail(), page);
                return Future.succeededFuture(refusal);
            }
            LOG.atError().setCause(failure).log("a log-in failed");
            return Future.succeededFuture(refuse(500, "Log-in failed", "The log says why.", page));
        });
    }

    // ---- who comes in

    private Future<Verdict> visit(HttpServerRequest request, String path) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            return authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                    ? blocking(
                            () -> bearer(
                                    request,
                                    authorization.substring(BEARER.length()).strip()),
                            false,
                            Turned.Why.BAD_TOKEN)
                    : Future.succeededFuture(unknown(
                            request, "Only bearer tokens are taken.", Optional.of(Turned.Why.OTHER_CREDENTIALS)));
        }
        Optional<Visitor> visitor = session(request);
        if (visitor.isPresent()) {
            Verdict verdict = READING.contains(request.method()) || fromHere(request)
                    ? authorize(request, visitor.get())
                    : turn(
                            visitor.get().name(),
                            Turned.Why.ANOTHER_PAGE,
                            403,
                            "Refused",
                            "A request that changes something has to come from the dashboard.",
                            false);
            return Future.succeededFuture(verdict);
        }
        if (OPEN.contains(path) || (settings.metricsOpen() && path.equals("/metrics"))) {
            return Future.succeededFuture(new Verdict.Pass(Optional.empty()));
        }
        return Future.succeededFuture(unknown(request, "Log in, or send a bearer token.", Optional.empty()));
    }

    private Verdict bearer(HttpServerRequest request, String token) throws LogInFailure {
        Map<String, Object> claims = provider.bearer(token);
        return authorize(request, new Visitor(Names.of(claims), roles.of(claims), expiry(claims)));
    }

    private long expiry(Map<String, Object> claims) {
        return claims.get("exp") instanceof Date end ? end.toInstant().toEpochMilli() : clock.millis();
    }

    private Optional<Visitor> session(HttpServerRequest request) {
        return cookies.in(request, SESSION).map(OidcGate::visitor);
    }

    private static Visitor visitor(JWTClaimsSet claims) {
        try {
            String role = claims.getStringClaim("role");
            return new Visitor(
                    String.valueOf(claims.getSubject()),
                    role == null ? Optional.empty() : Optional.of(Role.valueOf(role)),
                    claims.getExpirationTime().toInstant().toEpochMilli());
        } catch (ParseException | IllegalArgumentException e) {
            return new Visitor("", Optional.empty(), 0);
        }
    }

    private Verdict authorize(HttpServerRequest request, Visitor visitor) {
        Role wanted = READING.contains(request.method()) ? Role.VIEWER : Role.OPERATOR;
        return visitor.may(wanted)
                ? new Verdict.Pass(Optional.of(visitor))
                : turn(
                        visitor.name(),
                        wanted == Role.VIEWER ? Turned.Why.NO_VIEWER : Turned.Why.NO_OPERATOR,
                        403,
                        "Not allowed",
                        noRole(visitor.name(), wanted),
                        wantsPage(request));
    }

    private static String noRole(String name, Role wanted) {
        return name + " is logged in, and has not the role of " + (wanted == Role.VIEWER ? "a viewer" : "an operator")
                + ", which the claims of the identity provider would have to give.";
    }

    /** @param why empty where nothing was tried */
    private Verdict unknown(HttpServerRequest request, String detail, Optional<Turned.Why> why) {
        if (wantsPage(request)) {
            return new Verdict.Go(LOG_IN + "?to=" + encoded(ReturnPath.of(request.uri())), List.of());
        }
        return why.map(failed -> turn("", failed, 401, "Not logged in", detail, false))
                .orElseGet(() -> refuse(401, "Not logged in", detail, false));
    }

    /** Whether a browser goes there, as against a script or a program that asks: some of those say they take HTML, too. */
    private static boolean wantsPage(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        if (path.startsWith("/api/") || path.equals("/metrics")) {
            return false;
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.method().equals(HttpMethod.GET) && accept != null && accept.contains("text/html");
    }

    /** Whether the dashboard itself asks, and not a page elsewhere in the name of whoever looks at it. */
    private boolean fromHere(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return origin.equals(request.getHeader(HttpHeaders.ORIGIN)) && (site == null || site.equals("same-origin"));
    }

    // ---- log-in and log-out

    /** @param again whether the provider is to ask who it is, though it may know */
    private Verdict begin(String to, boolean again) throws LogInFailure {
        State state = new State();
        Nonce nonce = new Nonce();
        CodeVerifier verifier = new CodeVerifier();
        String location = provider.logIn(state, nonce, verifier, again).toString();
        JWTClaimsSet.Builder begun = new JWTClaimsSet.Builder()
                .claim("state", state.getValue())
                .claim("nonce", nonce.getValue())
                .claim("verifier", verifier.getValue())
                .claim("to", ReturnPath.of(to));
        return new Verdict.Go(location, List.of(cookies.of(BEGUN, begun, BEGUN_MILLIS)));
    }

    private Verdict finish(HttpServerRequest request) throws LogInFailure {
        JWTClaimsSet begun = cookies.in(request, BEGUN)
                .orElseThrow(() -> new LogInFailure(
                        400, "This log-in was not begun in this browser, or it took longer than ten minutes."));
        String state = request.getParam("state");
        String issuer = request.getParam("iss");
        if (state == null || !same(state, text(begun, "state"))) {
            throw new LogInFailure(400, "This log-in is not the one that was begun last in this browser.");
        }
        if (issuer != null && !issuer.equals(settings.issuer().toString())) {
            throw new LogInFailure(400, "The answer is from another identity provider (RFC 9207).");
        }
        String error = request.getParam("error");
        String code = request.getParam("code");
        if (error != null || code == null || code.isEmpty()) {
            String why = error != null && error.matches("[a-z_]{1,40}") ? ": " + error : "";
            throw new LogInFailure(403, "The identity provider refused the log-in" + why + ".");
        }
        LoggedIn loggedIn =
                provider.redeem(code, new Nonce(text(begun, "nonce")), new CodeVerifier(text(begun, "verifier")));
        Optional<Role> role = roles.of(loggedIn.claims());
        String name = Names.of(loggedIn.claims());
        if (role.isEmpty()) {
            LOG.atWarn().addKeyValue("name", name).log("somebody without a role logged in");
            return new Verdict.Refuse(
                    403,
                    "Not allowed",
                    noRole(name, Role.VIEWER),
                    true,
                    List.of(cookies.gone(BEGUN)),
                    Optional.of(turned(name, Turned.Why.NO_VIEWER)));
        }
        JWTClaimsSet.Builder session = new JWTClaimsSet.Builder()
                .subject(name)
                .claim("role", role.get().name());
        LOG.atInfo().addKeyValue("name", name).addKeyValue("role", role.get()).log("somebody logged in");
        List<Cookie> all =
                new ArrayList<>(List.of(cookies.of(SESSION, session, settings.sessionMillis()), cookies.gone(BEGUN)));
        Cookie hint = cookies.of(
                HINT, LOG_OUT, new JWTClaimsSet.Builder().claim(HINT, loggedIn.idToken()), settings.sessionMillis());
        if (hint.getValue().length() <= HINT_LENGTH_MAX) {
            all.add(hint);
        }
        return new Verdict.Go(ReturnPath.of(text(begun, "to")), all);
    }

    /** Ends the session in any case, at once or after a short while: the provider may not know of it, or not answer. */
    private Future<Verdict> logOut(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            return Future.succeededFuture(session(request).isPresent() ? new Verdict.Go("/", List.of()) : LOGGED_OUT);
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return Future.succeededFuture(
                    refuse(405, "Method not allowed", "Only GET and POST are answered here.", false));
        }
        if (!fromHere(request)) {
            return Future.succeededFuture(refuse(403, "Refused", "A log-out has to come from the dashboard.", false));
        }
        String idToken = cookies.in(request, HINT, LOG_OUT).map(OidcGate::hint).orElse("");
        return threads.ask(() -> provider.logOut(idToken))
                .timeout(provider.timeoutMillis(), TimeUnit.MILLISECONDS)
                .otherwise(Optional.empty())
                .map(end -> new Verdict.LoggedOut(
                        end.map(URI::toString).orElse(LOG_OUT),
                        List.of(cookies.gone(SESSION), cookies.gone(BEGUN), cookies.gone(HINT, LOG_OUT))));
    }

    private static String hint(JWTClaimsSet claims) {
        return claims.getClaim(HINT) instanceof String idToken ? idToken : "";
    }

    private static Verdict refuse(int status, String title, String detail, boolean page) {
        return new Verdict.Refuse(status, title, detail, page, List.of(), Optional.empty());
    }

    /** Refuses what is to be remembered. */
    private Verdict turn(String name, Turned.Why why, int status, String title, String detail, boolean page) {
        return new Verdict.Refuse(status, title, detail, page, List.of(), Optional.of(turned(name, why)));
    }

    private Turned turned(String name, Turned.Why why) {
        return new Turned(name, settings.url().getScheme().equals("https"), why);
    }

    private static String text(JWTClaimsSet claims, String name) throws LogInFailure {
        try {
            String text = claims.getStringClaim(name);
            if (text != null) {
                return text;
            }
        } catch (ParseException e) {
            throw new LogInFailure(400, "This log-in cannot be read.", e);
        }
        throw new LogInFailure(400, "This log-in cannot be read.");
    }

    private static boolean same(String left, String right) {
        return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
