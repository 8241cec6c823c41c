package dev.weir.proxy.report;

import dev.weir.mesh.report.LatencyBuckets;
import dev.weir.mesh.report.v1.Direction;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/** What one client did with one topic since the last round, in one direction. Event loop only. */
final class FlowCell {
    private final LoopReports loop;
    private final ReportedClient client;
    private final Direction direction;
    private final String topic;

    private boolean inRound;
    private long records;
    private long bytes;
    private long batches;
    private long unacknowledged;
    private long denied;
    private long dryRunDenied;
    private long checked;
    private long invalid;
    private @Nullable IntObjectMap<Long> invalidReasons;
    private @Nullable IntObjectMap<Long> errors;
    private int @Nullable [] latencies;

    FlowCell(LoopReports loop, ReportedClient client, Direction direction, String topic) {
        this.loop = loop;
        this.client = client;
        this.direction = direction;
        this.topic = topic;
    }

    void add(long moreRecords, long moreBytes, long moreBatches) {
        records += moreRecords;
        bytes += moreBytes;
        batches += moreBatches;
        touch();
    }

    void unacknowledged(long moreRecords) {
        unacknowledged += moreRecords;
        touch();
    }

    /** A partition was answered with an error. */
    void error(int code) {
        errors = plus(errors, code, 1);
        touch();
    }

    private static IntObjectMap<Long> plus(@Nullable IntObjectMap<Long> known, int key, long count) {
        IntObjectMap<Long> counts = known == null ? new IntObjectHashMap<>(4) : known;
        Long before = counts.get(key);
        counts.put(key, Long.valueOf(before == null ? count : before + count));
        return counts;
    }

    void denied(boolean dryRun) {
        if (dryRun) {
            dryRunDenied++;
        } else {
            denied++;
        }
        touch();
    }

    /** Records were held against the schema of their topic. */
    void checked(CheckedRecords batch) {
        checked += batch.records();
        invalid += batch.badRecords();
        if (!batch.isGood()) {
            batch.forEach((reason, count) -> invalidReasons =
                    plus(invalidReasons, CheckedRecords.reported(reason).getNumber(), count));
        }
        touch();
    }

    void latency(long micros) {
        int[] counts = latencies;
        if (counts == null) {
            counts = new int[LatencyBuckets.LAST + 1];
            latencies = counts;
        }
        counts[LatencyBuckets.of(micros)]++;
        touch();
    }

    private void touch() {
        if (!inRound) {
            inRound = loop.add(this);
        }
    }

    /** Gives what was counted, and begins again at zero. */
    LoopRound.FlowCounts take() {
        LoopRound.FlowCounts taken = new LoopRound.FlowCounts(
                client,
                direction,
                topic,
                records,
                bytes,
                batches,
                unacknowledged,
                denied,
                dryRunDenied,
                checked,
                invalid,
                invalidReasons,
                errors,
                latencies);
        inRound = false;
        records = 0;
        bytes = 0;
        batches = 0;
        unacknowledged = 0;
        denied = 0;
        dryRunDenied = 0;
        checked = 0;
        invalid = 0;
        invalidReasons = null;
        errors = null;
        latencies = null;
        return taken;
    }
}
