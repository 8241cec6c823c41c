package dev.weir.topology.progress;

import dev.weir.topology.progress.Segment.Kind;
import dev.weir.topology.state.v1.SegmentsState;
import java.util.ArrayList;
import java.util.List;

/**
 * When each offset of a partition was appended, and whether it holds data: {@link Segment}s in order of offsets.
 *
 * <p>What proxies reported as appended is dense data. Growth of the log that nobody reported is either the end of
 * transactions, when it is short and follows transactional data, or data that came past the proxies; what is read
 * later settles it. Reports may come in any order: an append takes the place of growth that had nobody to explain it,
 * and what was reported first stays.
 *
 * <p>Error: an append is known within the round that reported it (a second). From {@link #FRESH_MILLIS} on, neighbours
 * are joined as long as they took less than a share of their age, 1/64 for what some group has not read yet and 1/8
 * for the rest; {@code segmentsMax} bounds all, and raises that share when it has to. Times between are interpolated.
 * Of offsets from before the first report, only an upper bound of the time is known, and each counts as a record.
 */
final class OffsetTimes {
    static final long STEP_MILLIS = 500;
    static final long FRESH_MILLIS = 64_000;
    /** What was appended that long ago is in what brokers say. */
    private static final long TRUNCATED_MILLIS = 5_000;

    /** Growth after transactional data, up to so many offsets, is taken for the ends of transactions. */
    static final int MARKERS_MAX = 8;

    private static final double SHARE_UNREAD = 1.0 / 64;
    private static final double SHARE_READ = 1.0 / 8;

    private final int segmentsMax;
    private final List<Segment> segments = new ArrayList<>();
    private long base = -1;
    private long baseMillis = -1;
    private long end = -1;
    private long endMillis = -1;
    private long settled;
    private long reported;
    private long unreported;
    private boolean gapsSeen;

