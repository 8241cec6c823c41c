package dev.weir.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Operators read about every metric that there is, and about no other. */
class OperationsPageTest {

    @Test
    void namesEveryMetric() throws IOException {
        Set<String> metrics = new TreeSet<>(MetricNames.ofProxy());
        metrics.addAll(MetricNames.ofTopology());
        assertThat(MetricNames.in(Files.readString(Path.of("..", "docs", "operations.md"))))
                .containsExactlyInAnyOrderElementsOf(metrics);
    }
}
