package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What is counted towards one cluster. Any thread. */
public final class UpstreamMetrics {
    private final LongAdder connects;
    private final LongAdder brokersCounter;
    private final AtomicInteger brokers = new AtomicInteger();
    private final ReasonCounters<UpstreamFailure> failures;

    UpstreamMetrics(ProxyMetrics metrics, String cluster) {
        Attributes only = Attributes.of(AttributeNames.CLUSTER, cluster);
        connects = metrics.upstreamConnects.cell(only);
        brokersCounter = metrics.upstreamBrokers.cell(only);
        failures = new ReasonCounters<>(
                UpstreamFailure.values(),
                failure -> metrics.upstreamFailures.cell(only.toBuilder()
                        .put(AttributeNames.REASON, failure.attribute())
                        .build()));
    }

    /** A connection to a broker is open, authenticated and ready. */
    public void connected() {
        connects.increment();
    }

    public void failed(UpstreamFailure failure) {
        failures.increment(failure);
    }

    /** The cluster has so many brokers from now on. */
    public void brokers(int count) {
        brokersCounter.add(count - brokers.getAndSet(count));
    }

    public int brokers() {
        return brokers.get();
    }

    public long connects() {
        return connects.sum();
    }

    public long failures(UpstreamFailure kind) {
        return failures.count(kind);
    }

    public long failures() {
        return failures.sum();
    }
}
