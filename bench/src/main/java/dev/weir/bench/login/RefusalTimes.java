package dev.weir.bench.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long one message of a log-in waited for its answer, for users that there are and for others. */
final class RefusalTimes {
    static final String HEAD =
            "                                  known, ms             unknown, ms           unknown slower\n"
                    + "message                           p25    p50    p75     p25    p50    p75     %";

    private final String what;
    private final List<Long> known = new ArrayList<>();
    private final List<Long> unknown = new ArrayList<>();

    RefusalTimes(String what) {
        this.what = what;
    }

    void add(boolean exists, long nanos) {
        (exists ? known : unknown).add(nanos);
    }

    /** How often one of the unknown is slower than one of the known, each with each; of what tells nothing, half. */
    private double slower() {
        double slower = 0;
        for (long one : unknown) {
            for (long other : known) {
                slower += one > other ? 1 : one == other ? 0.5 : 0;
            }
        }
        return slower / ((double) known.size() * unknown.size());
    }

    private static double millis(List<Long> sortedNanos, double part) {
        return sortedNanos.get((int) (sortedNanos.size() * part)) / 1e6;
    }

    @Override
    public String toString() {
        List<Long> there = known.stream().sorted().toList();
        List<Long> others = unknown.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%-30s %6.2f %6.2f %6.2f  %6.2f %6.2f %6.2f  %5.1f",
                what,
                millis(there, 0.25),
                millis(there, 0.5),
                millis(there, 0.75),
                millis(others, 0.25),
                millis(others, 0.5),
                millis(others, 0.75),
                slower() * 100);
    }
}
