package dev.weir.cli.topology;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.cli.config.ConfigFile;
import dev.weir.testkit.idp.TestIdp;
import dev.weir.topology.api.ApiServer;
import dev.weir.topology.login.OidcGate;
import dev.weir.topology.login.OidcSettings;
import dev.weir.topology.view.CanaryDesk;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of somebody whom an identity provider knows, against a mesh that wants a log-in as its configuration says. */
class TokenFileTest {
    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final TestIdp idp = TestIdp.start();
    private ApiServer api;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(folder.resolve("policy"));
        Path config = Files.writeString(folder.resolve("weir.yaml"), """
                clusters: [{name: main, bootstrap: ["127.0.0.1:9092"]}]
                listeners: [{name: clients, bind: "127.0.0.1:9192"}]
                policy: {folder: policy}
                topology:
                  oidc:
                    issuer: ISSUER
                    clientId: weir
                    url: http://127.0.0.1:9191
                    rolesClaim: groups
                    viewers: [platform]
                    audience: weir-api
                """.replace("ISSUER", idp.issuer()));
        OidcSettings oidc = ConfigFile.read(config).topology().oidc();
        api = ApiServer.start(
                        vertx,
                        "127.0.0.1",
                        0,
                        SampleMesh.view(),
                        CanaryDesk.NONE,
                        new OidcGate(vertx, oidc, Clock.systemUTC()))
                .await();
    }

    @AfterEach
    void close() {
        api.close().await();
        vertx.close().await();
        idp.close();
    }

    private String url() {
        return "http://127.0.0.1:" + api.port();
    }

    private Path token(String audience, String group) throws IOException {
        return Files.writeString(
                folder.resolve("token.jwt"),
                idp.token(claims -> {
                            claims.setAudience(audience);
                            claims.setStringListClaim("groups", List.of(group));
                        })
                        + "\n");
    }

    private Result lag(Path tokenFile) {
        return weir("lag", "--api", url(), "--token-file", tokenFile.toString());
    }

    @Test
    void whoShowsAGoodTokenIsAnswered() throws IOException {
        Result result = lag(token("weir-api", "platform"));
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("payments-v1");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void othersAreToldWhatIsMissing() throws IOException {
        Result without = weir("lag", "--api", url());
        assertThat(without.err())
                .contains(
                        "answers with HTTP status 401: one has to log in; expected --token-file with a bearer token.");
        assertThat(without.exitCode()).isNotZero();
        assertThat(lag(token("another-api", "platform")).err())
                .contains(
                        "status 401: the token is not taken, or its bearer has no role there: {\"title\"",
                        "JWT aud claim rejected");
        assertThat(lag(token("weir-api", "marketing")).err()).contains("status 403: the token is not taken");
    }

    @Test
    void aTokenGoesNowhereWithoutTlsButOnThisMachine() throws IOException {
        Path token = token("weir-api", "platform");
        assertThat(weir("lag", "--api", "http://weir.example:9191", "--token-file", token.toString())
                        .err())
                .contains("a token would go to weir.example for everybody on the way to read; expected https://");
    }

    @Test
    void aFileWithoutATokenIsNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.jwt"), "\n");
        assertThat(lag(empty).err()).contains("the token file " + empty + " holds no bearer token");
        Path missing = folder.resolve("missing.jwt");
        assertThat(lag(missing).err()).contains("the token file " + missing + " cannot be read");
    }
}
