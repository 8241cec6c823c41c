package dev.weir.topology.stream;

import java.util.concurrent.atomic.LongAdder;

/** What became of the reports that this instance read since it started. Any thread. */
public final class ReportCounts {
    private final LongAdder taken = new LongAdder();
    private final LongAdder duplicate = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder malformed = new LongAdder();

    /** Counted once each. */
    public record Snapshot(long taken, long duplicate, long late, long refused, long malformed) {}

    public void taken() {
        taken.increment();
    }

    /** It had been taken before. */
    public void duplicate() {
        duplicate.increment();
    }

    /** It is about a time that is closed. */
    public void late() {
        late.increment();
    }

    /** It is about something new, and there is room for no more. */
    public void refused() {
        refused.increment();
    }

    public void malformed() {
        malformed.increment();
    }

    public Snapshot snapshot() {
        return new Snapshot(taken.sum(), duplicate.sum(), late.sum(), refused.sum(), malformed.sum());
    }
}
