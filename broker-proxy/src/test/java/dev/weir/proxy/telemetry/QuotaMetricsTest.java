package dev.weir.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.proxy.traffic.QuotaStatus;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaMetricsTest {
    private final PrometheusMetricReader reader = PrometheusMetricReader.create();
    private final SdkMeterProvider provider =
            SdkMeterProvider.builder().registerMetricReader(reader).build();

    @BeforeEach
    void limitWhatIsFetchedOnly() {
        RuleRef rule = new RuleRef("shop", "quotas.yaml", 1, "test");
        QuotaPolicy policy = new QuotaPolicy(rule, "shop", TopicTable.empty(), 0, 50_000, 0, 1_000, false);
        new ProxyMetrics(provider.get("weir")).quotas().from(() -> List.of(new QuotaStatus(policy, 0, 0, 7, 0, 0, 0)));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aLimitThatADocumentDoesNotHaveIsNoSeries() {
        GaugeSnapshot limits = (GaugeSnapshot) snapshot("weir_quota_limit");
        Map<String, Double> values = limits.getDataPoints().stream()
                .collect(Collectors.toMap(point -> point.getLabels().get("limit"), point -> point.getValue()));
        assertThat(values).isEqualTo(Map.of("fetch-bytes", 50_000.0));
    }

    @Test
    void whatIsNotLimitedIsNoSeriesOfWhatIsUsed() {
        CounterSnapshot used = (CounterSnapshot) snapshot("weir_quota_used");
        Map<String, Double> values = used.getDataPoints().stream()
                .collect(Collectors.toMap(point -> point.getLabels().get("limit"), point -> point.getValue()));
        assertThat(values).isEqualTo(Map.of("fetch-bytes", 7.0));
    }

    private MetricSnapshot snapshot(String name) {
        return reader.collect().stream()
                .filter(one -> one.getMetadata().getPrometheusName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
