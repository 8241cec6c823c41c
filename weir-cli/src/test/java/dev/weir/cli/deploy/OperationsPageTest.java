package dev.weir.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.telemetry.ProxyMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Operators read about every metric that there is, and about no other. */
class OperationsPageTest {
    private static final Pattern NAME = Pattern.compile("\\bweir_[a-z_]+");
    /** What Prometheus' text adds: the unit, and that a counter only grows. */
    private static final Pattern ADDED = Pattern.compile("(_bytes)?(_total)?$");

    @Test
    void namesEveryMetric() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "operations.md"));
        Set<String> written = NAME.matcher(page)
                .results()
                .map(MatchResult::group)
                .map(name -> ADDED.matcher(name).replaceFirst(""))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> metrics = Stream.of(ProxyMetric.values())
                .map(metric -> metric.metricName().replace('.', '_'))
                .toList();
        assertThat(written).containsExactlyInAnyOrderElementsOf(metrics);
    }
}
