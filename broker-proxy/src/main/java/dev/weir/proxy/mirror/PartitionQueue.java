package dev.weir.proxy.mirror;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The batches for one partition of a topic, in the order in which they came. Several may be on their way at a time; when one has to be tried
 * again, nothing more is sent until all that are on their way are answered, and they go again in their order. One of which a later one
 * was taken meanwhile is given up: behind it, it would be out of order. So that this is rare, a leader gets one batch alone before it has
 * taken any: one that is new to the partition may refuse the first and take the second. One thread.
 */
final class PartitionQueue {
    /** No leader is known. */
    static final int NOBODY = -1;

    private final int partition;
    private final Deque<MirrorBatch> waiting = new ArrayDeque<>();
    /** To be tried again, in order. */
    private final Deque<MirrorBatch> returned = new ArrayDeque<>();

    private int sent;
    private boolean paused;
    private int leader = NOBODY;
    /** Who has what is on its way. */
    private int sentTo = NOBODY;

    /** Whether the leader has taken a batch since something came back. */
    private boolean confirmed;

    private String lastWords = "nobody has tried yet";

    PartitionQueue(int partition) {
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    int leader() {
        return leader;
    }

    /** Who takes its batches from now on. */
    void leader(int nodeId) {
        confirmed &= nodeId == leader;
        leader = nodeId;
        paused = nodeId == NOBODY;
    }

    void add(MirrorBatch batch) {
        waiting.add(batch);
    }

    /** Whether a batch may be sent now. */
    boolean canSend() {
        boolean inOrder = returned.isEmpty() && (sent == 0 || (confirmed && sentTo == leader));
        return !paused && leader != NOBODY && inOrder && !waiting.isEmpty();
    }

    /** Whether anything waits. */
    boolean isIdle() {
        return waiting.isEmpty() && returned.isEmpty() && sent == 0;
    }

    /** Whether a leader has to be found before it goes on. */
    boolean isPaused() {
        return paused || leader == NOBODY;
    }

    /** The next one is sent. */
    MirrorBatch send() {
        sent++;
        sentTo = leader;
        return waiting.remove();
    }

    /** How large the next one is. */
    int nextBytes() {
        MirrorBatch next = waiting.peek();
        return next == null ? 0 : next.sizeBytes();
    }

    void taken(MirrorBatch batch) {
        sent--;
        confirmed = sentTo == leader;
        for (MirrorBatch earlier = returned.poll(); earlier != null; earlier = returned.poll()) {
            earlier.failed("a later batch was taken; to try again would change the order. Before that: " + lastWords);
        }
        batch.mirrored();
    }

    /** @param attemptsMax how often a batch is tried */
    void refused(MirrorBatch batch, String words, boolean retriable, int attemptsMax) {
        sent--;
        confirmed = false;
        lastWords = words;
        if (retriable && batch.tryAgain() < attemptsMax) {
            returned.add(batch);
        } else {
            batch.failed(words);
        }
    }

    /**
     * Puts what came back in front again, once nothing is on its way.
     *
     * @return whether it did; then nothing is sent before it has a {@link #leader}
     */
    boolean settle() {
        if (sent > 0 || returned.isEmpty()) {
            return false;
        }
        for (MirrorBatch last = returned.pollLast(); last != null; last = returned.pollLast()) {
            waiting.addFirst(last);
        }
        paused = true;
        return true;
    }

    /** Gives up what has waited for too long; what is on its way ends by itself. */
    void expire(long ageMillisMax) {
        for (MirrorBatch first = waiting.peek();
                first != null && first.ageMillis() > ageMillisMax;
                first = waiting.peek()) {
            waiting.remove();
            first.failed("it waited for too long: " + lastWords);
        }
    }

    /** Gives up everything that waits. */
    void end(String words, boolean dropped) {
        while (true) {
            MirrorBatch batch = poll();
            if (batch == null) {
                return;
            }
            if (dropped) {
                batch.dropped(words);
            } else {
                batch.failed(words);
            }
        }
    }

    private @Nullable MirrorBatch poll() {
        MirrorBatch first = returned.poll();
        return first != null ? first : waiting.poll();
    }
}
