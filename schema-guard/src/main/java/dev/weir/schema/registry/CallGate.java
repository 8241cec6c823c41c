package dev.weir.schema.registry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many questions are on their way to a registry at once, and none while it fails: after a failure it is left alone for a while
 * that doubles, then one question finds out whether it is back. What comes meanwhile fails at once with what failed before. Any thread;
 * nothing waits inside.
 */
final class CallGate {
    private static final long BACKOFF_MIN_MILLIS = 100;
    private static final long BACKOFF_MAX_MILLIS = 10_000;
    private static final long RETRY_AFTER_MAX_MILLIS = 60_000;

    private final int callsMax;
    private final int waitingMax;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;

    private final Deque<Call<?>> waiting = new ArrayDeque<>();
    private int inFlight;
    private int failures;
    private long retryAtNanos;
    private @Nullable RegistryException lastFailure;

    private record Call<T>(Supplier<CompletableFuture<T>> ask, CompletableFuture<T> answer) {}

    /** @param random from 0 to 1, so that proxies that failed together do not come back together */
    CallGate(int callsMax, int waitingMax, LongSupplier nanoTime, DoubleSupplier random) {
        this.callsMax = callsMax;
        this.waitingMax = waitingMax;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Asks now, or when it is its turn; or fails at once with a {@link RegistryException}. */
    <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> ask) {
        Call<T> call = new Call<>(ask, new CompletableFuture<>());
        RegistryException refused = enter(call);
        if (refused != null) {
            call.answer().completeExceptionally(refused);
        }
        return call.answer();
    }

    private @Nullable RegistryException enter(Call<?> call) {
        synchronized (this) {
            if (lastFailure != null && (inFlight > 0 || nanoTime.getAsLong() - retryAtNanos < 0)) {
                return lastFailure;
            }
            if (inFlight >= callsMax) {
                if (waiting.size() >= waitingMax) {
                    return new RegistryException(
                            RegistryFailure.OVERLOADED, "more than " + waitingMax + " questions wait for the registry");
                }
                waiting.add(call);
                return null;
            }
            inFlight++;
        }
        run(call);
        return null;
    }

    private <T> void run(Call<T> call) {
        CompletableFuture<T> asked;
        try {
            asked = call.ask().get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((value, failure) -> {
            Throwable cause = failure == null ? null : RegistryException.causeOf(failure);
            ended(cause instanceof RegistryException told && told.failure().isOfTheRegistry() ? told : null);
            if (cause == null) {
                call.answer().complete(value);
            } else {
                call.answer().completeExceptionally(cause);
            }
        });
    }

    /** @param failure of the registry; {@code null} when it answered, whatever it said */
    private void ended(@Nullable RegistryException failure) {
        List<Call<?>> given = new ArrayList<>();
        synchronized (this) {
            inFlight--;
            if (failure == null) {
                failures = 0;
                lastFailure = null;
                while (inFlight < callsMax && !waiting.isEmpty()) {
                    inFlight++;
                    given.add(waiting.remove());
                }
            } else {
                lastFailure = failure;
                retryAtNanos = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(pauseMillis(failure));
                failures++;
                given.addAll(waiting);
                waiting.clear();
            }
        }
        for (Call<?> call : given) {
            if (failure == null) {
                run(call);
            } else {
                call.answer().completeExceptionally(failure);
            }
        }
    }

    private long pauseMillis(RegistryException failure) {
        long doubled = Math.min(BACKOFF_MAX_MILLIS, BACKOFF_MIN_MILLIS << Math.min(failures, 10));
        long jittered = (long) (doubled * (0.5 + random.getAsDouble() / 2));
        return Math.max(jittered, Math.min(RETRY_AFTER_MAX_MILLIS, failure.retryAfterMillis()));
    }

    /** Why it is left alone; {@code null} while it answers. */
    synchronized @Nullable RegistryException lastFailure() {
        return lastFailure;
    }
}
