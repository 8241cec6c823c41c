package dev.weir.topology.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes each answer once per change of the view, on a worker, for all that ask for it; those that ask while it is made
 * get the same. Called on any thread. What it keeps is bounded by number and age.
 */
final class AnswerCache {
    /** Rates fade without any report: an answer is made anew after this, whether something changed or not. */
    private static final long LIVE_MILLIS_MAX = 2_000;
    /** The past changes only by what comes late. */
    private static final long REPLAY_MILLIS_MAX = 10_000;

    private static final int ENTRIES_MAX = 32;

    private final Vertx vertx;
    private final AtomicLong generation = new AtomicLong();
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(Future<Answer> answer, boolean replay, long generation, long madeNanos) {
        boolean holds(long now, long generationNow) {
            long ageMillis = (now - madeNanos) / 1_000_000;
            return !answer.failed()
                    && (replay
                            ? ageMillis < REPLAY_MILLIS_MAX
                            : generation == generationNow && ageMillis < LIVE_MILLIS_MAX);
        }
    }

    AnswerCache(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What is kept of the present does not hold any more. */
    void changed() {
        generation.incrementAndGet();
    }

    /** The answer for this key, from the cache or made now. */
    Future<Answer> get(String key, boolean replay, Callable<Answer> maker) {
        synchronized (entries) {
            long now = System.nanoTime();
            long generationNow = generation.get();
            Entry entry = entries.get(key);
            if (entry == null || !entry.holds(now, generationNow)) {
                entries.values().removeIf(each -> !each.holds(now, generationNow));
                if (entries.size() >= ENTRIES_MAX) {
                    entries.clear();
                }
                entry = new Entry(
                        vertx.executeBlocking(maker, false).map(Objects::requireNonNull), replay, generationNow, now);
                entries.put(key, entry);
            }
            return entry.answer();
        }
    }
}
