package dev.weir.topology.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.topology.sample.SampleCanaries;
import dev.weir.topology.sample.SampleMesh;
import dev.weir.topology.sample.SampleView;
import dev.weir.topology.view.ApiRefusal;
import dev.weir.topology.view.CanaryOrder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryPostsTest {
    private static final String PATH = "/api/v1/canaries/payment-3.2/";
    private static final String JSON = "Content-Type: application/json";

    private final SampleCanaries canaries = new SampleCanaries();
    private final List<ApiRefusal> refused = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private ApiServer api;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        api = ApiServer.start(vertx, "127.0.0.1", 0, new SampleView(SampleMesh.shop()), canaries, null, refused::add)
                .await();
    }

    @AfterEach
    void stop() {
        api.close().await();
        vertx.close().await();
    }

    @Test
    void whatIsSaidIsPassedOnWithWhoSaidIt() throws IOException {
        String answer = post(PATH + "set", "{\"weight\": \"25%\", \"reason\": \"it does well\"}", JSON);

        assertThat(answer).startsWith("HTTP/1.1 200");
        JsonNode told = new ObjectMapper().readTree(body(answer));
        assertThat(told.path("action").asText()).isEqualTo("set");
        assertThat(told.path("canary").asText()).isEqualTo("payment-3.2");
        assertThat(canaries.orders())
                .containsExactly(new CanaryOrder(
                        "payment-3.2",
                        CanaryOrder.Action.SET,
                        "25%",
                        "it does well",
                        "anonymous",
                        "NONE",
                        "127.0.0.1"));
    }

    @Test
    void aBodyMayBeEmptyWhereNothingHasToBeSaid() throws IOException {
        assertThat(post(PATH + "pause", "", JSON)).startsWith("HTTP/1.1 200");
        assertThat(post(PATH + "pause", "{}", JSON))
                .startsWith("HTTP/1.1 409")
                .contains("payment-3.2: nothing moves that could be paused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "payment-3.2/set | {\"weight\": \"ten\"} | 400 | a percentage from 0% to 100%",
                "payment-3.2/set | {} | 400 | a percentage, such as 10%",
                "payment-3.2/abort | {\"weight\": \"1%\"} | 400 | no weight; set takes one",
                "payment-3.2/abort | {\"because\": \"1\"} | 400 | a JSON object with weight",
                "payment-3.2/abort | null | 400 | a JSON object with weight",
                "payment-3.2/abort | {\"reason\" | 400 | a JSON object with weight",
                "payments/abort | {} | 404 | payment-3.2; did you mean that?",
                "slow/abort | {} | 503 | no controller of canaries has answered",
                "payment-3.2/end | {} | 405 | set, pause, resume, promote, abort",
                "%ZZ/abort | {} | 400 | percent-encoded",
            })
    void saysWhatIsWrong(String path, String body, String status, String said) throws IOException {
        assertThat(post("/api/v1/canaries/" + path.strip(), body.strip(), JSON))
                .startsWith("HTTP/1.1 " + status.strip())
                .contains(said.strip());
    }

    @Test
    void aLongBodyIsNotRead() throws IOException {
        assertThat(post(PATH + "abort", "{\"reason\": \"" + "x".repeat(301) + "\"}", JSON))
                .startsWith("HTTP/1.1 400");
        assertThat(post(PATH + "abort", "{\"reason\": \"" + "x".repeat(5_000) + "\"}", JSON))
                .startsWith("HTTP/1.1 413");
        assertThat(canaries.orders()).isEmpty();
    }

    @Test
    void aPageFromElsewhereCannotSayAnything() throws IOException {
        assertThat(post(PATH + "abort", "{}", "Content-Type: text/plain")).startsWith("HTTP/1.1 415");
        assertThat(post(PATH + "abort", "{}", JSON, "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(post(PATH + "abort", "{}", JSON, "Origin: null")).startsWith("HTTP/1.1 403");
        assertThat(post(PATH + "abort", "{}", JSON, "Sec-Fetch-Site: cross-site"))
                .startsWith("HTTP/1.1 403");
        assertThat(send("weir.evil.example", PATH + "abort", "{}", JSON))
                .as("a name that leads here")
                .startsWith("HTTP/1.1 403");
        assertThat(canaries.orders()).isEmpty();
        assertThat(post(PATH + "abort", "{}", JSON, "Origin: http://127.0.0.1:" + api.port()))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void whoIsRefusedIsTold() throws IOException {
        assertThat(post(PATH + "abort", "{}", JSON, "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(post("/api/v1/canaries/%ZZ/abort", "{}", JSON, "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(post(PATH + "abort", "{}", JSON)).startsWith("HTTP/1.1 200");
        assertThat(refused)
                .containsExactly(new ApiRefusal.Change(
                        "anonymous",
                        "NONE",
                        false,
                        "127.0.0.1",
                        "payment-3.2",
                        "abort",
                        "nobody has to log in, so that only this machine may"));
    }

    private String post(String path, String body, String... headers) throws IOException {
        return send("127.0.0.1:" + api.port(), path, body, headers);
    }

    private String send(String host, String path, String body, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            String request = "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: "
                    + body.length() + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }
}
