package dev.weir.proxy.canary;

import dev.weir.canary.Side;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was produced, and which side processed it. A record may come to its side again, as Kafka does it; to the other side never. The
 * records of a key in a partition are processed in the order of their numbers, whichever side they go to; where whole partitions are shared, all
 * of a partition in the order of their offsets. Any thread.
 */
final class SidesLedger {
    private final Set<String> produced = new HashSet<>();
    private final Map<String, Side> processed = new HashMap<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final Set<String> crashedWith = new HashSet<>();
    private final Map<String, Integer> lastOfKey = new HashMap<>();
    private final Map<Integer, Long> lastOfPartition = new HashMap<>();
    private final boolean wholePartitions;
    private final List<String> violations = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    SidesLedger(boolean wholePartitions) {
        this.wholePartitions = wholePartitions;
    }

    /** @param record its key and its number among those of that key, {@code key/number} */
    synchronized void produced(String record) {
        produced.add(record);
    }

    synchronized void processed(Side side, String record, int partition, long offset) {
        String place = partition + "/" + offset;
        Side before = processed.putIfAbsent(record, side);
        times.merge(record, 1, Integer::sum);
        if (before != null && before != side) {
            violations.add(record + " at " + place + " went to both sides");
        }
        if (before == null && wholePartitions) {
            Long last = lastOfPartition.put(partition, offset);
            if (last != null && last > offset) {
                violations.add(record + " at " + place + " came to " + side + " after offset " + last);
            }
        }
        int slash = record.lastIndexOf('/');
        String key = record.substring(0, slash);
        if (before == null && !key.isEmpty()) {
            int number = Integer.parseInt(record.substring(slash + 1));
            Integer last = lastOfKey.put(partition + "/" + key, number);
            if (last != null && last > number) {
                violations.add(record + " at " + place + " came to " + side + " after number " + last);
            }
        }
    }

    /** Who processed it last has crashed before it was committed: it has to come again. */
    synchronized void crashedWith(String record) {
        crashedWith.add(record);
    }

    synchronized int crashedWithCount() {
        return crashedWith.size();
    }

    /** A client has given up. */
    synchronized void failed(String client, Exception cause) {
        failures.add(client + " ended: " + cause);
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    synchronized int producedCount() {
        return produced.size();
    }

    synchronized int processedCount() {
        return processed.size();
    }

    /** What must not be, one sentence each. */
    synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        Set<String> lost = new HashSet<>(produced);
        lost.removeAll(processed.keySet());
        lost.forEach(record -> all.add(record + " was lost"));
        Set<String> unknown = new HashSet<>(processed.keySet());
        unknown.removeAll(produced);
        unknown.forEach(record -> all.add(record + " was never committed"));
        crashedWith.stream()
                .filter(record -> times.getOrDefault(record, 0) < 2)
                .forEach(record -> all.add(record + " did not come again after a crash"));
        return all;
    }

    synchronized Map<Side, Integer> counts() {
        Map<Side, Integer> counts = new EnumMap<>(Side.class);
        processed.values().forEach(side -> counts.merge(side, 1, Integer::sum));
        return counts;
    }
}
