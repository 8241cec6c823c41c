package dev.weir.proxy.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the rules of one request wait for, in rounds, until its time is over. One thread at a time. */
final class RuleWait {
    private final List<CompletableFuture<Void>> awaited = new ArrayList<>(0);
    private boolean begun;
    private long deadlineNanos;

    /** A round begins. */
    void begin() {
        awaited.clear();
    }

    /** Whether there is time for something that is not known. */
    boolean hasTime() {
        return !begun || System.nanoTime() - deadlineNanos < 0;
    }

    /** Something is not known; the first says how long it may take in all. */
    void add(CompletableFuture<Void> something, int timeoutMillis) {
        awaited.add(something);
        if (!begun) {
            begun = true;
            deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        }
    }

    /** Complete when the next round may begin; {@code null} when nothing is waited for. */
    @Nullable
    CompletableFuture<Void> end() {
        if (awaited.isEmpty()) {
            return null;
        }
        return CompletableFuture.allOf(awaited.toArray(new CompletableFuture<?>[0]))
                .completeOnTimeout(null, Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
