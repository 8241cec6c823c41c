package dev.weir.cli.deploy;

import dev.weir.cli.topology.SampleMesh;
import dev.weir.proxy.telemetry.ProxyMetric;
import dev.weir.topology.metrics.MeshMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics that there are, as Prometheus names them. */
final class MetricNames {
    /** Names of Weir's own and of groups, wherever they are written. */
    static final Pattern NAME = Pattern.compile("\\b(weir|kafka_consumer_group)_[a-z_]+");

    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (?:gauge|counter)$");
    /** What Prometheus' text adds to the proxy's: the unit, and that a counter only grows. */
    private static final Pattern ADDED = Pattern.compile("(_bytes|_seconds)?(_total)?$");

    private MetricNames() {}

    /** The topology's, as its own text has them. */
    static Set<String> ofTopology() {
        try (MeshMetrics metrics = new MeshMetrics(SampleMesh.view())) {
            return TYPE.matcher(new String(metrics.text(), StandardCharsets.UTF_8))
                    .results()
                    .map(type -> type.group(1))
                    .filter(name -> NAME.matcher(name).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The proxy's, without what Prometheus' text adds. */
    static Set<String> ofProxy() {
        return Stream.of(ProxyMetric.values())
                .map(metric -> metric.metricName().replace('.', '_'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All that a text names, those of the proxy without what Prometheus' text adds. */
    static Set<String> in(String text) {
        Set<String> topology = ofTopology();
        return NAME.matcher(text)
                .results()
                .map(match -> topology.contains(match.group())
                        ? match.group()
                        : ADDED.matcher(match.group()).replaceFirst(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
