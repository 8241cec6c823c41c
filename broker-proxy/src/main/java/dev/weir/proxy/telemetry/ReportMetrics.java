package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import java.util.concurrent.atomic.LongAdder;

/** What became of the reports about traffic. Any thread. */
public final class ReportMetrics {
    private final LongAdder sent;
    private final ReasonCounters<ReportDrop> dropped;

    ReportMetrics(ProxyMetrics metrics) {
        sent = metrics.reportsSent.cell(Attributes.empty());
        dropped = new ReasonCounters<>(
                ReportDrop.values(),
                reason -> metrics.reportsDropped.cell(Attributes.of(AttributeNames.REASON, reason.attribute())));
    }

    /** Kafka has a report. */
    public void sent() {
        sent.increment();
    }

    /** So many reports were given up. */
    public void dropped(ReportDrop reason, long count) {
        dropped.add(reason, count);
    }

    public long reportsSent() {
        return sent.sum();
    }

    public long reportsDropped() {
        return dropped.sum();
    }

    public long reportsDropped(ReportDrop reason) {
        return dropped.count(reason);
    }
}
