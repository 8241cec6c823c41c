package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection waits for before it reads on: its broker, a password check, a topic id that nobody knows. One event
 * loop; what takes its time happens on other threads, and comes back to this one.
 */
final class Waits {
    private final Connection connection;
    private final Context context;
    private int count;

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
