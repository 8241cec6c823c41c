package dev.weir.schema.registry;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a registry that are kept: good ones for as long as there is room, since what an id stands for does not change; that
 * something is not there, or cannot be used, for a while; that the registry does not answer, for a moment. Whoever asks for what is being
 * asked for gets the same answer. Any thread.
 */
final class AnswerCache<K, V> {
    private static final long DOWN_MILLIS = 1_000;
    /** What an answer takes beside what it holds. */
    static final int ENTRY_BYTES = 1 << 10;

    private final AsyncCache<K, Answer<V>> answers;
    private final Function<K, CompletableFuture<Answer<V>>> load;
    private final LongAdder loading = new LongAdder();

    /**
     * What came of a question.
     *
     * @param good {@code null} when there is something else to say
     * @param otherwise what
     */
    record Answer<V>(@Nullable V good, @Nullable Lookup otherwise) {
        static <V> Answer<V> good(V value) {
            return new Answer<>(value, null);
        }

        static <V> Answer<V> other(Lookup otherwise) {
            return new Answer<>(null, otherwise);
        }
    }

    /**
     * Empty.
     *
     * @param bytesMax of all answers together; what goes first is what is seldom asked for
     * @param bytes how much a good one takes, about
     * @param load asks; what it gives does not fail
     */
    AnswerCache(
            long bytesMax,
            ToLongFunction<V> bytes,
            int negativeMillis,
            LongSupplier nanoTime,
            Function<K, CompletableFuture<Answer<V>>> load) {
        this.load = load;
        this.answers = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<K, Answer<V>>weigher((key, answer) -> weight(answer, bytes))
                .executor(Runnable::run) // what is left to do is little, and no entry is listened to
                .ticker(nanoTime::getAsLong)
                .expireAfter(Expiry.<K, Answer<V>>creating(
                        (key, answer) -> Duration.ofNanos(keptNanos(answer.otherwise(), negativeMillis))))
                .buildAsync();
    }

    private static <V> int weight(Answer<V> answer, ToLongFunction<V> bytes) {
        V good = answer.good();
        return (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + (good == null ? 0 : bytes.applyAsLong(good)));
    }

    private static long keptNanos(@Nullable Lookup otherwise, int negativeMillis) {
        if (otherwise == null) {
            return Long.MAX_VALUE;
        }
        return TimeUnit.MILLISECONDS.toNanos(otherwise instanceof Lookup.Down ? DOWN_MILLIS : negativeMillis);
    }

    /** What is known, or is asked for now. Not to be completed by whoever gets it. */
    CompletableFuture<Answer<V>> get(K key) {
        CompletableFuture<Answer<V>> known = answers.getIfPresent(key);
        if (known == null) {
            known = answers.get(key, (absent, executor) -> {
                loading.increment();
                return load.apply(absent).whenComplete((answer, failure) -> loading.decrement());
            });
        }
        return known;
    }

    /** How much they take, about. */
    long bytes() {
        return answers.synchronous()
                .policy()
                .eviction()
                .orElseThrow()
                .weightedSize()
                .orElse(0);
    }

    int loading() {
        return loading.intValue();
    }

    /** How many are kept. */
    long size() {
        return answers.synchronous().estimatedSize();
    }
}
