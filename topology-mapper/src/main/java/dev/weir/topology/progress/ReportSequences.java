package dev.weir.topology.progress;

import dev.weir.mesh.report.v1.Header;
import dev.weir.topology.state.v1.ReporterState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which rounds of which proxies were taken, so that each is taken once: for each run of a proxy the highest sequence
 * and which of the 63 before it. What is older cannot be told from a duplicate, and is refused.
 */
final class ReportSequences {
    private final int runsMax;
    private final List<Run> runs = new ArrayList<>();

    ReportSequences(int runsMax) {
        this.runsMax = runsMax;
    }

    enum Verdict {
        NEW,
        DUPLICATE,
        TOO_LATE
    }

    Verdict take(Header header) {
        for (Run run : runs) {
            if (run.epochMillis == header.getEpochMillis() && run.proxy.equals(header.getProxy())) {
                run.lastMillis = Math.max(run.lastMillis, header.getToMillis());
                return run.take(header.getSequence());
            }
        }
        if (runs.size() >= runsMax) {
            runs.remove(runs.stream()
                    .min(Comparator.comparingLong(run -> run.lastMillis))
                    .orElseThrow());
        }
        runs.add(new Run(header.getProxy(), header.getEpochMillis(), header.getSequence(), 0, header.getToMillis()));
        return Verdict.NEW;
    }

    List<ReporterState> state() {
        return runs.stream()
                .map(run -> ReporterState.newBuilder()
                        .setProxy(run.proxy)
                        .setEpochMillis(run.epochMillis)
                        .setHighest(run.highest)
                        .setBefore(run.before)
                        .setLastMillis(run.lastMillis)
                        .build())
                .toList();
    }

    static ReportSequences of(List<ReporterState> state, int runsMax) {
        ReportSequences sequences = new ReportSequences(runsMax);
        state.forEach(run -> sequences.runs.add(
                new Run(run.getProxy(), run.getEpochMillis(), run.getHighest(), run.getBefore(), run.getLastMillis())));
        return sequences;
    }

    private static final class Run {
        private final String proxy;
        private final long epochMillis;
        private long highest;
        /** Bit i: the sequence highest - 1 - i was taken. */
        private long before;

        private long lastMillis;

        Run(String proxy, long epochMillis, long highest, long before, long lastMillis) {
            this.proxy = proxy;
            this.epochMillis = epochMillis;
            this.highest = highest;
            this.before = before;
            this.lastMillis = lastMillis;
        }

        Verdict take(long sequence) {
            long ahead = sequence - highest;
            if (ahead > 0) {
                before = ahead > 63 ? 0 : (before << ahead) | (1L << (ahead - 1));
                highest = sequence;
                return Verdict.NEW;
            }
            long back = -ahead - 1;
            if (back < 0) {
                return Verdict.DUPLICATE;
            }
            if (back >= 63) {
                return Verdict.TOO_LATE;
            }
            long bit = 1L << back;
            if ((before & bit) != 0) {
                return Verdict.DUPLICATE;
            }
            before |= bit;
            return Verdict.NEW;
        }
    }
}
