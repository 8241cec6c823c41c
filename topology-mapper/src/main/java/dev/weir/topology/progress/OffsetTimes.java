package dev.weir.topology.progress;

import dev.weir.topology.progress.Segment.Kind;
import dev.weir.topology.state.v1.SegmentsState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * When each offset of a partition was appended, and whether it holds data: {@link Segments}, and how reports change them.
 *
 * <p>What proxies reported as appended is dense data. Growth of the log that nobody reported is either the end of
 * transactions, when it is short and follows transactional data, or data that came past the proxies; what is read
 * later settles it. Reports may come in any order: an append takes the place of growth that had nobody to explain it,
 * and what was reported first stays.
 *
 * <p>Error: an append is known within the round that reported it (a second). Times between are interpolated, as
 * {@link Segments} says. Of offsets from before the first report, only an upper bound of the time is known, and each counts
 * as a record.
 */
final class OffsetTimes {
    static final long STEP_MILLIS = Segments.STEP_MILLIS;
    /** What was appended that long ago is in what brokers say. */
    private static final long TRUNCATED_MILLIS = 5_000;

    private final Segments segments;
    private long base = -1;
    private long baseMillis = -1;
    private long end = -1;
    private long endMillis = -1;
    private long settled;
    private long reported;
    private long unreported;
    private boolean gapsSeen;

    OffsetTimes(int segmentsMax) {
        this(new Segments(segmentsMax));
    }

    private OffsetTimes(Segments segments) {
        this.segments = segments;
    }

    /** The offset after the last that is known; -1 before anything is. */
    long end() {
        return end;
    }

    boolean gapsSeen() {
        return gapsSeen;
    }

    /** Data records whose append was reported, and those for which nobody did in time; both since the first report. */
    long reportedRecords() {
        return reported;
    }

    long unreportedRecords() {
        return unreported;
    }

    int size() {
        return segments.size();
    }

    void append(long first, long last, long fromMillis, long toMillis, boolean transactional) {
        observeEnd(first, fromMillis);
        if (first < base) {
            if (settled == base) {
                settled = first;
            } else {
                reported += Math.min(last, base) - first;
            }
            base = first;
        }
        Kind kind = transactional ? Kind.APPENDED_IN_TRANSACTION : Kind.APPENDED;
        Segment appended = new Segment(first, last, last - first, fromMillis, Math.max(fromMillis, toMillis), kind);
        correct(appended);
        segments.put(appended);
        if (last >= end) {
            end = last;
            endMillis = Math.max(endMillis, toMillis);
        }
    }

    /** The log was seen to reach up to an offset; where that is further than known, somebody appended. */
    void observeEnd(long seen, long atMillis) {
        if (base < 0) {
            base = seen;
            baseMillis = atMillis;
            end = seen;
            endMillis = atMillis;
            settled = seen;
        } else if (seen > end) {
            long from = Math.min(endMillis, atMillis);
            segments.put(new Segment(end, seen, seen - end, from, atMillis, Kind.UNREPORTED));
            end = seen;
            endMillis = Math.max(endMillis, atMillis);
        } else if (seen == end) {
            endMillis = Math.max(endMillis, atMillis);
        }
    }

    /** The broker says that the log ends before what is known: it was truncated, or the topic was made anew. */
    void truncate(long seen, long atMillis) {
        if (base >= 0 && seen < end && atMillis > endMillis + TRUNCATED_MILLIS) {
            segments.cut(seen);
            end = seen;
            endMillis = atMillis;
            base = Math.min(base, seen);
            settled = Math.min(settled, seen);
        }
    }

    /** Offsets were read, and held so many data records. */
    void read(long first, long last, long records, long maxTimestampMillis) {
        if (base < 0 || first >= last) {
            return;
        }
        long known = Math.min(last, end);
        if (known <= first || (last - first == records && segments.dense(first, last))) {
            return;
        }
        settle(first, known, Math.min(records, known - first), maxTimestampMillis);
    }

    /** Offsets were read whose transactions were aborted: nobody who wants committed data gets them. */
    void aborted(long first, long last) {
        if (base >= 0 && first < Math.min(last, end)) {
            replace(
                    first,
                    Math.min(last, end),
                    part -> part.withKind(Kind.ABORTED),
                    (from, to, millis) -> new Segment(from, to, 0, millis, millis, Kind.ABORTED));
        }
    }

    /** Spreads the records that were read over what is known: first over what is known to be data, then over the rest. */
    private void settle(long first, long known, long data, long maxTimestampMillis) {
        long firm = 0;
        long open = known - first;
        for (int i = segments.at(first); i < segments.size() && segments.get(i).first() < known; i++) {
            Segment segment = segments.get(i);
            if (segment.kind() != Kind.UNREPORTED && segment.kind() != Kind.MARKER) {
                long from = Math.max(first, segment.first());
                long to = Math.min(known, segment.end());
                firm += segment.recordsIn(from, to);
                open -= to - from;
            }
        }
        if (data < firm) {
            gapsSeen = true;
        }
        Spread spread = new Spread(data, firm, open);
        replace(
                first,
                known,
                part -> settled(part, spread),
                (from, to, millis) -> unknown(from, to, spread, maxTimestampMillis, millis));
    }

    private static Segment settled(Segment part, Spread spread) {
        if (part.kind() != Kind.UNREPORTED && part.kind() != Kind.MARKER) {
            return part.withRecords(spread.firm(part.records()));
        }
        long records = spread.open(part.length());
        return records == 0
                ? part.withKind(Kind.MARKER)
                : new Segment(part.first(), part.end(), records, part.fromMillis(), part.toMillis(), Kind.READ);
    }