    OffsetTimes(int segmentsMax) {
        this.segmentsMax = segmentsMax;
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
        put(appended);
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
            put(new Segment(end, seen, seen - end, from, atMillis, Kind.UNREPORTED));
            end = seen;
            endMillis = Math.max(endMillis, atMillis);
        } else if (seen == end) {
            endMillis = Math.max(endMillis, atMillis);
        }
    }

    /** The broker says that the log ends before what is known: it was truncated, or the topic was made anew. */
    void truncate(long seen, long atMillis) {
        if (base >= 0 && seen < end && atMillis > endMillis + TRUNCATED_MILLIS) {
            segments.removeIf(segment -> segment.first() >= seen);
            if (!segments.isEmpty() && last().end() > seen) {
                Segment cut = segments.remove(segments.size() - 1);
                segments.add(cut.part(cut.first(), seen));
            }
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
        if (known <= first || (last - first == records && dense(first, last))) {
            return;
        }
        long firm = 0;
        long open = known - first;
        for (int i = at(first); i < segments.size() && segments.get(i).first() < known; i++) {
            Segment segment = segments.get(i);
            if (segment.kind() != Kind.UNREPORTED && segment.kind() != Kind.MARKER) {
                long from = Math.max(first, segment.first());
                long to = Math.min(known, segment.end());
                firm += segment.recordsIn(from, to);
                open -= to - from;
            }
        }
        long data = Math.min(records, known - first);
        if (data < firm) {
            gapsSeen = true;
        }
        settle(first, known, data, firm, open, maxTimestampMillis);
    }

    /** Spreads the records that were read over what is known: first over what is known to be data, then over the rest. */
    private void settle(long first, long last, long data, long firm, long open, long maxTimestampMillis) {
        double firmShare = firm == 0 ? 0 : Math.min(1.0, (double) data / firm);
        double openShare = open == 0 ? 0 : Math.max(0.0, Math.min(1.0, (double) (data - firm) / open));
        List<Segment> pieces = new ArrayList<>();
        long cursor = first;
        int from = at(first);
        int to = from;
        for (; to < segments.size() && segments.get(to).first() < last; to++) {
            Segment whole = segments.get(to);
            if (whole.first() > cursor) {
                pieces.add(unknown(cursor, whole.first(), openShare, maxTimestampMillis, whole.fromMillis()));
            }
            if (whole.first() < first) {
                pieces.add(whole.part(whole.first(), first));
            }
            Segment part = whole.part(Math.max(first, whole.first()), Math.min(last, whole.end()));
            if (part.kind() == Kind.UNREPORTED || part.kind() == Kind.MARKER) {
                long records = Math.round(part.length() * openShare);
                part = records == 0
                        ? part.withKind(Kind.MARKER)
                        : new Segment(part.first(), part.end(), records, part.fromMillis(), part.toMillis(), Kind.READ);
            } else if (firmShare < 1) {
                part = part.withRecords(Math.round(part.records() * firmShare));
            }
            pieces.add(part);
            if (whole.end() > last) {
                pieces.add(whole.part(last, whole.end()));
            }
            cursor = whole.end();
        }
        if (cursor < last) {
            pieces.add(unknown(cursor, last, openShare, maxTimestampMillis, baseMillis));
        }
        splice(from, to, pieces);
    }

    /** From before the first report: the records' own timestamp is all that tells of the time. */
    private static Segment unknown(long first, long last, double share, long maxTimestampMillis, long latestMillis) {
        long millis = maxTimestampMillis < 0 ? latestMillis : Math.min(maxTimestampMillis, latestMillis);
        long records = Math.round((last - first) * share);
        return new Segment(first, last, records, millis, millis, records == 0 ? Kind.MARKER : Kind.READ);
    }

    private boolean dense(long first, long last) {
        long cursor = first;
        for (int i = at(first); i < segments.size() && cursor < last; i++) {
            Segment segment = segments.get(i);
            if (segment.first() > cursor || segment.kind() == Kind.UNREPORTED || !segment.dense()) {
                return false;
            }
            cursor = segment.end();
        }
        return cursor >= last;
    }

    /** Data records at [from, to). */
    long records(long from, long to) {
        long sum = Math.max(0, to - from);
        for (int i = at(from); i < segments.size() && segments.get(i).first() < to; i++) {
            Segment segment = segments.get(i);
            long first = Math.max(from, segment.first());
            long last = Math.min(to, segment.end());
            sum += segment.recordsIn(first, last) - (last - first);
        }
        return sum;
    }

    /** When the first data record at [from, to) was appended, at the latest; -1 when there is none. */
    long firstMillis(long from, long to) {
        if (from >= to) {
            return -1;
        }
        long cursor = from;
        for (int i = at(from); i < segments.size() && segments.get(i).first() < to; i++) {
            Segment segment = segments.get(i);
            if (segment.first() > cursor) {
                return segment.fromMillis();
            }
            if (segment.recordsIn(cursor, Math.min(to, segment.end())) > 0) {
                return segment.millisAt(cursor);
            }
            cursor = segment.end();
        }
        return cursor < to ? baseMillis : -1;
    }

    /** Shows the data at [from, to), oldest offsets first. */
    void visit(long from, long to, Visitor visitor) {
        long cursor = from;
        for (int i = at(from); i < segments.size() && segments.get(i).first() < to; i++) {
            Segment segment = segments.get(i);
            if (segment.first() > cursor) {
                visitor.data(segment.first(), segment.first() - cursor, segment.fromMillis(), segment.fromMillis());
                cursor = segment.first();
            }
            long last = Math.min(to, segment.end());
            long records = segment.recordsIn(cursor, last);
            if (records > 0) {
                visitor.data(last, records, segment.millisAt(cursor), segment.millisAt(last - 1));
            }
            cursor = last;
        }
        if (cursor < to) {
            visitor.data(to, to - cursor, baseMillis, baseMillis);
        }
    }

    /** Takes records before an offset that were appended between two times. */
    interface Visitor {
        void data(long end, long records, long fromMillis, long toMillis);
    }

    /** When the newest data was appended; -1 when that is not known. */
    long newestMillis() {
        for (int i = segments.size() - 1; i >= 0; i--) {
            if (segments.get(i).records() > 0) {
                return segments.get(i).toMillis();
            }
        }
        return -1;
    }

    /** Counts what was appended before a time as reported or not: by then, all reports about it have come. */
    void settleUntil(long millis) {
        for (int i = at(settled); i < segments.size() && segments.get(i).toMillis() <= millis; i++) {
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
        for (int i = at(appended.first());
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

    /** Puts a segment where nothing better is known: what was reported before stays. */
    private void put(Segment segment) {
        if (segments.isEmpty() || last().end() <= segment.first()) {
            segments.add(segment);
            tidy(segments.size() - 1, segments.size());
            return;
        }
        List<Segment> pieces = new ArrayList<>();
        long cursor = segment.first();
        int from = at(segment.first());
        int to = from;
        for (; to < segments.size() && segments.get(to).first() < segment.end(); to++) {
            Segment known = segments.get(to);
            if (known.kind().reported() || known.kind() == Kind.MIXED) {
                if (known.first() > cursor) {
                    pieces.add(segment.part(cursor, known.first()));
                }
                pieces.add(known);
            } else {
                if (known.first() < cursor) {
                    pieces.add(known.part(known.first(), cursor));
                }
                long until = Math.min(known.end(), segment.end());
                pieces.add(segment.part(cursor, until));
                if (known.end() > segment.end()) {
                    pieces.add(known.part(segment.end(), known.end()));
                }
            }
            cursor = Math.max(cursor, known.end());
        }
        if (cursor < segment.end()) {
            pieces.add(segment.part(cursor, segment.end()));
        }
        splice(from, to, pieces);
    }

    private void splice(int from, int to, List<Segment> pieces) {
        List<Segment> window = segments.subList(from, to);
        window.clear();
        window.addAll(pieces);
        tidy(from, from + pieces.size());
    }

    /** Tells markers, and joins what was appended within half a second, around the indexes [from, to). */
    private void tidy(int from, int to) {
        for (int i = Math.max(1, from); i < Math.min(to + 1, segments.size()); i++) {
            Segment segment = segments.get(i);
            Segment before = segments.get(i - 1);
            if (segment.kind() == Kind.UNREPORTED
                    && segment.length() <= MARKERS_MAX
                    && before.end() == segment.first()
                    && before.kind() == Kind.APPENDED_IN_TRANSACTION) {
                segments.set(i, segment.withKind(Kind.MARKER));
            }
        }
        for (int i = Math.min(to + 1, segments.size() - 1); i >= Math.max(1, from - 2) && i < segments.size(); i--) {
            if (joinsAtOnce(i - 1)) {
                segments.set(i - 1, segments.get(i - 1).joined(segments.remove(i)));
            }
        }
    }

    /**
     * Dense data of one kind; or transactional data and markers, but only when other data follows, so that what is at
     * the end of the log, where groups that keep up are, is exact.
     */
    private boolean joinsAtOnce(int i) {
        Segment one = segments.get(i);
        Segment next = segments.get(i + 1);
        if (one.end() != next.first() || took(one, next) > STEP_MILLIS) {
            return false;
        }
        if (one.kind() == next.kind() && one.dense() && next.dense()) {
            return true;
        }
        return inTransaction(one)
                && inTransaction(next)
                && i + 2 < segments.size()
                && segments.get(i + 2).kind() == Kind.APPENDED_IN_TRANSACTION;
    }

    private static boolean inTransaction(Segment segment) {
        return segment.kind() == Kind.APPENDED_IN_TRANSACTION || segment.kind() == Kind.MARKER;
    }

    private static long took(Segment one, Segment next) {
        return Math.max(one.toMillis(), next.toMillis()) - Math.min(one.fromMillis(), next.fromMillis());
    }

    /**
     * Joins what is old, as the class says.
     *
     * @param unreadOffset least offset that some group has not committed yet
     */
    void thin(long nowMillis, long unreadOffset, long logStartOffset) {
        segments.removeIf(segment -> segment.end() <= logStartOffset);
        for (double factor = 1; ; factor *= 2) {
            join(nowMillis, unreadOffset, factor);
            if (segments.size() <= segmentsMax || factor > 1e6) {
                return;
            }
        }
    }

    private void join(long nowMillis, long unreadOffset, double factor) {
        List<Segment> joined = new ArrayList<>(segments.size());
        int tail = tail();
        for (int i = 0; i < segments.size(); i++) {
            Segment next = segments.get(i);
            Segment one = i == 0 ? next : joined.get(joined.size() - 1);
            double share = (next.end() <= unreadOffset ? SHARE_READ : SHARE_UNREAD) * factor;
            long ageMillis = nowMillis - next.toMillis();
            boolean old = factor > 1 || (ageMillis > FRESH_MILLIS && next.end() <= settled);
            if (i > 0
                    && i < tail
                    && old
                    && one.end() == next.first()
                    && took(one, next) <= Math.max(STEP_MILLIS, ageMillis * share)) {
                joined.set(joined.size() - 1, one.joined(next));
            } else {
                joined.add(next);
            }
        }
        segments.clear();
        segments.addAll(joined);
    }

    /** Index of the last data; from there on nothing is joined. */
    private int tail() {
        int i = segments.size() - 1;
        while (i > 0 && segments.get(i).records() == 0) {
            i--;
        }
        return i;
    }

    private Segment last() {
        return segments.get(segments.size() - 1);
    }

    /** Index of the first segment that ends after an offset. */
    private int at(long offset) {
        int low = 0;
        int high = segments.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (segments.get(middle).end() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    SegmentsState state() {
        SegmentsState.Builder state = SegmentsState.newBuilder();
        if (!segments.isEmpty()) {
            state.setFirstOffset(segments.get(0).first())
                    .setFirstMillis(segments.get(0).fromMillis());
        }
        long offset = state.getFirstOffset();
        long millis = state.getFirstMillis();
        for (Segment segment : segments) {
            state.addSkipped(segment.first() - offset)
                    .addLength(segment.length())
                    .addMissing(segment.length() - segment.records())
                    .addFromMillis(segment.fromMillis() - millis)
                    .addTookMillis(segment.toMillis() - segment.fromMillis())
                    .addKind(segment.kind().code());
            offset = segment.end();
            millis = segment.fromMillis();
        }
        return state.setBaseOffset(base)
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
        OffsetTimes times = new OffsetTimes(segmentsMax);
        long offset = state.getFirstOffset();
        long millis = state.getFirstMillis();
        for (int i = 0; i < state.getLengthCount(); i++) {
            long first = offset + state.getSkipped(i);
            long from = millis + state.getFromMillis(i);
            long length = state.getLength(i);
            times.segments.add(new Segment(
                    first,
                    first + length,
                    length - state.getMissing(i),
                    from,
                    from + state.getTookMillis(i),
                    Kind.of(state.getKind(i))));
            offset = first + length;
            millis = from;
        }
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
