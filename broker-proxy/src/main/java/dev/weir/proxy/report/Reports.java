package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.proxy.telemetry.ReportMetrics;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/**
 * The reports of one proxy. Its event loops hand their rounds over here, and one thread sends them; loops never wait for
 * it. Ended by {@link #close()}, after the loops.
 */
public final class Reports implements AutoCloseable {
    /** Rounds, of all loops, that wait for Kafka; beyond it they are dropped. */
    private static final int ROUNDS_WAITING_MAX = 64;

    private final ReportSettings settings;
    private final ReportMetrics metrics;
    private final BlockingQueue<LoopRound> rounds = new ArrayBlockingQueue<>(ROUNDS_WAITING_MAX);
    private final Groups groups = new Groups();
    private final Rounds inStep;
    private final Transactions transactions = new Transactions();
    private final Reporter reporter;

    private Reports(ReportSettings settings, ReportMetrics metrics, Supplier<ProxyReport.Builder> self) {
        this.settings = settings;
        this.metrics = metrics;
        this.inStep = new Rounds(settings.intervalMillis(), System.nanoTime());
        this.reporter = new Reporter(settings, metrics, rounds, inStep, self, groups);
    }

    /**
     * Starts to report. Whatever is wrong with Kafka is tried again, and never a failure here.
     *
     * @param self what the proxy says of itself: its listeners and connections; asked every few seconds
     */
    public static Reports start(ReportSettings settings, ReportMetrics metrics, Supplier<ProxyReport.Builder> self) {
        Reports reports = new Reports(settings, metrics, self);
        reports.reporter.start();
        return reports;
    }

    ReportSettings settings() {
        return settings;
    }

    Rounds inStep() {
        return inStep;
    }

    Transactions transactions() {
        return transactions;
    }

    Groups groups() {
        return groups;
    }

    /** The reports of one more event loop. */
    public LoopReports loop() {
        return new LoopReports(this, rounds, metrics);
    }

    /** Sends what is there, for at most two seconds, and stops. Blocks; not for an event loop. */
    @Override
    public void close() {
        reporter.close();
    }
}
