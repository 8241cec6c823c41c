package dev.weir.proxy.telemetry;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One counter for each constant of an enum. Any thread. */
final class ReasonCounters<E extends Enum<E>> {
    private final Map<E, LongAdder> counters;

    ReasonCounters(E[] reasons, Function<E, LongAdder> counter) {
        counters =
                Collections.unmodifiableMap(Stream.of(reasons).collect(Collectors.toMap(Function.identity(), counter)));
    }

    void increment(E reason) {
        Objects.requireNonNull(counters.get(reason)).increment();
    }

    void add(E reason, long count) {
        Objects.requireNonNull(counters.get(reason)).add(count);
    }

    long count(E reason) {
        return Objects.requireNonNull(counters.get(reason)).sum();
    }

    long sum() {
        return counters.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
