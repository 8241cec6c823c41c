package dev.weir.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Alert rules and the Grafana dashboard ask for metrics that there are. */
class MonitoringFilesTest {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");

    @Test
    void rulesAreWholeAndAskForWhatThereIs() throws IOException {
        String text = Files.readString(DEPLOY.resolve("prometheus/weir-rules.yaml"));
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
        JsonNode groups = new ObjectMapper().valueToTree(loaded).path("groups");
        Set<String> names = new HashSet<>();
        for (JsonNode group : groups) {
            for (JsonNode rule : group.path("rules")) {
                String alert = rule.path("alert").asText();
                assertThat(names.add(alert)).as(alert).isTrue();
                assertThat(rule.path("labels").path("severity").asText())
                        .as(alert)
                        .isIn("page", "ticket");
                assertThat(rule.path("annotations").path("summary").asText())
                        .as(alert)
                        .isNotBlank();
                assertKnown(rule.path("expr").asText());
                assertHeading(rule.path("annotations").path("runbook").asText());
            }
        }
        assertThat(names).hasSizeGreaterThan(10);
    }

    /** A link into the page for operators leads to a heading that is there. */
    private static void assertHeading(String runbook) throws IOException {
        if (!runbook.isEmpty()) {
            List<String> anchors = Files.readAllLines(OPERATIONS).stream()
                    .filter(line -> line.startsWith("#"))
                    .map(line -> line.replaceFirst("#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9 -]", "")
                            .replace(' ', '-'))
                    .toList();
            assertThat(anchors).contains(runbook.substring(runbook.indexOf('#') + 1));
        }
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(DEPLOY.resolve("grafana/weir.json").toFile());
        Set<Integer> ids = new HashSet<>();
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asText()));
        }
        assertThat(expressions).hasSizeGreaterThan(15).allSatisfy(MonitoringFilesTest::assertKnown);
    }

    private static void assertKnown(String expression) {
        Set<String> known = new TreeSet<>(MetricNames.ofProxy());
        known.addAll(MetricNames.ofTopology());
        assertThat(MetricNames.in(expression)).as(expression).isNotEmpty().isSubsetOf(known);
        assertThat(expression.chars().filter(letter -> letter == '(').count())
                .as(expression)
                .isEqualTo(expression.chars().filter(letter -> letter == ')').count());
    }
}
