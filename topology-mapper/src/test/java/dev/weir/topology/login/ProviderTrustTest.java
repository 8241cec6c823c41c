package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider whose certificate is signed by a private authority. */
class ProviderTrustTest {
    private static final URI URL = URI.create("http://127.0.0.1:1");

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private TestCa ca;
    private TestIdp idp;

    @BeforeEach
    void start() throws Exception {
        ca = TestCa.create(folder, "ca");
        idp = TestIdp.overTls(ca.issue(CertificateSpec.server()));
    }

    @AfterEach
    void stop() {
        idp.close();
        vertx.close().await();
    }

    private GatedApi serve(Path trust) {
        OidcSettings settings = idp.settings(URL, null, OidcSettings.SESSION_MILLIS_DEFAULT, trust);
        return new GatedApi(vertx, URL, TestIdp.gate(vertx, settings, Clock.systemUTC()));
    }

    @Test
    void whoIsTrustedMayLetPeopleAndProgramsIn() throws Exception {
        assertThat(idp.issuer()).hasScheme("https");
        try (GatedApi api = serve(ca.pem())) {
            HandBrowser browser = HandBrowser.trusting(ca.clientContext(), api, idp);
            assertThat(browser.logIn("ann", "platform").statusCode()).isEqualTo(302);
            assertThat(browser.get("/api/v1/lag").statusCode()).isEqualTo(200);

            HandBrowser program = HandBrowser.trusting(ca.clientContext(), api, idp);
            String token = idp.token(idp.issuer().toString(), "weir-api", List.of("platform"), 60)
                    .serialize();
            assertThat(program.get("/api/v1/lag", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoIsNotTrustedIsNotAskedAnything() throws Exception {
        TestCa other = TestCa.create(folder, "other");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        for (Path wrong : new Path[] {other.pem(), null, empty}) {
            try (GatedApi api = serve(wrong)) {
                HandBrowser browser = HandBrowser.trusting(ca.clientContext(), api, idp);
                assertThat(browser.page("/login").statusCode()).isEqualTo(503);
                assertThat(browser.get("/api/v1/lag", "Authorization", "Bearer x")
                                .statusCode())
                        .isEqualTo(503);
            }
        }
    }
}
