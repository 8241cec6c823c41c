package dev.weir.topology.progress;

import dev.weir.topology.progress.Segment.Kind;
import dev.weir.topology.state.v1.SegmentsState;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Segment}s of one partition in order of offsets, which may leave out some. Neighbours are joined: at once where
 * that costs nothing, else when they are old.
 *
 * <p>Error: from {@link #FRESH_MILLIS} on, neighbours are joined as long as they took less than a share of their age, 1/64
 * for what some group has not read yet and 1/8 for the rest; {@code max} bounds all, and raises that share when it has to.
 */
final class Segments {
    static final long STEP_MILLIS = 500;
    static final long FRESH_MILLIS = 64_000;

    /** Growth after transactional data, up to so many offsets, is taken for the ends of transactions. */
    static final int MARKERS_MAX = 8;

    private static final double SHARE_UNREAD = 1.0 / 64;
    private static final double SHARE_READ = 1.0 / 8;

    private final int max;
    private final List<Segment> segments = new ArrayList<>();

    /** @param max as many are kept, beside those at the end of the log */
    Segments(int max) {
        this.max = max;
    }

    int size() {
        return segments.size();
    }

    Segment get(int index) {
        return segments.get(index);
    }

    /** Whether all of [from, to) is known to be data. */
    boolean dense(long from, long to) {
        long cursor = from;
        for (int i = at(from); i < segments.size() && cursor < to; i++) {
            Segment segment = segments.get(i);
            if (segment.first() > cursor || segment.kind() == Kind.UNREPORTED || !segment.dense()) {
                return false;
            }
            cursor = segment.end();
        }
        return cursor >= to;
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

    /**
     * When the first data record at [from, to) was appended, at the latest; -1 when there is none.
     *
     * @param otherwiseMillis when that was at the latest of which nothing is known, after all that is
     * @param untoldMillis when it was of growth seen after that, which nobody has told of, is not known yet: whoever
     *     appended it is about to say; until then it counts from when it was seen
     */
    long firstMillis(long from, long to, long otherwiseMillis, long untoldMillis) {
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
                return segment.kind().missed() && segment.toMillis() > untoldMillis
                        ? segment.toMillis()
                        : segment.millisAt(cursor);
            }
            cursor = segment.end();
        }
        return cursor < to ? otherwiseMillis : -1;
    }

    /** Shows the data at [from, to), oldest offsets first. The rest is as for {@link #firstMillis}. */
    void visit(long from, long to, long otherwiseMillis, Visitor visitor) {
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
            visitor.data(to, to - cursor, otherwiseMillis, otherwiseMillis);
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

    /** Cuts off what begins at an offset, or reaches beyond it. */
    void cut(long end) {
        segments.removeIf(segment -> segment.first() >= end);
        if (!segments.isEmpty() && last().end() > end) {
            Segment cut = segments.remove(segments.size() - 1);
            segments.add(cut.part(cut.first(), end));
        }
    }

    /** Puts a segment where nothing better is known: what was reported before stays. */
    void put(Segment segment) {
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
            if (known.kind().known()) {
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

    /** Puts pieces, in order, in place of those with the indexes [from, to). */
    void splice(int from, int to, List<Segment> pieces) {
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
                    && (before.kind() == Kind.APPENDED_IN_TRANSACTION || before.kind() == Kind.ABORTED)) {
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
        return one.kind().inTransaction()
                && next.kind().inTransaction()
                && i + 2 < segments.size()
                && segments.get(i + 2).kind() == Kind.APPENDED_IN_TRANSACTION;
    }

    private static long took(Segment one, Segment next) {
        return Math.max(one.toMillis(), next.toMillis()) - Math.min(one.fromMillis(), next.fromMillis());
    }

    /**
     * Joins what is old, as the class says.
     *
     * @param settledOffset what is before it has been counted as reported or not
     * @param unreadOffset least offset that some group has not committed yet
     */
    void thin(long nowMillis, long settledOffset, long unreadOffset, long logStartOffset) {
        segments.removeIf(segment -> segment.end() <= logStartOffset);
        for (double factor = 1; ; factor *= 2) {
            join(nowMillis, settledOffset, unreadOffset, factor);
            if (segments.size() <= max || factor > 1e6) {
                return;
            }
        }
    }

    private void join(long nowMillis, long settledOffset, long unreadOffset, double factor) {
        List<Segment> joined = new ArrayList<>(segments.size());
        int tail = tail();
        for (int i = 0; i < segments.size(); i++) {
            Segment next = segments.get(i);
            Segment one = i == 0 ? next : joined.get(joined.size() - 1);
            double share = (next.end() <= unreadOffset ? SHARE_READ : SHARE_UNREAD) * factor;
            long ageMillis = nowMillis - next.toMillis();
            boolean old = factor > 1 || (ageMillis > FRESH_MILLIS && next.end() <= settledOffset);
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
    int at(long offset) {
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

    SegmentsState.Builder state() {
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
        return state;
    }

    static Segments of(SegmentsState state, int max) {
        Segments restored = new Segments(max);
        long offset = state.getFirstOffset();
        long millis = state.getFirstMillis();
        for (int i = 0; i < state.getLengthCount(); i++) {
            long first = offset + state.getSkipped(i);
            long from = millis + state.getFromMillis(i);
            long length = state.getLength(i);
            restored.segments.add(new Segment(
                    first,
                    first + length,
                    length - state.getMissing(i),
                    from,
                    from + state.getTookMillis(i),
                    Kind.of(state.getKind(i))));
            offset = first + length;
            millis = from;
        }
        return restored;
    }
}
