package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection waits for before it reads on: its broker, a password check, a topic id that nobody knows. One event
 * loop; what takes its time happens on other threads, and comes back to this one.
 */
final class Waits {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Connection connection;
    private final Context context;
    private final List<Paused<?>> paused = new ArrayList<>(1);
    private int count;
    private long mutedUntilNanos;
    private @Nullable ScheduledFuture<?> muted;

    /** What goes on by itself after a while. */
    private record Paused<T>(Promise<T> promise, T value, ScheduledFuture<?> timer) {}

    Waits(Connection connection, Context context) {
        this.connection = connection;
        this.context = context;
    }

    /** Whether there is anything that is waited for. */
    boolean any() {
        return count > 0;
    }

    /**
     * Stops reading until the future is complete; goes on with its result, or tells {@code failed}, which ends the
     * connection. The future completes on this event loop.
     */
    <T> void await(Future<T> future, Consumer<T> then, Consumer<Throwable> failed) {
        count++;
        connection.updateReading();
        future.onComplete(done -> {
            count--;
            if (connection.isClosed()) {
                discard(done.result());
            } else if (done.failed()) {
                failed.accept(done.cause());
            } else {
                connection.guarded(() -> then.accept(done.result()), MalformedReason.BODY);
                connection.goOn();
            }
        });
    }

    /** A value after a while, for {@link #await}; at once when the connection ends. */
    <T> Future<T> later(T value, int millis) {
        Promise<T> promise = Promise.promise();
        ScheduledFuture<?> timer = connection
                .downstream()
                .eventLoop()
                .schedule(() -> promise.tryComplete(value), millis, TimeUnit.MILLISECONDS);
        Paused<T> pause = new Paused<>(promise, value, timer);
        paused.add(pause);
        return promise.future().onComplete(done -> paused.remove(pause));
    }

    /** Reads nothing from the client for a while, as it has been told (KIP-219); what is in flight is answered. */
    void mute(int millis) {
        long untilNanos = System.nanoTime() + millis * NANOS_PER_MILLI;
        ScheduledFuture<?> before = muted;
        if (before != null && untilNanos - mutedUntilNanos <= 0) {
            return;
        }
        if (before != null) {
            before.cancel(false);
        }
        mutedUntilNanos = untilNanos;
        muted = connection.downstream().eventLoop().schedule(this::unmute, millis, TimeUnit.MILLISECONDS);
        connection.updateReading();
    }

    private void unmute() {
        muted = null;
        if (!connection.isClosed()) {
            connection.goOn();
        }
    }

    boolean isMuted() {
        return muted != null;
    }

    /** The connection has ended: nothing goes on by itself any more, and what would have is given back. */
    void end() {
        if (muted != null) {
            muted.cancel(false);
        }
        for (Paused<?> pause : List.copyOf(paused)) {
            end(pause);
        }
    }

    private static <T> void end(Paused<T> pause) {
        pause.timer.cancel(false);
        pause.promise.tryComplete(pause.value);
    }

    /** What was waited for comes too late. */
    private static void discard(@Nullable Object late) {
        if (late instanceof AuthenticatedSocket upstream) {
            upstream.socket().close();
        } else if (late instanceof RequestFrame frame) {
            frame.release();
        } else if (late instanceof RuledRequest ruled) {
            ruled.release();
        } else if (late instanceof RuledResponse ruled) {
            ruled.release();
        }
    }

    /** Begins work that takes its time on other threads; the future completes here. */
    <T> Future<T> offLoop(Supplier<CompletionStage<T>> work, Executor executor) {
        return Future.fromCompletionStage(
                CompletableFuture.supplyAsync(work, executor).thenCompose(Function.identity()), context);
    }

    /** Brings what completes on any thread to this event loop. */
    <T> Future<T> onLoop(CompletionStage<T> elsewhere) {
        return Future.fromCompletionStage(elsewhere, context);
    }

    /** Brings a value that was waited for elsewhere to this event loop. */
    <T> Future<T> onLoop(T value) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> promise.complete(value));
        return promise.future();
    }
}
