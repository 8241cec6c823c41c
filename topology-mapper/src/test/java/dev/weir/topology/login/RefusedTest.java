package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.view.ApiRefusal;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who was turned away is told, in words that whoever is not known has no say in. */
class RefusedTest {
    private static final URI URL = URI.create("http://127.0.0.1:1");
    private static final String LAG = "/api/v1/lag";
    private static final String ABORT = "/api/v1/canaries/payments%20v2/abort";
    private static final String HERE = "127.0.0.1";
    private static final List<ApiRefusal> REFUSED = new CopyOnWriteArrayList<>();

    private static Vertx vertx;
    private static TestIdp idp;
    private static GatedApi api;

    private final HandBrowser program = new HandBrowser(api, idp);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        idp = new TestIdp(false);
        OidcSettings settings = idp.settings(URL, null, OidcSettings.SESSION_MILLIS_DEFAULT);
        api = new GatedApi(vertx, URL, TestIdp.gate(vertx, settings, Clock.systemUTC()), REFUSED::add);
    }

    @AfterAll
    static void stop() {
        api.close();
        vertx.close().await();
        idp.close();
    }

    @BeforeEach
    void forget() {
        REFUSED.clear();
    }

    @Test
    void aTokenThatIsNotTakenIsAFailedLogIn() throws Exception {
        assertStatus(401, send("GET", LAG, "Bearer x"));
        assertStatus(401, send("POST", ABORT, "Bearer " + token("another-api", "oncall")));
        assertStatus(401, send("GET", LAG, "Basic YTpi"));
        assertThat(REFUSED)
                .containsExactly(
                        new ApiRefusal.LogIn("", false, HERE, "its bearer token is not taken"),
                        new ApiRefusal.LogIn("", false, HERE, "its bearer token is not taken"),
                        new ApiRefusal.LogIn("", false, HERE, "only bearer tokens are taken"));
    }

    @Test
    void whoHasNoRoleAtAllIsNotLetIn() throws Exception {
        assertStatus(403, send("GET", LAG, "Bearer " + token("weir-api", "marketing")));
        assertStatus(403, program.logIn("eve", "marketing"));
        assertThat(REFUSED)
                .containsExactly(
                        new ApiRefusal.LogIn("robot", false, HERE, "has not the role of a viewer"),
                        new ApiRefusal.LogIn("eve", false, HERE, "has not the role of a viewer"));
    }

    @Test
    void whoMayOnlyLookMayTellNoCanary() throws Exception {
        String viewer = "Bearer " + token("weir-api", "platform");
        assertStatus(403, send("POST", ABORT, viewer));
        assertStatus(403, send("DELETE", LAG, viewer));
        String reason = "has not the role of an operator";
        assertThat(REFUSED)
                .containsExactly(
                        new ApiRefusal.Change("robot", "OIDC", false, HERE, "payments v2", "abort", reason),
                        new ApiRefusal.Change("robot", "OIDC", false, HERE, "", "", reason));
    }

    @Test
    void aPageFromElsewhereTellsNoCanaryInTheNameOfWhoeverLooksAtIt() throws Exception {
        assertStatus(302, program.logIn("ann", "oncall"));
        assertStatus(403, program.send("POST", ABORT, "Origin", "http://evil.example"));
        String reason = "the request did not come from the dashboard";
        assertThat(REFUSED)
                .containsExactly(new ApiRefusal.Change("ann", "OIDC", false, HERE, "payments v2", "abort", reason));
    }

    @Test
    void whoShowsNothingHasTriedNothing() throws Exception {
        assertStatus(401, program.get(LAG));
        assertStatus(200, send("GET", LAG, "Bearer " + token("weir-api", "platform")));
        assertThat(REFUSED).isEmpty();
    }

    private HttpResponse<?> send(String method, String path, String authorization) throws Exception {
        return program.send(method, path, "Authorization", authorization);
    }

    private static String token(String audience, String group) {
        return idp.token(TestIdp.REALM, audience, List.of(group), 60).serialize();
    }

    private static void assertStatus(int status, HttpResponse<?> response) {
        assertThat(response.statusCode()).isEqualTo(status);
    }
}
