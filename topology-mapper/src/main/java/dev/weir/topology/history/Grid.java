package dev.weir.topology.history;

/** How time is cut: slots of equal length, aligned to the epoch, and so many of them in a chunk. */
public enum Grid {
    /** What is asked of the last hour. */
    FINE(10_000, 30),
    /** What replay keeps. */
    COARSE(60_000, 60);

    private final int stepMillis;
    private final int slots;

    Grid(int stepMillis, int slots) {
        this.stepMillis = stepMillis;
        this.slots = slots;
    }

    public int stepMillis() {
        return stepMillis;
    }

    int slots() {
        return slots;
    }

    public long chunkMillis() {
        return (long) stepMillis * slots;
    }

    public long chunkStart(long millis) {
        return Math.floorDiv(millis, chunkMillis()) * chunkMillis();
    }

    public long slotStart(long millis) {
        return Math.floorDiv(millis, (long) stepMillis) * stepMillis;
    }
}
