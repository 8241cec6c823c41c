package dev.weir.proxy.rule;

import dev.weir.canary.Side;
import dev.weir.proxy.batch.FetchedBatches;
import dev.weir.proxy.telemetry.CanaryHold;
import dev.weir.proxy.telemetry.CanaryRefusal;
import dev.weir.proxy.telemetry.CanarySideMetrics;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one answer to a side of a canary, until it goes down: the rule may look at it several times, and the last time counts. Records are
 * counted by the headers of their batches. One thread at a time.
 */
final class SideTally {
    private final String canary;
    private final Side side;
    private final CanarySideMetrics counters;
    private final List<CanaryRefusal> refused = new ArrayList<>(0);
    private long given;
    private long takenOut;
    private long waiting;
    private @Nullable CanaryHold held;

    SideTally(String canary, Side side, CanarySideMetrics counters) {
        this.canary = canary;
        this.side = side;
        this.counters = counters;
    }

    boolean isOf(String otherCanary, Side otherSide) {
        return side == otherSide && canary.equals(otherCanary);
    }

    /** The rule begins anew. That the answer was held stays so. */
    void begin() {
        refused.clear();
        given = 0;
        takenOut = 0;
        waiting = 0;
    }

    /**
     * Records went through the filter.
     *
     * @param fetched as they came
     * @param rest what goes on of them; {@code null} for all
     * @param waitsFrom the first offset that waits for the other side; it and what comes behind it is fetched again
     */
    void filtered(ByteBuffer fetched, @Nullable ByteBuf rest, long waitsFrom) {
        long before = count(fetched, Long.MIN_VALUE, waitsFrom);
        long own = rest == null ? before : count(rest.nioBuffer(), Long.MIN_VALUE, Long.MAX_VALUE);
        given += own;
        takenOut += before - own;
        if (waitsFrom != Long.MAX_VALUE) {
            waiting += count(fetched, waitsFrom, Long.MAX_VALUE);
            held(CanaryHold.HANDOVER);
        }
    }

    /** Of batches that end at {@code first} or behind it, and before {@code end}. */
    private static long count(ByteBuffer records, long first, long end) {
        FetchedBatches batches = new FetchedBatches(records);
        long count = 0;
        while (batches.next()) {
            long last = batches.lastOffset();
            if (last >= first && (last < end || end == Long.MAX_VALUE) && !batches.isControl()) {
                count += batches.recordCount();
            }
        }
        return count;
    }

    /** Records are left out that the client gets later. The first reason counts. */
    void held(CanaryHold reason) {
        if (held == null) {
            held = reason;
        }
    }

    void refused(CanaryRefusal reason) {
        refused.add(reason);
    }

    /**
     * The answer goes down.
     *
     * @param nanos since it had come
     */
    void delivered(long nanos) {
        if (given + takenOut + waiting > 0) {
            counters.records(given, takenOut, waiting);
        }
        CanaryHold reason = held;
        if (reason != null) {
            counters.held(reason, nanos);
        }
        refused.forEach(counters::refused);
    }
}
