package dev.weir.topology.login;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.time.TestClock;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate before a real API, with an identity provider behind it: what people's browsers do, and attackers. */
class OidcGateTest {
    private static final byte[] KEY = new byte[OidcSettings.KEY_BYTES];
    private static final long SESSION_MILLIS = 3_600_000;
    private static final URI URL = URI.create("http://127.0.0.1:1");
    private static final TestClock CLOCK = TestClock.going();

    private static Vertx vertx;
    private static TestIdp idp;
    private static GatedApi api;

    private final HandBrowser browser = new HandBrowser(api, idp);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        idp = new TestIdp(false);
        api = serve(URL, KEY);
    }

    private static GatedApi serve(URI url, byte[] key) {
        OidcSettings settings = idp.settings(url, key, SESSION_MILLIS);
        return new GatedApi(vertx, url, TestIdp.gate(vertx, settings, CLOCK));
    }

    @AfterAll
    static void stop() {
        api.close();
        vertx.close().await();
        idp.close();
    }

    @BeforeEach
    void now() {
        CLOCK.ahead(Duration.ZERO);
    }

    // ---- who comes in

    @Test
    void aBrowserIsSentToLogInAndAProgramIsToldTo() throws Exception {
        assertThat(HandBrowser.location(browser.page("/?view=lag")).toString()).isEqualTo("/login?to=%2F%3Fview%3Dlag");

        HttpResponse<String> asked = browser.page("/api/v1/topology");
        assertThat(asked.statusCode()).isEqualTo(401);
        assertThat(asked.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"weir\"");
        assertThat(asked.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        for (String path :
                List.of("/api/v1/events", "/api/v1/audit", "/dashboard/main.js", "/openapi.yaml", "/nowhere")) {
            assertThat(browser.get(path).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(browser.get("/metrics").statusCode())
                .as("open by configuration")
                .isEqualTo(200);
    }

    @Test
    void whoLoggedInComesBackWhereHeWasAndIsKnownByEveryInstance() throws Exception {
        HttpResponse<String> back = browser.logIn("ann", "platform");

        assertThat(HandBrowser.location(back).toString()).isEqualTo("/?view=lag");
        assertThat(back.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("weir-session=")
                        .contains("HTTPOnly", "SameSite=Lax", "Path=/", "Max-Age=3600"));
        assertThat(browser.get("/api/v1/topology").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/v1/me").body()).isEqualTo("{\"name\":\"ann\",\"role\":\"viewer\",\"logIn\":true}");

        for (byte[] key : List.of(KEY, new byte[] {1})) {
            try (GatedApi other = serve(URL, Arrays.copyOf(key, OidcSettings.KEY_BYTES))) {
                HandBrowser there = new HandBrowser(other, idp);
                there.cookies.putAll(browser.cookies);
                assertThat(there.get("/api/v1/lag").statusCode()).isEqualTo(key.length == 1 ? 401 : 200);
            }
        }
    }

    @Test
    void aSessionEnds() throws Exception {
        browser.logIn("ann", "platform");
        CLOCK.ahead(Duration.ofMillis(SESSION_MILLIS + 1));

        assertThat(browser.get("/api/v1/topology").statusCode()).isEqualTo(401);
        assertThat(HandBrowser.location(browser.page("/")).toString()).startsWith("/login?to=");
    }

    @Test
    void aStreamEndsWithItsSession() throws Exception {
        CLOCK.ahead(Duration.ofMillis(-SESSION_MILLIS)); // over by the clock on the wall as soon as it begins
        browser.logIn("ann", "platform");
        CompletableFuture<HttpResponse<String>> stream = browser.begin("/api/v1/events");

        awaitAnswer().until(stream::isDone);
        assertThat(stream.join().statusCode()).isEqualTo(200);
        assertThat(stream.join().body()).contains("event: status");
    }

    @Test
    void whoHasNoRoleIsToldSoAndGetsNoSession() throws Exception {
        HttpResponse<String> back = browser.logIn("<b>bob</b>", "marketing");

        assertThat(back.statusCode()).isEqualTo(403);
        assertThat(back.body()).contains("&lt;b&gt;bob&lt;/b&gt; is logged in, and has not the role of a viewer");
        assertThat(browser.cookies).isEmpty();
        assertThat(HandBrowser.location(browser.get("/login?again")).getQuery())
                .as("as somebody else, perhaps")
                .contains("prompt=login");
        assertThat(HandBrowser.location(browser.get("/login")).getQuery()).doesNotContain("prompt");
        for (String path : List.of("/dashboard/door.css", "/dashboard/icon.svg")) {
            assertThat(browser.get(path).statusCode())
                    .as("what that page is made with")
                    .isEqualTo(200);
        }
    }

    // ---- attacks on the log-in

    @Test
    void aStateOfAnotherBrowserOrOfNoneIsRefused() throws Exception {
        String callback = browser.callback("/");
        Map<String, String> own = Map.copyOf(browser.cookies);
        browser.cookies.clear();
        HttpResponse<String> without = browser.get(callback);
        assertThat(without.statusCode()).isEqualTo(400);
        assertThat(without.body()).contains("was not begun in this browser");

        browser.cookies.putAll(own);
        String forged = callback.replaceAll("state=[^&]*", "state=forged");
        assertThat(browser.get(forged).statusCode()).isEqualTo(400);
        String stateless = callback.replaceAll("&?state=[^&]*", "");
        assertThat(browser.get(stateless).statusCode()).isEqualTo(400);
        String elsewhere = callback + "&iss=https%3A%2F%2Fevil.example";
        assertThat(browser.get(elsewhere).statusCode()).isEqualTo(400);
        assertThat(browser.cookies).doesNotContainKey("weir-session");
    }

    @Test
    void aTokenOfAnotherLogInIsRefused() throws Exception {
        idp.next("ann", List.of("platform"), Map.of("nonce", "of-another-log-in"));
        HttpResponse<String> back = browser.get(browser.callback("/"));

        assertThat(back.statusCode()).isEqualTo(403);
        assertThat(browser.cookies).doesNotContainKey("weir-session");
    }

    @Test
    void aSessionIsNoBegunLogInAndTheOtherWayRound() throws Exception {
        browser.logIn("ann", "platform");
        String session = browser.cookies.get("weir-session");
        String callback = browser.callback("/");
        String begun = browser.cookies.get("weir-login");
        browser.cookies.put("weir-login", session);
        assertThat(browser.get(callback).statusCode()).isEqualTo(400);
        browser.cookies.put("weir-session", begun);
        assertThat(browser.get("/api/v1/lag").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/", "//evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"})
    void aLogInLeadsNowhereElse(String to) throws Exception {
        idp.next("ann", List.of("platform"), Map.of());
        HttpResponse<String> back = browser.get(browser.callback(to));

        assertThat(HandBrowser.location(back).toString()).isEqualTo("/");
        assertThat(back.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("a="));
    }

    @Test
    void aRefusalOfTheProviderIsToldInItsOwnWord() throws Exception {
        URI atProvider = HandBrowser.location(browser.get("/login"));
        String state = atProvider.getQuery().replaceAll(".*state=([^&]*).*", "$1");
        HttpResponse<String> back = browser.get("/login/callback?error=access_denied&state=" + OidcGate.encoded(state));
        assertThat(back.statusCode()).isEqualTo(403);
        assertThat(back.body()).contains("refused the log-in: access_denied");
        HttpResponse<String> marked =
                browser.get("/login/callback?error=%3Cscript%3E&state=" + OidcGate.encoded(state));
        assertThat(marked.body()).doesNotContain("script");
    }

    // ---- what changes something

    @Test
    void whatChangesSomethingWantsAnOperatorAndThePageItself() throws Exception {
        browser.logIn("ann", "platform");
        String own = URL.toString();
        assertThat(browser.send("POST", "/api/v1/canaries", "Origin", own).statusCode())
                .as("a viewer")
                .isEqualTo(403);
        browser.cookies.clear();
        browser.logIn("olga", "oncall");
        assertThat(browser.get("/api/v1/me").body()).contains("\"role\":\"operator\"");
        assertThat(browser.send("POST", "/api/v1/canaries").statusCode())
                .as("no origin")
                .isEqualTo(403);
        assertThat(browser.send("POST", "/api/v1/canaries", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.send("POST", "/api/v1/canaries", "Origin", "null").statusCode())
                .isEqualTo(403);
        assertThat(browser.send("DELETE", "/api/v1/canaries", "Origin", own, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.send("POST", "/api/v1/canaries", "Origin", own).statusCode())
                .as("passes; there is nothing to change at this path")
                .isEqualTo(405);
        String pause = "/api/v1/canaries/payments/pause";
        assertThat(browser.send("POST", pause, "Origin", own, "Content-Type", "application/json")
                        .statusCode())
                .as("passes; there is no such canary")
                .isEqualTo(404);
    }

    @Test
    void onlyThePageItselfLogsOut() throws Exception {
        browser.logIn("ann", "platform");
        assertThat(HandBrowser.location(browser.get("/logout"))).hasToString("/");
        assertThat(browser.send("PUT", "/logout").statusCode()).isEqualTo(405);
        assertThat(browser.send("POST", "/logout", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.cookies).containsKey("weir-session");

        HttpResponse<String> out = browser.send("POST", "/logout", "Origin", URL.toString());
        assertThat(out.statusCode()).isEqualTo(200);
        assertThat(out.body()).contains("endsession", "post_logout_redirect_uri=", "id_token_hint=ey");
        assertThat(browser.cookies).isEmpty();
        assertThat(browser.get("/api/v1/lag").statusCode()).isEqualTo(401);
    }

    @Test
    void whoLogsOutOfAnInstanceThatNeverAskedTheProviderIsLoggedOutThereToo() throws Exception {
        browser.logIn("ann", "platform");
        try (GatedApi other = serve(URL, KEY)) {
            HandBrowser there = new HandBrowser(other, idp);
            there.cookies.putAll(browser.cookies);
            HttpResponse<String> out = there.send("POST", "/logout", "Origin", URL.toString());

            assertThat(out.body()).contains("endsession", "post_logout_redirect_uri=");
            assertThat(there.cookies).isEmpty();
        }
    }

    @Test
    void aNameIsShownWithoutWhatATerminalWouldObey() throws Exception {
        browser.logIn("ann\u001b[31m\r\nroot\u202e" + "x".repeat(200), "platform");

        assertThat(browser.get("/api/v1/me").body())
                .contains("\"ann?[31m??root?x", "xxx\"")
                .hasSizeLessThan(160);
    }

    // ---- cookies where browsers come over https

    @Test
    void behindTlsCookiesAreSentOverNothingElseAndBoundToTheHost() throws Exception {
        URI outside = URI.create("https://weir.example");
        try (GatedApi secure = serve(outside, KEY)) {
            HandBrowser there = new HandBrowser(secure, idp);
            assertThat(setCookies(there.get("/login")))
                    .singleElement()
                    .satisfies(cookie -> assertBound(cookie, "__Host-weir-login=", "Max-Age=600"));
            HttpResponse<String> back = there.logIn("ann", "platform");
            assertThat(setCookies(back))
                    .anySatisfy(cookie -> assertBound(cookie, "__Host-weir-session=", "Max-Age=3600"))
                    .anySatisfy(cookie -> assertBound(cookie, "__Host-weir-login=", "Max-Age=0"))
                    .anySatisfy(cookie -> assertThat(cookie)
                            .as("only a log-out needs it")
                            .startsWith("__Secure-weir-hint=")
                            .contains("; Secure", "; HTTPOnly", "; SameSite=Lax", "; Path=/logout", "Max-Age=3600"))
                    .hasSize(3);
            assertThat(there.get("/api/v1/lag").statusCode()).isEqualTo(200);

            String session = there.cookies.remove("__Host-weir-session");
            there.cookies.put("weir-session", session);
            assertThat(there.get("/api/v1/lag").statusCode())
                    .as("a name that another host of the domain, or one without TLS, could set")
                    .isEqualTo(401);
            there.cookies.put("__Host-weir-session", session);
            assertThat(setCookies(there.send("POST", "/logout", "Origin", outside.toString())))
                    .hasSize(3)
                    .allSatisfy(cookie -> assertThat(cookie).contains("Max-Age=0"))
                    .filteredOn(cookie -> !cookie.contains("-hint="))
                    .allSatisfy(cookie -> assertBound(cookie, "__Host-weir-", "Max-Age=0"));
        }
    }

    private static List<String> setCookies(HttpResponse<String> response) {
        return response.headers().allValues("Set-Cookie");
    }

    /** What a browser wants of a {@code __Host-} cookie: without it, it would not take it at all. */
    private static void assertBound(String cookie, String start, String age) {
        assertThat(cookie)
                .startsWith(start)
                .contains("; Secure", "; HTTPOnly", "; SameSite=Lax", "; Path=/", age)
                .doesNotContain("Domain");
    }
}
