package dev.weir.topology.slo;

/** How commit delays are kept: finely for as long as alerts and the chart ask, coarsely for budgets. */
public enum SloTier {
    FINE(300_000L, 3_600_000L, 26 * 3_600_000L),
    COARSE(3_600_000L, 86_400_000L, 32 * 86_400_000L);

    private final long slotMillis;
    private final long blockMillis;
    private final long keepMillis;

    SloTier(long slotMillis, long blockMillis, long keepMillis) {
        this.slotMillis = slotMillis;
        this.blockMillis = blockMillis;
        this.keepMillis = keepMillis;
    }

    /** What records are counted by: five minutes or an hour of their appends. */
    public long slotMillis() {
        return slotMillis;
    }

    /** What is written as one. */
    public long blockMillis() {
        return blockMillis;
    }

    public long keepMillis() {
        return keepMillis;
    }

    public static SloTier ofSlot(long slotMillis) {
        return slotMillis == COARSE.slotMillis ? COARSE : FINE;
    }
}
