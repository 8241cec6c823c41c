package dev.weir.cli.ledger;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What clients themselves know of one partition: when appends were acknowledged, and when what was committed. */
final class LagTruth {
    private final ConcurrentSkipListMap<Long, Long> appendedMillis = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Long> committed = new ConcurrentSkipListMap<>();

    void appended(long offset, long millis) {
        appendedMillis.put(offset, millis);
    }

    void committed(long offset, long millis) {
        committed.put(millis, offset);
    }

    /** When the record at an offset was acknowledged. */
    long appendedMillis(long offset) {
        return appendedMillis.get(offset);
    }

    /** How many were acknowledged in [from, to). */
    long appendedBetween(long fromMillis, long toMillis) {
        return appendedMillis.values().stream()
                .filter(millis -> millis >= fromMillis && millis < toMillis)
                .count();
    }

    /** The offset after the last record that was acknowledged before a time. */
    long acknowledged(long beforeMillis) {
        return appendedMillis.entrySet().stream()
                .filter(record -> record.getValue() <= beforeMillis)
                .mapToLong(record -> record.getKey() + 1)
                .max()
                .orElse(0);
    }

    /** Age of the first record that was acknowledged and not committed at that time; 0 when there is none. */
    long lagMillis(long atMillis) {
        Map.Entry<Long, Long> last = committed.floorEntry(atMillis);
        long from = last == null ? 0 : last.getValue();
        Map.Entry<Long, Long> pending = appendedMillis.ceilingEntry(from);
        return pending == null || pending.getValue() > atMillis ? 0 : atMillis - pending.getValue();
    }

    /** How far a figure is from the truth, at the best moment of the time that it may have taken to show it. */
    long errorMillis(long shownMillis, long atMillis, long allowedMillis) {
        long error = Long.MAX_VALUE;
        for (long back = 0; back <= allowedMillis; back += 20) {
            error = Math.min(error, Math.abs(shownMillis - lagMillis(atMillis - back)));
        }
        return error;
    }
}