    /** Gives every part its share of the records, so that all parts together have exactly those that there are. */
    private static final class Spread {
        private final double firmShare;
        private final double openShare;
        private long firm;
        private long open;

        Spread(long data, long firm, long open) {
            firmShare = firm == 0 ? 0 : Math.min(1.0, (double) data / firm);
            openShare = open == 0 ? 0 : Math.max(0.0, Math.min(1.0, (double) (data - firm) / open));
        }

        long firm(long records) {
            long before = Math.round(firm * firmShare);
            firm += records;
            return Math.round(firm * firmShare) - before;
        }

        long open(long offsets) {
            long before = Math.round(open * openShare);
            open += offsets;
            return Math.round(open * openShare) - before;
        }
    }

    /** Makes a segment of offsets that none is of. */
    private interface Filling {
        Segment of(long first, long last, long latestMillis);
    }

    /** Puts something else in place of what is at [first, last). */
    private void replace(long first, long last, UnaryOperator<Segment> change, Filling filling) {
        List<Segment> pieces = new ArrayList<>();
        long cursor = first;
        int from = segments.at(first);
        int to = from;
        for (; to < segments.size() && segments.get(to).first() < last; to++) {
            Segment whole = segments.get(to);
            if (whole.first() > cursor) {
                pieces.add(filling.of(cursor, whole.first(), whole.fromMillis()));
            }
            if (whole.first() < first) {
                pieces.add(whole.part(whole.first(), first));
            }
            Segment part = whole.part(Math.max(first, whole.first()), Math.min(last, whole.end()));
            pieces.add(change.apply(part));
            if (whole.end() > last) {
                pieces.add(whole.part(last, whole.end()));
            }
            cursor = whole.end();
        }
        if (cursor < last) {
            pieces.add(filling.of(cursor, last, baseMillis));
        }
        segments.splice(from, to, pieces);
    }

    /** From before the first report: the records' own timestamp is all that tells of the time. */
    private static Segment unknown(long first, long last, Spread spread, long maxTimestampMillis, long latestMillis) {
        long millis = maxTimestampMillis < 0 ? latestMillis : Math.min(maxTimestampMillis, latestMillis);
        long records = spread.open(last - first);
        return new Segment(first, last, records, millis, millis, records == 0 ? Kind.MARKER : Kind.READ);
    }

    /** Data records at [from, to). */
    long records(long from, long to) {
        return segments.records(from, to);
    }

    /** When the first data record at [from, to) was appended, as far as is known by now; -1 when there is none. */
    long firstMillis(long from, long to, long nowMillis) {
        return segments.firstMillis(from, to, baseMillis, nowMillis - LagFigures.NEWS_MILLIS);
    }

    /** Shows the data at [from, to), oldest offsets first. */
    void visit(long from, long to, Segments.Visitor visitor) {
        segments.visit(from, to, baseMillis, visitor);
    }

    /** When the newest data was appended; -1 when that is not known. */
    long newestMillis() {
        return segments.newestMillis();
    }

    /** Counts what was appended before a time as reported or not: by then, all reports about it have come. */
    void settleUntil(long millis) {
        for (int i = segments.at(settled);
                i < segments.size() && segments.get(i).toMillis() <= millis;
                i++) {
            Segment segment = segments.get(i);
            long from = Math.max(settled, segment.first());
            if (from >= base) {
                long records = segment.recordsIn(from, segment.end());
                if (segment.kind().missed()) {
                    unreported += records;
                } else {
                    reported += records;
                }
            }
            settled = segment.end();
        }
    }

    /** A report that came later than any ought to. */
    private void correct(Segment appended) {
        for (int i = segments.at(appended.first());
                i < segments.size() && segments.get(i).first() < appended.end();
                i++) {
            Segment segment = segments.get(i);
            long from = Math.max(segment.first(), appended.first());
            long to = Math.min(Math.min(segment.end(), appended.end()), settled);
            if (segment.kind().missed() && from < to) {
                long records = segment.recordsIn(from, to);
                unreported -= Math.min(unreported, records);
                reported += records;
            }
        }
    }

    /**
     * Joins what is old.
     *
     * @param unreadOffset least offset that some group has not committed yet
     */
    void thin(long nowMillis, long unreadOffset, long logStartOffset) {
        segments.thin(nowMillis, settled, unreadOffset, logStartOffset);
    }

    SegmentsState state() {
        return segments.state()
                .setBaseOffset(base)
                .setBaseMillis(baseMillis)
                .setEndOffset(end)
                .setEndMillis(endMillis)
                .setSettledOffset(settled)
                .setReportedRecords(reported)
                .setUnreportedRecords(unreported)
                .setGapsSeen(gapsSeen)
                .build();
    }

    static OffsetTimes of(SegmentsState state, int segmentsMax) {
        OffsetTimes times = new OffsetTimes(Segments.of(state, segmentsMax));
        times.base = state.getBaseOffset();
        times.baseMillis = state.getBaseMillis();
        times.end = state.getEndOffset();
        times.endMillis = state.getEndMillis();
        times.settled = state.getSettledOffset();
        times.reported = state.getReportedRecords();
        times.unreported = state.getUnreportedRecords();
        times.gapsSeen = state.getGapsSeen();
        return times;
    }
}
