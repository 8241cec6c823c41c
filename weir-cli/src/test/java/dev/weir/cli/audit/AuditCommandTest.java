package dev.weir.cli.audit;

import static dev.weir.cli.CommandLineHarness.weir;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.cli.CommandLineHarness.Result;
import dev.weir.cli.topology.SampleMesh;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditCommandTest {
    private SampleMesh mesh;

    @BeforeEach
    void open() throws IOException {
        mesh = new SampleMesh();
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    @Test
    void oneLineSaysWhoDidWhatByWhichRule() {
        Result result = weir("audit", "--api", mesh.url());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().map(line -> line.substring(21)))
                .containsExactly(
                        "policy   -                  26b6c8c0ffee26 is in force (by Ann <ann@shop.example>)",
                        "log-in   checkout           by PLAIN over TLS on internal from 10.1.2.3",
                        "DENIED   shipping           read topic orders by orders/not-shipping (orders.yaml:13) of"
                                + " 26b6c8c0ffee26 from 10.1.2.3",
                        "NO ENTRY User:intruder      by PLAIN over TLS on internal from 10.1.2.3: Invalid username or"
                                + " password  x7");
    }

    @Test
    void asJsonEachLineIsAnObject() throws IOException {
        List<String> lines =
                weir("audit", "--json", "--api", mesh.url()).out().lines().toList();

        assertThat(lines).hasSize(4);
        JsonNode denied = new ObjectMapper().readTree(lines.get(2));
        assertThat(denied.path("kind").asText()).isEqualTo("denied");
        assertThat(denied.path("ruleAt").asText()).isEqualTo("orders.yaml:13");
    }

    @Test
    void watchingGoesOnUntilItsTimeIsOver() {
        Result result = weir("audit", "--watch", "--for", "1s", "--api", mesh.url());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSizeGreaterThanOrEqualTo(4);
    }
}
