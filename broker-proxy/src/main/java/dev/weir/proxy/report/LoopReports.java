package dev.weir.proxy.report;

import dev.weir.proxy.audit.AuditRound;
import dev.weir.proxy.telemetry.ReportDrop;
import dev.weir.proxy.telemetry.ReportMetrics;
import dev.weir.proxy.trace.BatchCapture;
import dev.weir.proxy.trace.TraceSampler;
import dev.weir.proxy.trace.TraceSettings;
import dev.weir.proxy.trace.TracedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop report: the cells that changed since the last round, and events. Its own
 * thread only; nothing is locked. {@link #endRound} hands a round over, or drops it when the reporter does not keep up.
 */
public final class LoopReports {
    private static final int FLOWS_MAX = 20_000;
    private static final int PARTITIONS_MAX = 50_000;

    private final Reports reports;
    private final Queue<LoopRound> rounds;
    private final ReportMetrics metrics;
    private final @Nullable TraceSettings traces;
    private final @Nullable TraceSampler sampler;
    private List<FlowCell> flows = new ArrayList<>();
    private List<PartitionCell> partitions = new ArrayList<>();
    private Events events = new Events();
    private AuditRound audit = new AuditRound();
    private long overflow;
    private long fromMillis = System.currentTimeMillis();

    LoopReports(Reports reports, Queue<LoopRound> rounds, ReportMetrics metrics) {
        this.reports = reports;
        this.rounds = rounds;
        this.metrics = metrics;
        this.traces = reports.settings().traces();
        this.sampler = traces == null ? null : new TraceSampler(traces.perSecondMax());
    }

    Reports reports() {
        return reports;
    }

    /** Takes a cell into the round; {@code false} when there are too many: it may come again with its next change. */
    boolean add(FlowCell cell) {
        return add(flows, cell, FLOWS_MAX);
    }

    /** As {@link #add(FlowCell)}. */
    boolean add(PartitionCell cell) {
        return add(partitions, cell, PARTITIONS_MAX);
    }

    private <T> boolean add(List<T> cells, T cell, int cellsMax) {
        if (cells.size() >= cellsMax) {
            overflow++;
            return false;
        }
        cells.add(cell);
        return true;
    }

    Events events() {
        return events;
    }

    AuditRound audit() {
        return audit;
    }

    /** What takes the beginnings of batches for spans; {@code null} where nobody wants spans. */
    @Nullable
    BatchCapture capture() {
        return sampler == null ? null : new BatchCapture(sampler);
    }

    /** Passes a request on that was chosen for a span. */
    void traced(TracedRequest request) {
        if (traces != null) {
            traces.sink().accept(request);
        }
    }

    /** Until the round ends that is under way, on all loops at once. */
    public long untilEndMillis() {
        return reports.inStep().untilEndMillis(System.nanoTime());
    }

    /** How long a round takes. */
    public long intervalMillis() {
        return reports.settings().intervalMillis();
    }

    /** Hands over what was seen since the last time. */
    public void endRound() {
        if (!audit.isEmpty()) {
            reports.settings().audit().add(audit);
            audit = new AuditRound();
        }
        long nowMillis = System.currentTimeMillis();
        LoopRound round = new LoopRound(
                Math.min(fromMillis, nowMillis),
                nowMillis,
                flows.stream().map(FlowCell::take).toList(),
                partitions.stream().map(PartitionCell::take).toList(),
                events,
                overflow);
        fromMillis = nowMillis;
        flows = new ArrayList<>(flows.size());
        partitions = new ArrayList<>(partitions.size());
        overflow = 0;
        if (round.isEmpty()) {
            return;
        }
        events = new Events();
        if (!rounds.offer(round)) {
            metrics.dropped(ReportDrop.BEHIND, round.size());
        }
    }
}
