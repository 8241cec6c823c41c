package dev.weir.cli.topology;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.topology.view.Freshness;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeshCommandsTest {
    private SampleMesh mesh;

    @BeforeEach
    void open() throws IOException {
        mesh = new SampleMesh();
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    private String shown(String... arguments) {
        Result result = ask(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(result.out()).as("no colours where there is no terminal").doesNotContain("\u001b");
        return result.out();
    }

    private Result ask(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--api";
        all[arguments.length + 1] = mesh.url() + "/";
        return weir(all);
    }

    @Test
    void topologyShowsWhoDoesWhatTopicByTopic() {
        String out = shown("topology");
        assertThat(out.lines().findFirst().orElseThrow())
                .endsWith("5 services, 3 topics, rates over 1 min; 99.50 % of records seen");
        assertThat(out)
                .contains("\norders  (main, team-checkout)\n")
                .containsPattern("  <- checkout +5.0/s +1.3 kB/s  p99 4 ms\n")
                .containsPattern("  -> payments v1 \\(payments-v1\\) +4.9/s +1.2 kB/s  late by 3.2 s\n")
                .containsPattern("  -> shipping \\(shipping-2\\) +0 +0  DENIED 1.0/s\n")
                .containsPattern("  -> analytics \\(analytics\\) +5.0/s +1.3 kB/s  would be denied\n")
                .containsPattern("  => mirror.orders in staging +5.0/s +1.3 kB/s  orders-to-staging\n")
                .containsPattern("  => aside +1.5/s +375 B/s  loses 3.5/s\n")
                .containsPattern(
                        "\nmirror.orders  \\(staging\\)\n  <= orders in main +5.0/s +1.3 kB/s  orders-to-staging\n")
                .containsPattern("around Weir\n  topic legacy +12 records that no proxy saw\n")
                .containsPattern(
                        "not searched for records that came around Weir\n  cluster archive +more targets of mirrors");
    }

    @Test
    void topologyAsJsonIsWhatTheMeshSaysWithNamesBesideIds() throws IOException {
        JsonNode json = new ObjectMapper().readTree(ask("topology", "--json").out());
        assertThat(json.path("nodes")).hasSize(8);
        assertThat(json.path("mirrors").get(0).path("toName").asText()).isEqualTo("mirror.orders");
        JsonNode first = json.path("edges").get(0);
        assertThat(first.path("from").asText()).isEqualTo("service:checkout");
        assertThat(first.path("fromName").asText()).isEqualTo("checkout");
        assertThat(first.path("toName").asText()).isEqualTo("orders");
        assertThat(first.path("recordsPerSecond").asDouble()).isEqualTo(5.0);
        assertThat(first.path("status").asText()).isEqualTo("flowing");
        assertThat(json.path("edges").get(3).path("status").asText()).isEqualTo("dryRunDenied");
    }

    @Test
    void namesThatAreNoNamesDoNoHarm() {
        String name = "\u001b[31mevil" + "x".repeat(200);
        mesh.answer(
                "/api/v1/topology",
                ViewJson.write(SampleMesh.topology())
                        .replace("\"name\" : \"orders\"", "\"name\" : \"" + name.replace("\u001b", "\\u001b") + "\""));
        assertThat(shown("topology")).contains("?[31mevil", "..");
    }

    @Test
    void schemaCoverageShowsWhoWritesWhatIsGuarded() throws IOException {
        String out = shown("schema", "coverage");
        assertThat(out)
                .startsWith("1 of 2 topics that are written to are guarded by a schema\n"
                        + "99.20 % of 500 records that were checked are valid, in the last 1 h\n")
                .contains("\norders  quarantine to orders.bad, by orders-schema (schemas.yaml:4)\n")
                .containsPattern("\n  <- checkout v2 +500 checked +4 bad  99.20 % valid\n     payload 3, no-schema 1\n")
                .contains("\nclicks  not guarded\n  <- User:bob\n");
        JsonNode json =
                new ObjectMapper().readTree(ask("schema", "coverage", "--json").out());
        assertThat(json.path("topics")
                        .get(0)
                        .path("flows")
                        .get(0)
                        .path("checked")
                        .path("invalid")
                        .asLong())
                .isEqualTo(4);
        assertThat(ask("schema", "coverage", "--window", "2h").err()).contains("--window is from 10s to 1h");
    }

    @Test
    void lagShowsGroupsAndObjectives() {
        String out = shown("lag");
        assertThat(out)
                .containsPattern("payments-v1 +STALLED +16 +3.2 s +6 d")
                .containsPattern("analytics-w.*\\.\\..*column *OK +0 +0 +6 d")
                .containsPattern("orders-in-time +payments-v1 +99.90 % +90.00 % +-9900 %  PAGE");
        assertThat(shown("lag", "payments-v1"))
                .startsWith("payments-v1  STALLED  payments  consumer\n")
                .containsPattern("orders/0 +STALLED +474 +490 +16 +3.2 s m1\n")
                .contains("payments-v1-1");
        assertThat(ask("lag", "nobody").err()).contains("no group nobody has been seen; these have: payments-v1, ");
    }

    @Test
    void lagAsJsonHasGroupsAndObjectives() throws IOException {
        JsonNode json = new ObjectMapper().readTree(ask("lag", "--json").out());
        assertThat(json.path("groups")).hasSize(2);
        assertThat(json.path("groups").get(0).path("lagMillis").asLong()).isEqualTo(3_200);
        assertThat(json.path("slos").get(0).path("alert").asText()).isEqualTo("page");
        JsonNode one =
                new ObjectMapper().readTree(ask("lag", "payments-v1", "--json").out());
        assertThat(one.path("groups")).hasSize(1);
    }

    @Test
    void whatIsOldIsCalledOld() {
        mesh.answer(Freshness.State.KAFKA_DOWN);
        assertThat(shown("topology")).contains("Kafka has not answered for 20 s: what follows is old.");
        assertThat(shown("lag")).contains("Kafka has not answered");
    }

    @Test
    void watchingEndsWhenItIsTold() {
        assertThat(shown("lag", "--watch", "--interval", "100ms", "--for", "350ms"))
                .containsPattern("group +status");
    }

    @Test
    void watchingGoesOnWhenTheMeshDoesNot() {
        mesh.close();
        Result result = ask("topology", "--watch", "--interval", "100ms", "--for", "350ms");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("nothing answers at", "Trying again.");
    }

    @Test
    void whatIsNoMeshIsSaidToBeNone() {
        mesh.answer("/api/v1/topology", "<html>");
        assertThat(ask("topology").exitCode()).isEqualTo(2);
        assertThat(ask("topology").err()).contains("is no topology of Weir");
        mesh.answer("/api/v1/topology", "{\"nodes\": 7}");
        assertThat(ask("topology").err()).contains("cannot read", "are both of one version?");
        assertThat(weir("lag", "--api", "nonsense").err()).contains("not a URL");
        assertThat(ask("topology", "--window", "1s").err()).contains("--window is from 10s to 1h");
    }
}
