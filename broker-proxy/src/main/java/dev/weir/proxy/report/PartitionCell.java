package dev.weir.proxy.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection saw of one partition: how far the log goes, what was appended and read since the last round, and
 * where the client reads, which outlives rounds as fetch sessions do (KIP-227). Event loop only.
 */
final class PartitionCell {
    /** Beyond it neighbours are joined though offsets lie between them. */
    private static final int RANGES_MAX = 256;

    private static final long NONE = -1;

    private final ConnectionReports connection;
    private final String topic;
    private final int partition;

    private boolean inRound;
    private List<LoopRound.Appended> appends = List.of();
    private List<LoopRound.Seen> spans = List.of();
    private long highWatermark = NONE;
    private long lastStableOffset = NONE;
    private long logStartOffset = NONE;
    private long logEndOffset = NONE;
    private @Nullable ReadPosition position;

    /** The produce requests that are on their way, oldest first; brokers answer in order. */
    private @Nullable ProducedPartition oldest;

    private @Nullable ProducedPartition newest;

    PartitionCell(ConnectionReports connection, String topic, int partition) {
        this.connection = connection;
        this.topic = topic;
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    // ---- produce

    void sent(ProducedPartition produced) {
        ProducedPartition before = newest;
        if (before == null || oldest == null) {
            oldest = produced;
        } else {
            before.next = produced;
        }
        newest = produced;
    }

    /** What was sent to the partition in the request, or {@code null} when nothing was; it is forgotten here. */
    @Nullable
    ProducedPartition answered(ProduceSent request) {
        ProducedPartition first = oldest;
        if (first == null || first.request != request) {
            return null;
        }
        oldest = first.next;
        if (oldest == null) {
            newest = null;
        }
        first.next = null;
        return first;
    }

    void appended(long first, long end, long fromMillis, long toMillis, boolean transactional, long records) {
        if (appends.isEmpty()) {
            appends = new ArrayList<>(2);
        }
        LoopRound.Appended last = appends.isEmpty() ? null : appends.get(appends.size() - 1);
        if (last != null
                && last.transactional == transactional
                && end > last.end
                && (last.end == first || appends.size() >= RANGES_MAX)) {
            last.extend(end, toMillis, records);
        } else if (appends.size() < RANGES_MAX) {
            appends.add(new LoopRound.Appended(first, end, fromMillis, toMillis, transactional, records));
        }
        logEndOffset = Math.max(logEndOffset, end);
        touch();
    }

    // ---- fetch

    /** The client asks for what is from here on. */
    void fetching(long offset, long nowMillis) {
        position().fetching(offset, nowMillis);
        touch();
    }

    /** The client asks no more, or a session of its has ended. */
    void notFetching() {
        if (position != null) {
            position.notFetching();
        }
    }

    /** What the client asked for last; -1 where it asks no more. */
    long fetchOffset() {
        return position == null ? NONE : position.fetchOffset();
    }

    private ReadPosition position() {
        ReadPosition known = position;
        if (known == null) {
            known = new ReadPosition();
            position = known;
        }
        return known;
    }

    void seen(long first, long end, long records, LoopRound.Content content, long maxTimestampMillis) {
        if (spans.isEmpty()) {
            spans = new ArrayList<>(2);
        }
        LoopRound.Seen last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
        if (last != null && last.end == first && last.content == content) {
            last.extend(end, records, maxTimestampMillis);
        } else if (last != null && spans.size() >= RANGES_MAX) {
            if (end > last.end) {
                last.content = LoopRound.Content.DATA;
                last.extend(end, records, maxTimestampMillis);
            }
        } else {
            spans.add(new LoopRound.Seen(first, end, records, content, maxTimestampMillis));
        }
        touch();
    }

    /** The client was sent all that there is, up to an offset. */
    void delivered(long end, long nowMillis) {
        position().delivered(end, nowMillis);
        touch();
    }

    /** As {@link ReadPosition#deliveredOwn}. */
    void deliveredOwn(long wanted, long ownEnd, long end, long nowMillis) {
        position().deliveredOwn(wanted, ownEnd, end, nowMillis);
        touch();
    }

    // ---- the log

    void highWatermark(long offset) {
        highWatermark = Math.max(highWatermark, offset);
        touch();
    }

    void lastStableOffset(long offset) {
        lastStableOffset = Math.max(lastStableOffset, offset);
        touch();
    }

    void logStartOffset(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
        touch();
    }

    void logEndOffset(long offset) {
        logEndOffset = Math.max(logEndOffset, offset);
        touch();
    }

    private void touch() {
        if (!inRound) {
            inRound = connection.loop().add(this);
        }
    }

    /** Gives what was seen, and begins again; the client's place in the log stays. */
    LoopRound.PartitionSeen take() {
        LoopRound.PartitionSeen taken = new LoopRound.PartitionSeen(
                connection.client(),
                topic,
                partition,
                appends,
                spans,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                logEndOffset,
                position == null ? null : position.take());
        inRound = false;
        appends = List.of();
        spans = List.of();
        highWatermark = NONE;
        lastStableOffset = NONE;
        logStartOffset = NONE;
        logEndOffset = NONE;
        return taken;
    }
}
