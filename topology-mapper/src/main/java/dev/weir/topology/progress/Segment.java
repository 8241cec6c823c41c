package dev.weir.topology.progress;

import java.util.List;

/**
 * Offsets [{@code first}, {@code end}) of a partition, which were appended between two times.
 *
 * @param records data records in it; fewer than offsets where there are transaction markers or compaction's gaps
 */
record Segment(long first, long end, long records, long fromMillis, long toMillis, Kind kind) {

    /** How it is known. */
    enum Kind {
        /** A proxy reported the append. */
        APPENDED,
        APPENDED_IN_TRANSACTION,
        /** No data: a transaction's end. */
        MARKER,
        /** The log grew by it, and nobody said how. */
        UNREPORTED,
        /** Nobody reported the append, and it was read: it is data. */
        READ,
        /** Several kinds, joined when it was old. */
        MIXED,
        /** Data of a transaction that was aborted, which counts for nobody: it was read. */
        ABORTED;

        private static final List<Kind> ALL = List.of(values());

        /** As it is stored. */
        int code() {
            return ALL.indexOf(this);
        }

        static Kind of(int code) {
            return code < ALL.size() ? ALL.get(code) : MIXED;
        }

        boolean inTransaction() {
            return this == APPENDED_IN_TRANSACTION || this == MARKER || this == ABORTED;
        }

        /** Whether a report of an append would say nothing new. */
        boolean known() {
            return reported() || this == MIXED || this == ABORTED;
        }

        boolean reported() {
            return this == APPENDED || this == APPENDED_IN_TRANSACTION;
        }

        /** Whether somebody appended data past the proxies, as far as is known. */
        boolean missed() {
            return this == UNREPORTED || this == READ;
        }
    }

    Segment {
        if (end <= first || records < 0 || records > end - first || toMillis < fromMillis) {
            throw new IllegalArgumentException("segment [" + first + ", " + end + ") with " + records + " records from "
                    + fromMillis + " to " + toMillis);
        }
    }

    long length() {
        return end - first;
    }

    boolean dense() {
        return records == end - first;
    }

    /** Data records at [from, to), both within; exact where it is dense, else in proportion. Parts add up to the whole. */
    long recordsIn(long from, long to) {
        return dense() ? to - from : recordsBefore(to) - recordsBefore(from);
    }

    /** Rounded up, so that what is left at the end of a segment with a marker is not taken for a record. */
    private long recordsBefore(long offset) {
        return (long) Math.ceil((double) records * (offset - first) / (end - first));
    }

    /** When the record at an offset was appended: at even steps between the two times. */
    long millisAt(long offset) {
        long steps = end - first - 1;
        return steps <= 0 || toMillis == fromMillis
                ? fromMillis
                : fromMillis + Math.round((double) (toMillis - fromMillis) * (offset - first) / steps);
    }

    /** The part of it at [from, to). */
    Segment part(long from, long to) {
        return from == first && to == end
                ? this
                : new Segment(from, to, recordsIn(from, to), millisAt(from), millisAt(to - 1), kind);
    }

    Segment withKind(Kind other) {
        return new Segment(
                first, end, other == Kind.MARKER || other == Kind.ABORTED ? 0 : records, fromMillis, toMillis, other);
    }

    Segment withRecords(long other) {
        return new Segment(first, end, other, fromMillis, toMillis, kind);
    }

    /** Joined with the one right after it. */
    Segment joined(Segment next) {
        Kind both = kind == next.kind ? kind : joined(kind, next.kind);
        return new Segment(
                first,
                next.end,
                records + next.records,
                Math.min(fromMillis, next.fromMillis),
                Math.max(toMillis, next.toMillis),
                both);
    }

    private static Kind joined(Kind one, Kind other) {
        if (one.inTransaction() && other.inTransaction()) {
            return Kind.APPENDED_IN_TRANSACTION;
        }
        return Kind.MIXED;
    }
}
