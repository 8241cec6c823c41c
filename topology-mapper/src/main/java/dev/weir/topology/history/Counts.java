package dev.weir.topology.history;

import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.state.v1.Slot;

/** What happened on an edge in some time. Not thread-safe. */
public final class Counts {
    /** Four neighbours of 16 buckets per doubling are one in history: off by 9 % at most. */
    private static final int COARSE = 4;

    private long records;
    private long bytes;
    private long recordsUnacknowledged;
    private long denied;
    private long dryRunDenied;
    private long recordsChecked;
    private long recordsInvalid;
    private final SparseCounts invalidReasons = new SparseCounts();
    private final SparseCounts errors = new SparseCounts();
    private final SparseCounts latencies = new SparseCounts();

    /** Adds the parts [from, to) of as many as there are; all parts together are exactly the whole. */
    public void add(Flow flow, long from, long to, long parts) {
        records += share(flow.getRecords(), from, to, parts);
        bytes += share(flow.getBytes(), from, to, parts);
        recordsUnacknowledged += share(flow.getRecordsUnacknowledged(), from, to, parts);
        denied += share(flow.getDenied(), from, to, parts);
        dryRunDenied += share(flow.getDryRunDenied(), from, to, parts);
        recordsChecked += share(flow.getRecordsChecked(), from, to, parts);
        recordsInvalid += share(flow.getRecordsInvalid(), from, to, parts);
        flow.getInvalidReasonsMap()
                .forEach((reason, count) -> add(invalidReasons, reason, share(count, from, to, parts)));
        if (flow.getErrorsCount() > 0) {
            flow.getErrorsMap().forEach((code, count) -> add(errors, code, share(count, from, to, parts)));
        }
        if (flow.hasLatency()) {
            int buckets = Math.min(
                    flow.getLatency().getBucketsCount(), flow.getLatency().getCountsCount());
            for (int i = 0; i < buckets; i++) {
                add(
                        latencies,
                        flow.getLatency().getBuckets(i),
                        share(flow.getLatency().getCounts(i), from, to, parts));
            }
        }
    }

    private static void add(SparseCounts counts, int key, long count) {
        if (count > 0) {
            counts.add(key, count);
        }
    }

    private static long share(long value, long from, long to, long parts) {
        return from == 0 && to == parts ? value : value * to / parts - value * from / parts;
    }

    void add(Slot slot) {
        records += slot.getRecords();
        bytes += slot.getBytes();
        recordsUnacknowledged += slot.getRecordsUnacknowledged();
        denied += slot.getDenied();
        dryRunDenied += slot.getDryRunDenied();
        recordsChecked += slot.getRecordsChecked();
        recordsInvalid += slot.getRecordsInvalid();
        for (int i = 0; i < slot.getInvalidReasonsCount(); i++) {
            invalidReasons.add(slot.getInvalidReasons(i), slot.getInvalidCounts(i));
        }
        for (int i = 0; i < slot.getErrorCodesCount(); i++) {
            errors.add(slot.getErrorCodes(i), slot.getErrorCounts(i));
        }
        for (int i = 0; i < slot.getLatencyBucketsCount(); i++) {
            latencies.add(slot.getLatencyBuckets(i), slot.getLatencyCounts(i));
        }
    }

    public void add(Counts other) {
        records += other.records;
        bytes += other.bytes;
        recordsUnacknowledged += other.recordsUnacknowledged;
        denied += other.denied;
        dryRunDenied += other.dryRunDenied;
        recordsChecked += other.recordsChecked;
        recordsInvalid += other.recordsInvalid;
        invalidReasons.add(other.invalidReasons);
        errors.add(other.errors);
        latencies.add(other.latencies);
    }

    Slot toSlot(int index, boolean coarse) {
        Slot.Builder slot = Slot.newBuilder()
                .setIndex(index)
                .setRecords(records)
                .setBytes(bytes)
                .setRecordsUnacknowledged(recordsUnacknowledged)
                .setDenied(denied)
                .setDryRunDenied(dryRunDenied)
                .setRecordsChecked(recordsChecked)
                .setRecordsInvalid(recordsInvalid);
        for (int i = 0; i < invalidReasons.size(); i++) {
            slot.addInvalidReasons(invalidReasons.key(i)).addInvalidCounts(invalidReasons.count(i));
        }
        for (int i = 0; i < errors.size(); i++) {
            slot.addErrorCodes(errors.key(i)).addErrorCounts(errors.count(i));
        }
        SparseCounts sketch = coarse ? coarse(latencies) : latencies;
        for (int i = 0; i < sketch.size(); i++) {
            slot.addLatencyBuckets(sketch.key(i)).addLatencyCounts(sketch.count(i));
        }
        return slot.build();
    }

    private static SparseCounts coarse(SparseCounts fine) {
        SparseCounts coarse = new SparseCounts();
        for (int i = 0; i < fine.size(); i++) {
            coarse.add(fine.key(i) / COARSE * COARSE + COARSE / 2, fine.count(i));
        }
        return coarse;
    }

    public long records() {
        return records;
    }

    public long bytes() {
        return bytes;
    }

    public long recordsUnacknowledged() {
        return recordsUnacknowledged;
    }

    public long denied() {
        return denied;
    }

    public long dryRunDenied() {
        return dryRunDenied;
    }

    /** Held against the schema of the topic. */
    public long recordsChecked() {
        return recordsChecked;
    }

    /** Not what it says. */
    public long recordsInvalid() {
        return recordsInvalid;
    }

    /** Those by {@code InvalidReason}, as far as proxies say it. */
    public SparseCounts invalidReasons() {
        return invalidReasons;
    }

    /** By Kafka's error code. */
    public SparseCounts errors() {
        return errors;
    }

    /** By {@code LatencyBuckets}. */
    public SparseCounts latencies() {
        return latencies;
    }
}
