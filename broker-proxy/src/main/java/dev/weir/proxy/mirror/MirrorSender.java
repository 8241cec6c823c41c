package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import dev.weir.proxy.batch.ByteBudget;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.MirrorConfig;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings copies to one cluster: collects them for some milliseconds, has them prepared by a worker, in order, and gives them to {@link
 * TargetCluster}. It takes batches from any thread; all else happens on an event loop of its own.
 */
final class MirrorSender {
    /** So many are prepared in one go: no more than a worker does in some milliseconds. */
    private static final int PREPARED_MAX = 32;

    /** Nobody waits for a copy: what comes within this time wakes event loop and worker once, and may go in one request. */
    private static final long COLLECT_MILLIS = 5;

    private static final long SWEEP_MILLIS = 500;
    private static final long CLOSE_MILLIS = 3_000;
    private static final long CLOSE_POLL_MILLIS = 20;
    private static final String STOPPING = "Weir was stopped";

    private final Vertx vertx;
    private final Context context;
    private final WorkerExecutor workers;
    private final ByteBudget memory;
    private final TargetCluster target;
    private final Map<Mirroring, RecordSelection> selections = new HashMap<>();
    private final Queue<MirrorBatch> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private final Deque<MirrorBatch> incoming = new ArrayDeque<>();
    private boolean preparing;
    private volatile boolean closed;
    private long timer;

    MirrorSender(Vertx vertx, Cluster cluster, WorkerExecutor workers) {
        MirrorConfig limits = cluster.config().mirrors();
        this.vertx = vertx;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.workers = workers;
        this.memory = new ByteBudget(limits.memoryBytesMax());
        this.target = new TargetCluster(vertx, context, cluster, limits.deliveryTimeoutMillis(), System::nanoTime);
        context.runOnContext(ignored -> timer = vertx.setPeriodic(SWEEP_MILLIS, tick -> target.sweep()));
    }

    /** What is set aside for all that is on its way there. */
    ByteBudget memory() {
        return memory;
    }

    /** Takes batches over, in order. Any thread. */
    void accept(List<MirrorBatch> batches) {
        arrived.addAll(batches);
        if (closed) {
            dropArrived();
        } else if (!collecting.getAndSet(true)) {
            context.runOnContext(ignored -> vertx.setTimer(COLLECT_MILLIS, tick -> collect()));
        }
    }

    private void collect() {
        collecting.set(false);
        if (closed) {
            dropArrived();
            return;
        }
        for (MirrorBatch batch = arrived.poll(); batch != null; batch = arrived.poll()) {
            incoming.add(batch);
        }
        prepareNext();
    }

    private void dropArrived() {
        for (MirrorBatch batch = arrived.poll(); batch != null; batch = arrived.poll()) {
            batch.dropped(STOPPING);
        }
    }

    private void prepareNext() {
        if (preparing || incoming.isEmpty()) {
            return;
        }
        List<Work> works = new ArrayList<>();
        for (MirrorBatch batch = incoming.poll(); batch != null; batch = incoming.poll()) {
            works.add(new Work(batch, selection(batch.lane().mirroring())));
            if (works.size() == PREPARED_MAX) {
                break;
            }
        }
        preparing = true;
        workers.executeBlocking(
                        () -> works.stream().filter(Work::done).map(Work::batch).toList(), true)
                .onComplete(prepared -> {
                    preparing = false;
                    if (prepared.succeeded()) {
                        take(prepared.result());
                    }
                    prepareNext();
                });
    }

    /** @param selection {@code null} for all records */
    private record Work(MirrorBatch batch, @Nullable RecordSelection selection) {
        boolean done() {
            return batch.prepare(selection);
        }
    }

    private @Nullable RecordSelection selection(Mirroring mirroring) {
        RecordSelection known = selections.get(mirroring);
        if (known == null) {
            known = RecordSelection.of(mirroring, ByteBufAllocator.DEFAULT);
            if (known != null) {
                selections.keySet().removeIf(other -> other.name().equals(mirroring.name())); // of a policy before
                selections.put(mirroring, known);
            }
        }
        return known;
    }

    private void take(List<MirrorBatch> prepared) {
        if (closed) {
            prepared.forEach(batch -> batch.dropped(STOPPING));
        } else {
            target.add(prepared);
        }
    }

    /** Gives what is on its way a moment to arrive, and drops the rest. */
    Future<Void> close() {
        Promise<Void> ended = Promise.promise();
        context.runOnContext(ignored -> end(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS), ended));
        return ended.future();
    }

    private void end(long deadlineNanos, Promise<Void> ended) {
        if (memory.reservedBytes() > 0 && System.nanoTime() - deadlineNanos < 0) {
            vertx.setTimer(CLOSE_POLL_MILLIS, tick -> end(deadlineNanos, ended));
            return;
        }
        closed = true;
        vertx.cancelTimer(timer);
        incoming.forEach(batch -> batch.dropped(STOPPING));
        incoming.clear();
        dropArrived();
        target.close(STOPPING);
        ended.complete();
    }
}
