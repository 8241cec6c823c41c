package dev.weir.topology.login;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that may wait for the identity provider, and a line of limited length before them. They are not those
 * that answer the API, so a provider that hangs holds up nobody who is logged in. They end with their Vert.x.
 */
final class ProviderThreads {
    static final int THREADS = 4;
    /** Those that are asked for now, and those that wait. */
    static final int QUESTIONS_MAX = 64;

    private static final int WARN_SECONDS = 60;

    private final WorkerExecutor threads;
    private final AtomicInteger questions = new AtomicInteger();

    ProviderThreads(Vertx vertx) {
        this.threads = vertx.createSharedWorkerExecutor("weir-log-in", THREADS, WARN_SECONDS, TimeUnit.SECONDS);
    }

    /** Completes on the caller's context; fails at once where too many wait already. */
    <T> Future<T> ask(Callable<T> question) {
        if (questions.incrementAndGet() > QUESTIONS_MAX) {
            questions.decrementAndGet();
            return Future.failedFuture(new LogInFailure(503, "Too many wait for the identity provider; try again."));
        }
        return threads.executeBlocking(question, false).onComplete(done -> questions.decrementAndGet());
    }
}
