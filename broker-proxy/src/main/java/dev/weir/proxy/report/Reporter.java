package dev.weir.proxy.report;

import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.proxy.audit.AuditEvent;
import dev.weir.proxy.audit.AuditRound;
import dev.weir.proxy.telemetry.ReportDrop;
import dev.weir.proxy.telemetry.ReportMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that sends reports: takes the rounds of all loops, makes one of them, and gives its messages to a producer.
 * While the topics are not known to be there it takes nothing, so that rounds wait in the queue, which is bounded.
 */
final class Reporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final long PROXY_EVERY_MILLIS = 5_000;
    private static final long CLOSE_MILLIS = 2_000;
    /** Of the time to close, what the last sends may take. */
    private static final long LAST_SENDS_MILLIS = 1_500;

    private final ReportSettings settings;
    private final ReportMetrics metrics;
    private final BlockingQueue<LoopRound> rounds;
    private final Rounds inStep;
    private final Supplier<ProxyReport.Builder> self;
    private final Groups groups;
    private final ReportTopics topics;
    private final ReportProducer producer;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "weir-reports");
    private final long epochMillis = System.currentTimeMillis();
    private long sequence;
    private long proxyReportedNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PROXY_EVERY_MILLIS);

    Reporter(
            ReportSettings settings,
            ReportMetrics metrics,
            BlockingQueue<LoopRound> rounds,
            Rounds inStep,
            Supplier<ProxyReport.Builder> self,
            Groups groups) {
        this.settings = settings;
        this.metrics = metrics;
        this.rounds = rounds;
        this.inStep = inStep;
        this.self = self;
        this.groups = groups;
        this.topics = new ReportTopics(settings);
        this.producer = new ReportProducer(settings, metrics, topics::recheck);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            guarded(Reporter::load);
            while (!stop.await(inStep.untilTakenMillis(System.nanoTime()), TimeUnit.MILLISECONDS)) {
                guarded(this::tick);
            }
            guarded(this::last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guarded(() -> producer.close(LAST_SENDS_MILLIS));
            guarded(topics::close);
        }
    }

    /**
     * Compares events for the first time: Protobuf then loads what it knows of its messages, 200 classes. Left to the first log-in, its event loop
     * works on that for some 50 ms at a stretch.
     */
    private static void load() {
        new AuditRound().add(AuditEvent.logInFailed("", Client.getDefaultInstance(), ""), 0);
    }

    /** What goes wrong in one round must not be the end of all. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("reports of a round are lost");
        }
    }

    private void tick() {
        settings.audit().write();
        if (topics.ready()) {
            send();
            long nowNanos = System.nanoTime();
            if (nowNanos - proxyReportedNanos >= TimeUnit.MILLISECONDS.toNanos(PROXY_EVERY_MILLIS)) {
                proxyReportedNanos = nowNanos;
                sendSelf(false);
            }
        }
    }

    private void last() {
        settings.audit().end();
        if (topics.ready()) {
            send();
            sendSelf(true);
        } else {
            List<LoopRound> left = new ArrayList<>();
            rounds.drainTo(left);
            left.forEach(round -> metrics.dropped(ReportDrop.BEHIND, round.size()));
            metrics.dropped(ReportDrop.BEHIND, settings.audit().take().size());
        }
    }

    private void send() {
        List<LoopRound> taken = new ArrayList<>();
        rounds.drainTo(taken);
        AuditRound audit = settings.audit().take();
        if (!taken.isEmpty()) {
            MergedRound merged = new MergedRound(groups);
            taken.forEach(merged::add);
            metrics.dropped(ReportDrop.LIMIT, merged.overflow());
            producer.send(merged.messages(header(merged.fromMillis(), merged.toMillis())));
        }
        if (!audit.isEmpty()) {
            metrics.dropped(ReportDrop.LIMIT, audit.overflow());
            long nowMillis = System.currentTimeMillis();
            producer.send(AuditMessages.of(audit, header(nowMillis - settings.intervalMillis(), nowMillis)));
        }
    }

    private void sendSelf(boolean stopping) {
        long nowMillis = System.currentTimeMillis();
        PolicyInForce policy = settings.policy().get();
        ProxyReport report = self.get()
                .setHeader(header(nowMillis, nowMillis))
                .setWeirVersion(settings.weirVersion())
                .setPolicyRevision(policy.revision())
                .setPolicyState(policy.state())
                .setPolicySinceMillis(policy.sinceMillis())
                .setPolicyProblem(policy.problem())
                .setReportsDropped(metrics.reportsDropped())
                .setStopping(stopping)
                .build();
        producer.send(List.of(
                new ReportMessage(ReportTopic.PROXIES, ReportKeys.proxy(settings.proxyName()), report.toByteArray())));
    }

    private Header.Builder header(long fromMillis, long toMillis) {
        return Header.newBuilder()
                .setProxy(settings.proxyName())
                .setEpochMillis(epochMillis)
                .setSequence(++sequence)
                .setFromMillis(fromMillis)
                .setToMillis(toMillis);
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
