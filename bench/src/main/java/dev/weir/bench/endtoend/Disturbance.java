package dev.weir.bench.endtoend;

import java.util.List;

/** Notices when others use the machine: CPU time that was spent, and not by this run's processes. */
final class Disturbance {
    private final List<Long> ownPids;
    private double busySeconds;
    private double ownSeconds;
    private long startNanos;

    /** @param ownPids all processes of the run, this JVM included */
    Disturbance(List<Long> ownPids) {
        this.ownPids = List.copyOf(ownPids);
        begin();
    }

    void begin() {
        busySeconds = Cpu.busySeconds();
        ownSeconds = ownSeconds();
        startNanos = System.nanoTime();
    }

    /** The share of all cores that went to others since {@link #begin}, 0 to 1. */
    double share() {
        double others = Cpu.busySeconds() - busySeconds - (ownSeconds() - ownSeconds);
        double available =
                (System.nanoTime() - startNanos) / 1e9 * Runtime.getRuntime().availableProcessors();
        return Math.max(0, others / available);
    }

    private double ownSeconds() {
        return ownPids.stream().mapToDouble(Cpu::seconds).sum();
    }
}
