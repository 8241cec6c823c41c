package dev.weir.topology.progress;

import dev.weir.topology.state.v1.GroupLedgerState;
import java.util.ArrayList;
import java.util.List;

/**
 * Stretches of a partition in which a group has nothing to do: a canary shares the partition, and all there is the other version's, as proxies told of
 * members that passed it. What is between two stretches is the group's own, or not known to be somebody else's. In order of offsets. Plain
 * memory; one thread.
 */
final class OthersOffsets {
    /** Beyond it every second one in the middle is given up, but that of {@link #givenMillis}: what it knew counts as the group's own. */
    static final int MAX = 64;

    private final List<Stretch> stretches = new ArrayList<>(0);

    /**
     * Offsets [from, end), which may be none: then the last record that a member was given was its own.
     *
     * @param atMillis when all before {@code from} was known to have been given to a member
     */
    private record Stretch(long from, long end, long atMillis) {
        Stretch joined(Stretch other) {
            return new Stretch(
                    Math.min(from, other.from),
                    Math.max(end, other.end),
                    from == other.from
                            ? Math.min(atMillis, other.atMillis)
                            : from < other.from ? atMillis : other.atMillis);
        }
    }

    /** Takes some of the offsets that are left. */
    interface Part {
        void at(long from, long end);
    }

    /**
     * A member has passed [from, end), and nothing there was its own; where stretches meet, they are one, whichever was told of first.
     *
     * @param committed what the group has committed, which the oldest record is asked by that it has not
     */
    void add(long from, long end, long atMillis, long committed) {
        Stretch joined = new Stretch(from, end, atMillis);
        int at = 0;
        while (at < stretches.size() && stretches.get(at).end < from) {
            at++;
        }
        while (at < stretches.size() && stretches.get(at).from <= joined.end) {
            joined = joined.joined(stretches.remove(at));
        }
        stretches.add(at, joined);
        if (stretches.size() > MAX) {
            thin(committed);
        }
    }

    private void thin(long committed) {
        int oldest = firstBehind(committed);
        for (int i = stretches.size() - 2; i > 0; i -= 2) {
            if (i != oldest) {
                stretches.remove(i);
            }
        }
    }

    /** The index of the stretch before which the first record was given that is behind an offset; that of none where there is none. */
    private int firstBehind(long offset) {
        int index = 0;
        while (index < stretches.size() && stretches.get(index).from <= offset) {
            index++;
        }
        return index;
    }

    /** Where what a group has to do begins, that is through with all before an offset. */
    long after(long offset) {
        for (Stretch stretch : stretches) {
            if (stretch.from <= offset && offset < stretch.end) {
                return stretch.end;
            }
        }
        return offset;
    }

    /** When a member had been given the first record of its own behind an offset; -1 where none is known to have been given. */
    long givenMillis(long offset) {
        int first = firstBehind(offset);
        return first < stretches.size() ? stretches.get(first).atMillis : -1;
    }

    /** Shows what of [from, end) is left, in order. */
    void rest(long from, long end, Part part) {
        long cursor = from;
        for (Stretch stretch : stretches) {
            if (stretch.end > cursor && stretch.from < end) {
                if (stretch.from > cursor) {
                    part.at(cursor, stretch.from);
                }
                cursor = stretch.end;
            }
        }
        if (cursor < end) {
            part.at(cursor, end);
        }
    }

    /** Nobody asks for what is before an offset any more. */
    void forget(long offset) {
        stretches.removeIf(stretch -> stretch.end <= offset);
    }

    /** The log ends there: what was told of beyond was of another one. */
    void cut(long logEnd) {
        stretches.removeIf(stretch -> stretch.end > logEnd);
    }

    /** The group goes back: it may own there by now what it did not own before. */
    void clear() {
        stretches.clear();
    }

    void save(GroupLedgerState.Builder state) {
        stretches.forEach(stretch ->
                state.addOthersFrom(stretch.from).addOthersEnd(stretch.end).addOthersMillis(stretch.atMillis));
    }

    void restore(GroupLedgerState state) {
        for (int i = 0; i < state.getOthersFromCount(); i++) {
            stretches.add(new Stretch(state.getOthersFrom(i), state.getOthersEnd(i), state.getOthersMillis(i)));
        }
    }
}
