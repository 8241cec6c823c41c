package dev.weir.proxy.report;

import dev.weir.mesh.report.v1.Direction;
import io.netty.util.collection.IntObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop saw in one round. Handed from the loop to the reporter's thread, and no longer touched by the loop.
 *
 * @param fromMillis when the round began, by this machine's clock
 * @param toMillis when it ended
 * @param overflow what had no room in it
 */
record LoopRound(
        long fromMillis,
        long toMillis,
        List<FlowCounts> flows,
        List<PartitionSeen> partitions,
        Events events,
        long overflow) {

    boolean isEmpty() {
        return flows.isEmpty() && partitions.isEmpty() && events.isEmpty() && overflow == 0;
    }

    /** How many reports it is worth. */
    int size() {
        return flows.size() + partitions.size() + events.size();
    }

    /**
     * One flow.
     *
     * @param invalidReasons invalid records by {@code InvalidReason}, or {@code null} for none
     * @param errors by Kafka's error code, or {@code null} for none
     * @param latencies by bucket, or {@code null} for none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record FlowCounts(
            ReportedClient client,
            Direction direction,
            String topic,
            long records,
            long bytes,
            long batches,
            long unacknowledged,
            long denied,
            long dryRunDenied,
            long checked,
            long invalid,
            @Nullable IntObjectMap<Long> invalidReasons,
            @Nullable IntObjectMap<Long> errors,
            int @Nullable [] latencies) {}

    /**
     * One partition as one connection saw it; offsets are -1 where none was seen.
     *
     * @param place where the client reads, or {@code null} when it did not read
     */
    record PartitionSeen(
            ReportedClient client,
            String topic,
            int partition,
            List<Appended> appends,
            List<Seen> spans,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            long logEndOffset,
            @Nullable Place place) {}

    /**
     * Where a client reads.
     *
     * @param othersFrom from where on, up to what was delivered, nothing was its own; -1 where no canary shares the partition, or nothing was delivered yet
     */
    record Place(long fetchOffset, long deliveredOffset, long othersFrom, long atMillis) {

        /** The newer of two places of a client: where it went on with another connection, it still knows what it had passed before. */
        static Place newer(Place one, Place other) {
            return one.atMillis > other.atMillis ? one.after(other) : other.after(one);
        }

        private Place after(Place older) {
            long from = deliveredOffset < 0 ? fetchOffset : othersFrom;
            return older.othersFrom < 0 || from < older.othersFrom || from > older.deliveredOffset
                    ? this
                    : new Place(
                            fetchOffset, Math.max(deliveredOffset, older.deliveredOffset), older.othersFrom, atMillis);
        }
    }

    /** Offsets that were appended; grows while its round lasts. */
    static final class Appended {
        final long first;
        final boolean transactional;
        long fromMillis;
        long end;
        long toMillis;
        long records;

        Appended(long first, long end, long fromMillis, long toMillis, boolean transactional, long records) {
            this.first = first;
            this.end = end;
            this.fromMillis = fromMillis;
            this.toMillis = toMillis;
            this.transactional = transactional;
            this.records = records;
        }

        void extend(long newEnd, long newToMillis, long moreRecords) {
            end = newEnd;
            toMillis = Math.max(toMillis, newToMillis);
            records += moreRecords;
        }
    }

    /** What offsets that were read hold. */
    enum Content {
        DATA,
        /** Nothing: compaction took it out. */
        GAP,
        /** The ends of transactions, and nothing else. */
        MARKERS,
        /** Data of transactions that were aborted, as a client was told that wants committed data only. */
        ABORTED
    }

    /** Offsets that were read; grows while its round lasts. */
    static final class Seen {
        final long first;
        long end;
        long records;
        Content content;
        long maxTimestampMillis;

        Seen(long first, long end, long records, Content content, long maxTimestampMillis) {
            this.first = first;
            this.end = end;
            this.records = records;
            this.content = content;
            this.maxTimestampMillis = maxTimestampMillis;
        }

        void extend(long newEnd, long moreRecords, long timestampMillis) {
            end = newEnd;
            records += moreRecords;
            maxTimestampMillis = Math.max(maxTimestampMillis, timestampMillis);
        }
    }
}
