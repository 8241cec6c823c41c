package dev.weir.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.view.Edge;
import dev.weir.topology.view.SchemaCoverage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaCoverageTextTest {
    @Test
    void allReasonsAreSaidHoweverManyThereAre() {
        Edge.Checked checked = Edge.Checked.of(
                48,
                20,
                Map.of(
                        "no-schema",
                        8L,
                        "framing",
                        4L,
                        "trailing-bytes",
                        4L,
                        "unknown-schema",
                        4L,
                        "other-subject",
                        3L));
        SchemaCoverage.Topic topic = new SchemaCoverage.Topic(
                "main",
                "orders",
                "",
                "orders",
                "schemas.yaml:4",
                "observe",
                "",
                48,
                checked,
                List.of(new SchemaCoverage.Flow("checkout", "", 48, checked)));
        assertThat(SchemaCoverageText.lines(new SchemaCoverage(0, 60_000, 1, 1, 48, checked, List.of(topic))))
                .endsWith("     no-schema 8, framing 4, trailing-bytes 4, unknown-schema 4,", "     other-subject 3")
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void whoWaitsForARegistryIsThereThoughNothingWasChecked() {
        Edge.Checked waiting = Edge.Checked.of(0, 0, Map.of("registry-down", 12L));
        SchemaCoverage.Topic topic = new SchemaCoverage.Topic(
                "main",
                "orders",
                "",
                "orders",
                "schemas.yaml:4",
                "reject",
                "",
                0,
                waiting,
                List.of(new SchemaCoverage.Flow("checkout", "", 0, waiting)));
        assertThat(SchemaCoverageText.lines(new SchemaCoverage(0, 60_000, 1, 1, 0, waiting, List.of(topic))))
                .containsExactly(
                        "1 of 1 topics that are written to are guarded by a schema",
                        "no record was checked in the last 1 min",
                        "",
                        "orders  reject, by orders (schemas.yaml:4)",
                        "  <- checkout",
                        "     registry-down 12");
    }
}
