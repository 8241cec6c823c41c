package dev.weir.proxy.connection;

import dev.weir.proxy.report.LoopReports;
import dev.weir.proxy.rule.RecordRuleSet;
import dev.weir.proxy.traffic.Traffic;
import io.vertx.core.Context;
import io.vertx.core.WorkerExecutor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the data path, and the connections that live on it. Its methods are for its own thread, except
 * {@link #context()}.
 */
public final class EventLoop {
    private static final long SWEEP_EVERY_MILLIS = 1_000;

    private final Context context;
    private final LoopResources resources;
    private final RecordRuleSet rules;
    private final Traffic traffic;
    private final @Nullable LoopReports reports;
    private final WorkerExecutor batchWorkers;
    private final Map<Connection, Opened> connections = new HashMap<>();
    private long sweepTimer;
    private long reportTimer;
    private boolean draining;

    /**
     * Makes one.
     *
     * @param rules on records
     * @param traffic what is done to requests
     * @param reports what its connections report to, or {@code null} for nothing
     */
    public EventLoop(
            Context context, Protocol protocol, RecordRuleSet rules, Traffic traffic, @Nullable LoopReports reports) {
        this.context = context;
        this.resources = LoopResources.create(protocol);
        this.rules = rules;
        this.traffic = traffic;
        this.reports = reports;
        // one pool for all loops: by its size it bounds what batches take of the memory while they are changed
        this.batchWorkers = context.owner()
                .createSharedWorkerExecutor("weir-batches", Runtime.getRuntime().availableProcessors());
        context.runOnContext(ignored -> {
            sweepTimer = context.owner().setPeriodic(SWEEP_EVERY_MILLIS, tick -> sweep());
            if (reports != null) {
                reportTimer = context.owner()
                        .setPeriodic(reports.untilEndMillis(), reports.intervalMillis(), tick -> reports.endRound());
            }
        });
    }

    public Context context() {
        return context;
    }

    @Nullable
    LoopReports reports() {
        return reports;
    }

    RecordRuleSet rules() {
        return rules;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Where batches are changed that would keep the loop too long. */
    WorkerExecutor batchWorkers() {
        return batchWorkers;
    }

    LoopResources resources() {
        return resources;
    }

    boolean isDraining() {
        return draining;
    }

    private record Opened(long id, long sinceMillis) {}

    void opened(Connection connection, long id) {
        connections.put(connection, new Opened(id, System.currentTimeMillis()));
        if (draining) {
            connection.drain();
        }
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    private void sweep() {
        long nowNanos = System.nanoTime();
        for (Connection connection : connections.keySet().toArray(new Connection[0])) {
            connection.sweep(nowNanos);
        }
    }

    /** Connections with an id above {@code after}, the oldest first, at most so many. */
    public List<ConnectionStatus> connections(long after, int limit) {
        return connections.entrySet().stream()
                .filter(open -> open.getValue().id > after)
                .sorted(Comparator.comparingLong(open -> open.getValue().id))
                .limit(limit)
                .map(open -> open.getKey().status(open.getValue().id, open.getValue().sinceMillis))
                .toList();
    }

    /** The connection with this id, if it is of this loop. */
    public Optional<ConnectionStatus> connection(long id) {
        return connections.entrySet().stream()
                .filter(open -> open.getValue().id == id)
                .findFirst()
                .map(open -> open.getKey().status(id, open.getValue().sinceMillis));
    }

    /** Lets every connection end after its last answer. */
    public void drain() {
        draining = true;
        for (Connection connection : connections.keySet().toArray(new Connection[0])) {
            connection.drain();
        }
    }

    /** Ends every connection now. */
    public void closeAll() {
        for (Connection connection : connections.keySet().toArray(new Connection[0])) {
            connection.shut();
        }
        context.owner().cancelTimer(sweepTimer);
        batchWorkers.close();
        if (reports != null) {
            context.owner().cancelTimer(reportTimer);
            reports.endRound();
        }
    }
}
