package dev.weir.proxy.telemetry;

import dev.weir.canary.Side;
import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.canary.kafka.TopicProblem;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a controller finds of canaries, and what becomes of what their sides fetch. Any thread; asked when metrics are collected. */
public final class CanaryMetrics {
    /** Canaries come and go with policy. */
    private static final int SIDES_MAX = 500;

    private static final List<String> TOPICS = List.of(ChangeTopics.LOG, ChangeTopics.BEATS, ChangeTopics.MEMBERS);

    private final Map<Key, CanarySideMetrics> sides = new ConcurrentHashMap<>();
    private final CanarySideMetrics otherSides =
            new CanarySideMetrics(Attributes.builder().put("overflow", true).build());
    private volatile Supplier<Map<String, Integer>> bypassing = Map::of;
    private volatile Supplier<List<TopicProblem>> problems = List::of;

    private record Key(String canary, Side side) {
        Attributes attributes() {
            return Attributes.of(AttributeNames.CANARY, canary, AttributeNames.SIDE, AttributeNames.valueOf(side));
        }
    }

    CanaryMetrics(Meter meter) {
        meter.gaugeBuilder(ProxyMetric.CANARY_BYPASSING.metricName())
                .setUnit(ProxyMetric.CANARY_BYPASSING.unit())
                .setDescription(ProxyMetric.CANARY_BYPASSING.description())
                .ofLongs()
                .buildWithCallback(measurement -> bypassing
                        .get()
                        .forEach((canary, members) ->
                                measurement.record(members, Attributes.of(AttributeNames.CANARY, canary))));
        meter.gaugeBuilder(ProxyMetric.CANARY_TOPIC_FAILING.metricName())
                .setUnit(ProxyMetric.CANARY_TOPIC_FAILING.unit())
                .setDescription(ProxyMetric.CANARY_TOPIC_FAILING.description())
                .ofLongs()
                .buildWithCallback(this::collectProblems);
        meter.counterBuilder(ProxyMetric.CANARY_RECORDS.metricName())
                .setUnit(ProxyMetric.CANARY_RECORDS.unit())
                .setDescription(ProxyMetric.CANARY_RECORDS.description())
                .buildWithCallback(measurement -> each(side -> side.collectRecords(measurement)));
        meter.counterBuilder(ProxyMetric.CANARY_HELD.metricName())
                .setUnit(ProxyMetric.CANARY_HELD.unit())
                .setDescription(ProxyMetric.CANARY_HELD.description())
                .buildWithCallback(measurement -> each(side -> side.collectHeld(measurement)));
        meter.counterBuilder(ProxyMetric.CANARY_HELD_TIME.metricName())
                .ofDoubles()
                .setUnit(ProxyMetric.CANARY_HELD_TIME.unit())
                .setDescription(ProxyMetric.CANARY_HELD_TIME.description())
                .buildWithCallback(measurement -> each(side -> side.collectHeldTime(measurement)));
        meter.counterBuilder(ProxyMetric.CANARY_REFUSED.metricName())
                .setUnit(ProxyMetric.CANARY_REFUSED.unit())
                .setDescription(ProxyMetric.CANARY_REFUSED.description())
                .buildWithCallback(measurement -> each(side -> side.collectRefused(measurement)));
    }

    private void collectProblems(ObservableLongMeasurement measurement) {
        List<TopicProblem> now = problems.get();
        for (String topic : TOPICS) {
            boolean fails = now.stream().anyMatch(problem -> problem.topic().equals(topic));
            measurement.record(fails ? 1 : 0, Attributes.of(AttributeNames.TOPIC, topic));
        }
    }

    private void each(Consumer<CanarySideMetrics> collector) {
        sides.values().forEach(collector);
        if (sides.size() >= SIDES_MAX) {
            collector.accept(otherSides);
        }
    }

    /** The counters of one side; always the same object. Beyond a bound, all further ones share one. */
    public CanarySideMetrics side(String canary, Side side) {
        Key key = new Key(canary, side);
        CanarySideMetrics known = sides.get(key);
        if (known != null) {
            return known;
        }
        return sides.size() < SIDES_MAX
                ? sides.computeIfAbsent(key, absent -> new CanarySideMetrics(absent.attributes()))
                : otherSides;
    }

    /** Who says which topics of canaries cannot be used. */
    public void problemsFrom(Supplier<List<TopicProblem>> source) {
        problems = source;
    }

    /** Who says how many members come around Weir, by canary. */
    public void from(Supplier<Map<String, Integer>> source) {
        bypassing = source;
    }
}
