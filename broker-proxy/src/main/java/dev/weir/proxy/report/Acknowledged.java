package dev.weir.proxy.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was acknowledged of one partition (KIP-932): how many offsets in which way, and which the group is done with. One
 * event loop, then the reporter's thread.
 */
final class Acknowledged {
    /** More are joined where they touch; what then is still too much is counted, and its offsets are left out. */
    private static final int RANGES_MAX = 1_024;

    private static final byte GAP = 0;
    private static final byte ACCEPT = 1;
    private static final byte RELEASE = 2;
    private static final byte REJECT = 3;
    private static final byte RENEW = 4;

    /** Offsets from the first up to, and without, the end. */
    record Range(long first, long end) {}

    private final List<Range> done = new ArrayList<>(2);
    private long accepted;
    private long released;
    private long rejected;
    private long renewed;
    private long atMillis;

    void add(byte type, long first, long end) {
        long offsets = end - first;
        switch (type) {
            case GAP -> addDone(first, end);
            case ACCEPT -> {
                accepted += offsets;
                addDone(first, end);
            }
            case REJECT -> {
                rejected += offsets;
                addDone(first, end);
            }
            case RELEASE -> released += offsets;
            case RENEW -> renewed += offsets;
            default -> {
                // no broker takes it
            }
        }
    }

    private void addDone(long first, long end) {
        Range last = done.isEmpty() ? null : done.get(done.size() - 1);
        if (last != null && last.end == first) {
            done.set(done.size() - 1, new Range(last.first, end));
            return;
        }
        if (done.size() >= RANGES_MAX) {
            join();
        }
        if (done.size() < RANGES_MAX) {
            done.add(new Range(first, end));
        }
    }

    /** Adds what was acknowledged at another time, or through another loop. */
    void add(Acknowledged other, long otherMillis) {
        accepted += other.accepted;
        released += other.released;
        rejected += other.rejected;
        renewed += other.renewed;
        atMillis = Math.max(atMillis, otherMillis);
        other.done.forEach(range -> addDone(range.first, range.end));
    }

    private void join() {
        done.sort(Comparator.comparingLong(Range::first));
        int kept = 0;
        for (int i = 1; i < done.size(); i++) {
            Range last = done.get(kept);
            Range next = done.get(i);
            if (next.first <= last.end) {
                done.set(kept, new Range(last.first, Math.max(last.end, next.end)));
            } else {
                done.set(++kept, next);
            }
        }
        done.subList(Math.min(kept + 1, done.size()), done.size()).clear();
    }

    /** What the group is done with, in the order of offsets, neighbours joined. */
    List<Range> done() {
        join();
        return done;
    }

    long accepted() {
        return accepted;
    }

    long released() {
        return released;
    }

    long rejected() {
        return rejected;
    }

    long renewed() {
        return renewed;
    }

    /** When the last came. */
    long atMillis() {
        return atMillis;
    }
}
