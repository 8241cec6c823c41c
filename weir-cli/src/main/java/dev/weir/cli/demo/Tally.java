package dev.weir.cli.demo;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Records that went through, by flow. Any thread. */
final class Tally {
    private final Map<Flow, LongAdder> records = new ConcurrentHashMap<>();

    void add(Flow flow) {
        records.computeIfAbsent(flow, absent -> new LongAdder()).increment();
    }

    long of(Flow flow) {
        LongAdder count = records.get(flow);
        return count == null ? 0 : count.sum();
    }

    long of(Flow.Action action) {
        return records.entrySet().stream()
                .filter(entry -> entry.getKey().action() == action)
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }
}
