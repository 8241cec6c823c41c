package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What programs show in place of a session, and what is no good token. */
class BearerTokenTest {
    private static final URI URL = URI.create("http://127.0.0.1:1");

    private static Vertx vertx;
    private static TestIdp idp;
    private static GatedApi api;

    private final HandBrowser program = new HandBrowser(api, idp);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        idp = new TestIdp(false);
        OidcSettings settings = idp.settings(URL, null, OidcSettings.SESSION_MILLIS_DEFAULT);
        api = new GatedApi(vertx, URL, TestIdp.gate(vertx, settings, Clock.systemUTC()));
    }

    @AfterAll
    static void stop() {
        api.close();
        vertx.close().await();
        idp.close();
    }

    private int bearer(String method, String token) throws Exception {
        return program.send(method, "/api/v1/lag", "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void aProgramShowsATokenOfItsOwn() throws Exception {
        List<String> viewer = List.of("platform");
        assertThat(bearer(
                        "GET", idp.token(TestIdp.REALM, "weir-api", viewer, 60).serialize()))
                .isEqualTo(200);
        assertThat(bearer(
                        "POST", idp.token(TestIdp.REALM, "weir-api", viewer, 60).serialize()))
                .isEqualTo(403);
        assertThat(bearer(
                        "POST",
                        idp.token(TestIdp.REALM, "weir-api", List.of("oncall"), 60)
                                .serialize()))
                .isEqualTo(405);
        assertThat(bearer(
                        "GET",
                        idp.token(TestIdp.REALM, "weir-api", List.of("marketing"), 60)
                                .serialize()))
                .isEqualTo(403);
    }

    @Test
    void aTokenThatIsNotForUsOrNotOfTheProviderIsRefused() throws Exception {
        List<String> viewer = List.of("platform");
        SignedJWT good = idp.token(TestIdp.REALM, "weir-api", viewer, 60);
        assertThat(bearer(
                        "GET",
                        idp.token(TestIdp.REALM, "another-api", viewer, 60).serialize()))
                .as("audience")
                .isEqualTo(401);
        assertThat(bearer(
                        "GET", idp.token("other-realm", "weir-api", viewer, 60).serialize()))
                .as("issuer")
                .isEqualTo(401);
        assertThat(bearer(
                        "GET",
                        idp.token(TestIdp.REALM, "weir-api", viewer, -120).serialize()))
                .as("expired")
                .isEqualTo(401);
        JWTClaimsSet claims = good.getJWTClaimsSet();
        assertThat(bearer("GET", new PlainJWT(claims).serialize()))
                .as("alg none")
                .isEqualTo(401);
        SignedJWT byMac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(good.getHeader().getKeyID())
                        .build(),
                claims);
        byMac.sign(new MACSigner(idp.publicKey().getEncoded()));
        assertThat(bearer("GET", byMac.serialize())).as("key confusion").isEqualTo(401);
        JWTClaimsSet lasting = new JWTClaimsSet.Builder(claims)
                .expirationTime(new Date(System.currentTimeMillis() + 86_400_000))
                .build();
        String[] parts = good.serialize().split("\\.");
        String changed = parts[0] + "." + lasting.toPayload().toBase64URL() + "." + parts[2];
        assertThat(bearer("GET", changed)).as("changed").isEqualTo(401);
        assertThat(bearer("GET", "x")).isEqualTo(401);
        assertThat(program.get("/api/v1/lag", "Authorization", "Basic YTpi").statusCode())
                .isEqualTo(401);
    }
}
