package dev.weir.proxy.mirror;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The batches for one partition of a topic, in the order in which they came. Several may be on their way at a time; when one has to be tried
 * again, nothing more is sent until all that are on their way are answered, and they go again in their order. One of which a later one
 * was taken meanwhile is given up: behind it, it would be out of order. So that this is rare, a leader gets one batch alone before it has
 * taken any: one that is new to the partition may refuse the first and take the second.
 *
 * <p>Small ones may go as one batch. When that is refused, they go again as less, or each alone, before any of them is given up. So that nothing is
 * out of order then, nothing follows one that is larger than any that was taken. One thread.
 */
final class PartitionQueue {
    /** As large as several together may be at first. */
    private static final int TOGETHER_BYTES_MAX = 64 << 10;

    /** So often it sends less after that was refused: then one batch of many may have been at fault, or the topic takes more now. */
    static final int LESS_TIMES = 100;

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

    private int togetherBytesMax = TOGETHER_BYTES_MAX;
    /** How often less was sent since something was refused last. */
    private int lessTimes;
    /** The largest of several together that was taken. */
    private int provenBytes;
    /** The first of several that are on their way together, larger than that. */
    private @Nullable MirrorBatch proving;

    private int provingBytes;

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
        return !paused && leader != NOBODY && inOrder && proving == null && !waiting.isEmpty();
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

    /** The next ones are sent, as one batch where they are several; to be asked when one may be sent. */
    List<MirrorBatch> sendTogether() {
        if (togetherBytesMax < TOGETHER_BYTES_MAX && lessTimes++ >= LESS_TIMES) {
            togetherBytesMax = TOGETHER_BYTES_MAX;
        }
        MirrorBatch first = send();
        List<MirrorBatch> together = new ArrayList<>();
        together.add(first);
        int bytes = first.sizeBytes();
        for (MirrorBatch next = waiting.peek();
                first.joins() && next != null && next.joins() && bytes + next.sizeBytes() <= togetherBytesMax;
                next = waiting.peek()) {
            bytes += next.sizeBytes();
            together.add(send());
        }
        if (together.size() > 1 && bytes > provenBytes) {
            proving = first;
            provingBytes = bytes;
        }
        return together;
    }

    /**
     * What was sent as one goes again.
     *
     * @param tooLarge whether less at a time may be taken; else each goes alone for some time
     */
    void apart(List<MirrorBatch> together, String words, boolean tooLarge) {
        sent -= together.size();
        confirmed = false;
        proving = null;
        lastWords = words;
        returned.addAll(together);
        int bytes = together.stream().mapToInt(MirrorBatch::sizeBytes).sum();
        togetherBytesMax = tooLarge ? Math.min(togetherBytesMax, bytes / 2) : 0;
        lessTimes = 0;
        provenBytes = 0; // what was taken before may not be any more
    }

    /** How large the next one is. */
    int nextBytes() {
        MirrorBatch next = waiting.peek();
        return next == null ? 0 : next.sizeBytes();
    }

    void taken(MirrorBatch batch) {
        sent--;
        confirmed = sentTo == leader;
        if (batch == proving) {
            proving = null;
            provenBytes = provingBytes;
        }
        for (MirrorBatch earlier = returned.poll(); earlier != null; earlier = returned.poll()) {
            earlier.failed("a later batch was taken; to try again would change the order. Before that: " + lastWords);
        }
        batch.mirrored();
    }

    /** @param attemptsMax how often a batch is tried */
    void refused(MirrorBatch batch, String words, boolean retriable, int attemptsMax) {
        sent--;
        confirmed = false;
        lessTimes = 0;
        if (batch == proving) {
            proving = null;
        }
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

    /**
     * Gives up what has waited for too long; what is on its way ends by itself.
     *
     * @param refusal for more that would come; {@code null} where that may fare better
     */
    void expire(long ageMillisMax, @Nullable Refusal refusal) {
        for (MirrorBatch first = waiting.peek();
                first != null && first.ageMillis() > ageMillisMax;
                first = waiting.peek()) {
            waiting.remove();
            if (refusal != null) {
                first.lane().refuse(refusal);
            }
            first.failed("it waited for too long: " + lastWords);
        }
    }

    /** Gives up everything that waits. */
    void end(Consumer<MirrorBatch> how) {
        for (MirrorBatch batch = poll(); batch != null; batch = poll()) {
            how.accept(batch);
        }
    }

    private @Nullable MirrorBatch poll() {
        MirrorBatch first = returned.poll();
        return first != null ? first : waiting.poll();
    }
}
