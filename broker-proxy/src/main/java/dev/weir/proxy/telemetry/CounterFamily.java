package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of one metric, told apart by their attributes. Adding to one is a {@link LongAdder}'s work: nothing is
 * looked up, allocated or locked. Any thread; read when the metrics are collected.
 */
final class CounterFamily {
    private static final Attributes OTHER =
            Attributes.builder().put("overflow", true).build();

    private final Map<Attributes, LongAdder> cells = new ConcurrentHashMap<>();
    private final int cellsMax;

    private CounterFamily(int cellsMax) {
        this.cellsMax = cellsMax;
    }

    /** Counters that only grow. */
    static CounterFamily counters(Meter meter, ProxyMetric metric, int cellsMax) {
        CounterFamily family = new CounterFamily(cellsMax);
        meter.counterBuilder(metric.metricName())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .buildWithCallback(family::collect);
        return family;
    }

    /** Counters that also fall. */
    static CounterFamily levels(Meter meter, ProxyMetric metric, int cellsMax) {
        CounterFamily family = new CounterFamily(cellsMax);
        meter.upDownCounterBuilder(metric.metricName())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .buildWithCallback(family::collect);
        return family;
    }

    /**
     * The counter with these attributes, to be kept by whoever adds to it often. Beyond the bound, all further
     * attributes share one counter: memory stays flat whatever happens.
     */
    LongAdder cell(Attributes attributes) {
        LongAdder known = cells.get(attributes);
        if (known != null) {
            return known;
        }
        Attributes key = cells.size() < cellsMax ? attributes : OTHER;
        return cells.computeIfAbsent(key, absent -> new LongAdder());
    }

    long sum() {
        long sum = 0;
        for (LongAdder cell : cells.values()) {
            sum += cell.sum();
        }
        return sum;
    }

    /** How many counters there are. */
    int size() {
        return cells.size();
    }

    private void collect(ObservableLongMeasurement measurement) {
        cells.forEach((attributes, cell) -> measurement.record(cell.sum(), attributes));
    }
}
