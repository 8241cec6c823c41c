package dev.weir.testkit.leak;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes down what Netty's leak detectors report in this JVM. Every buffer is watched, which is slow. Netty finds a leak
 * when the buffer's object has been collected, and tells when the next buffer is made: {@link #requireNone} brings both
 * about. Reports come on any thread.
 */
final class LeakRecorder {
    /** What one round of collection finds is sure to be reported once the next one is through. */
    private static final int ROUNDS = 2;

    private static final long COLLECTION_TIMEOUT_MILLIS = 10_000;

    private static final ConcurrentLinkedQueue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static final LongAdder WATCHED = new LongAdder();
    private static long watchedBefore;

    private LeakRecorder() {}

    /** To be called before the first buffer is made: Netty makes its detector then, and keeps it. */
    static void install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // abstract, so it has to be there
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Detector<>(resource, samplingInterval);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
                return new Detector<>(resource, samplingInterval);
            }
        });
    }

    /**
     * Looks at what was left since the last time.
     *
     * @throws AssertionError if a buffer was, with Netty's account of where it was made and passed through
     */
    static synchronized void requireNone() {
        List<String> leaks = found();
        if (!leaks.isEmpty()) {
            throw new AssertionError("Netty found " + leaks.size()
                    + " kinds of buffers that nobody released; the first:\n" + leaks.get(0));
        }
    }

    private static List<String> found() {
        if (WATCHED.sum() == watchedBefore) {
            return List.of();
        }
        for (int i = 0; i < ROUNDS; i++) {
            collect();
            ByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        watchedBefore = WATCHED.sum();
        List<String> leaks = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            leaks.add(leak);
        }
        return leaks;
    }

    /** Collects garbage, and waits until the JVM has said of what it was. */
    private static void collect() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
        System.gc();
        try {
            if (queue.remove(COLLECTION_TIMEOUT_MILLIS) != sentinel) {
                throw new AssertionError("no garbage was collected, so nothing is known of leaks");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while looking for leaks", e);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        public @Nullable ResourceLeakTracker<T> track(T resource) {
            WATCHED.increment();
            return super.track(resource);
        }

        @Override
        public @Nullable ResourceLeakTracker<T> trackForcibly(T resource) {
            WATCHED.increment();
            return super.trackForcibly(resource);
        }

        @Override
        protected boolean needReport() {
            return true; // whatever is logged
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            LEAKS.add(resource + records);
            super.reportTracedLeak(resource, records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            LEAKS.add(resource);
            super.reportUntracedLeak(resource);
        }
    }
}
