package dev.weir.topology.login;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.weir.testkit.time.TestClock;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An identity provider that cannot be reached, that hangs, and that goes away. */
class ProviderAwayTest {
    private static final URI URL = URI.create("http://127.0.0.1:1");
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1/nowhere");
    private static final SecretKey KEY = new SecretKeySpec(new byte[OidcSettings.KEY_BYTES], "AES");
    private static final int TOO_MANY = 6;
    private static final String LAG = "/api/v1/lag";

    /** As few as can be: one that waited for the provider would be missed. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1));

    private final TestIdp idp = new TestIdp(false);
    private final TestClock clock = TestClock.going();

    @AfterEach
    void stop() {
        vertx.close().await();
        idp.close();
    }

    private GatedApi serve(URI issuer) {
        OidcSettings settings = new OidcSettings(
                issuer,
                TestIdp.CLIENT,
                null,
                URL,
                List.of(),
                "groups",
                Set.of("platform"),
                Set.of("oncall"),
                "weir-api",
                KEY,
                OidcSettings.SESSION_MILLIS_DEFAULT,
                null,
                false);
        return new GatedApi(vertx, URL, TestIdp.gate(vertx, settings, clock));
    }

    /** The session of somebody who logged in before. */
    private static String session() {
        return new Seal(KEY, Clock.systemUTC())
                .close(
                        "session",
                        new JWTClaimsSet.Builder().subject("ann").claim("role", "VIEWER"),
                        System.currentTimeMillis() + OidcSettings.SESSION_MILLIS_DEFAULT);
    }

    @Test
    void whileItIsAwayNobodyGetsInAndWhoIsInStays() throws Exception {
        try (GatedApi api = serve(NOWHERE)) {
            HandBrowser browser = new HandBrowser(api, idp);
            HttpResponse<String> refused = browser.page("/login");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(refused.body()).contains("The identity provider " + NOWHERE + " does not say how to log in");
            assertThat(browser.get(LAG, "Authorization", "Bearer x").statusCode())
                    .isEqualTo(503);
            assertThat(browser.get("/metrics").statusCode()).isEqualTo(401);

            browser.cookies.put("weir-session", session());
            assertThat(browser.get(LAG).statusCode()).isEqualTo(200);
            assertThat(browser.send("POST", "/logout", "Origin", URL.toString()).body())
                    .as("logged out here, and told so")
                    .isEqualTo("{\"to\":\"/logout\"}");
            assertThat(browser.cookies).isEmpty();
            assertThat(browser.get("/logout").body()).contains("Logged out", "you may be logged in still");
        }
    }

    @Test
    void whileItHangsTheApiAnswersAndTheLineIsNotEndless() throws Exception {
        try (HangingProvider hanging = new HangingProvider();
                GatedApi api = serve(hanging.issuer())) {
            HandBrowser browser = new HandBrowser(api, idp);
            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < ProviderThreads.QUESTIONS_MAX + TOO_MANY; i++) {
                waiting.add(browser.begin("/login"));
            }
            awaitAnswer().until(() -> answered(waiting).size() == TOO_MANY && hanging.held() > 0);
            HandBrowser inside = new HandBrowser(api, idp);
            inside.cookies.put("weir-session", session());

            assertThat(inside.get(LAG).statusCode()).isEqualTo(200);
            assertThat(answered(waiting))
                    .as("the others wait still")
                    .hasSize(TOO_MANY)
                    .allSatisfy(answer -> assertThat(answer.body()).contains("Too many wait"));
            assertThat(hanging.held()).as("one asks for all").isEqualTo(1);

            hanging.hangUp();
            awaitAnswer().until(() -> answered(waiting).size() == waiting.size());
            assertThat(answered(waiting))
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(503));
        }
    }

    private static List<HttpResponse<String>> answered(List<CompletableFuture<HttpResponse<String>>> all) {
        return all.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
    }

    @Test
    void whenItGoesItsLastKeysServe() throws Exception {
        String token =
                idp.token(TestIdp.REALM, "weir-api", List.of("platform"), 3_600).serialize();
        try (GatedApi api = serve(idp.issuer())) {
            HandBrowser program = new HandBrowser(api, idp);
            assertThat(program.get(LAG, "Authorization", "Bearer " + token).statusCode())
                    .isEqualTo(200);
            idp.close();

            assertThat(program.get(LAG, "Authorization", "Bearer " + token).statusCode())
                    .isEqualTo(200);
            assertThat(program.page("/login").statusCode())
                    .as("the browser sees for itself that nobody is there")
                    .isEqualTo(302);
        }
    }
}
