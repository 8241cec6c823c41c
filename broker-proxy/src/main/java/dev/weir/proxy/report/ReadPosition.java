package dev.weir.proxy.report;

import org.jspecify.annotations.Nullable;

/** Where a client reads in one partition by one connection, from its first fetch on; it outlives rounds. Event loop only. */
final class ReadPosition {
    private static final long NONE = -1;

    private long fetchOffset = NONE;
    private long deliveredOffset = NONE;
    /** From where on nothing was the client's own of what it was sent; {@link #NONE} where no canary shares the partition, and where that is not known yet. */
    private long othersFrom = NONE;

    private long atMillis = NONE;
    private boolean moved;

    /** The client asks for what is from here on. */
    void fetching(long offset, long nowMillis) {
        if (offset < othersFrom || offset > deliveredOffset) {
            othersFrom = NONE; // it begins elsewhere
        }
        fetchOffset = offset;
        move(nowMillis);
    }

    /** The client asks no more, or a session of its has ended. */
    void notFetching() {
        fetchOffset = NONE;
    }

    /** What it asked for last; -1 when it asks no more. */
    long fetchOffset() {
        return fetchOffset;
    }

    /** The client was sent all that there is, up to an offset. */
    void delivered(long end, long nowMillis) {
        othersFrom = NONE;
        deliveredOffset = end;
        move(nowMillis);
    }

    /**
     * The client was sent what a canary leaves it, up to an offset.
     *
     * @param wanted where it asked to begin; -1 when that is not known
     * @param ownEnd the offset after the last record that it was sent; -1 for none
     */
    void deliveredOwn(long wanted, long ownEnd, long end, long nowMillis) {
        long before = othersFrom == NONE ? wanted : othersFrom;
        delivered(end, nowMillis);
        othersFrom = ownEnd > wanted ? ownEnd : before;
    }

    private void move(long nowMillis) {
        atMillis = nowMillis;
        moved = true;
    }

    /** Where it is, if anything changed since the last time. */
    LoopRound.@Nullable Place take() {
        boolean news = moved;
        moved = false;
        return news ? new LoopRound.Place(fetchOffset, deliveredOffset, othersFrom, atMillis) : null;
    }
}
