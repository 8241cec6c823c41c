package dev.weir.proxy.report;

import dev.weir.mesh.report.LatencyBuckets;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.LatencySketch;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One flow of a round, from all the loops that saw it. The reporter's thread. */
final class MergedFlow {
    private final TreeMap<Integer, Long> errors = new TreeMap<>();
    private final TreeMap<Integer, Long> invalidReasons = new TreeMap<>();
    private long @Nullable [] latencies;
    private long records;
    private long bytes;
    private long batches;
    private long unacknowledged;
    private long denied;
    private long dryRunDenied;
    private long checked;
    private long invalid;

    void add(LoopRound.FlowCounts counts) {
        records += counts.records();
        bytes += counts.bytes();
        batches += counts.batches();
        unacknowledged += counts.unacknowledged();
        denied += counts.denied();
        dryRunDenied += counts.dryRunDenied();
        checked += counts.checked();
        invalid += counts.invalid();
        if (counts.errors() != null) {
            counts.errors().forEach((code, count) -> errors.merge(code, count, Long::sum));
        }
        if (counts.invalidReasons() != null) {
            counts.invalidReasons().forEach((reason, count) -> invalidReasons.merge(reason, count, Long::sum));
        }
        int[] more = counts.latencies();
        if (more != null) {
            long[] sum = latencies == null ? new long[LatencyBuckets.LAST + 1] : latencies;
            for (int i = 0; i < more.length; i++) {
                sum[i] += more[i];
            }
            latencies = sum;
        }
    }

    Flow message(Header.Builder header, MergedRound.FlowKey key) {
        Flow.Builder flow = Flow.newBuilder()
                .setHeader(header)
                .setClient(key.client().message())
                .setDirection(key.direction())
                .setTopic(key.topic())
                .setGroup(key.group())
                .setRecords(records)
                .setBytes(bytes)
                .setBatches(batches)
                .setRecordsUnacknowledged(unacknowledged)
                .putAllErrors(errors)
                .setDenied(denied)
                .setDryRunDenied(dryRunDenied)
                .setRecordsChecked(checked)
                .setRecordsInvalid(invalid)
                .putAllInvalidReasons(invalidReasons);
        long[] counts = latencies;
        if (counts != null) {
            LatencySketch.Builder sketch = LatencySketch.newBuilder();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    sketch.addBuckets(i).addCounts(counts[i]);
                }
            }
            flow.setLatency(sketch);
        }
        return flow.build();
    }
}
