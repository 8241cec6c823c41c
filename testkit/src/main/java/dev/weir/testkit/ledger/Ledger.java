package dev.weir.testkit.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged and what was received, by partition and offset. Each record carries a sequence number, which rises
 * within its partition in the order in which it was sent. Thread-safe.
 */
public final class Ledger {

    private final Map<Integer, Partition> partitions = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private long acked;
    private long received;
    private long redelivered;
    private long unacked;

    /** Notes that the cluster acknowledged a record. */
    public synchronized void acked(int partition, long offset, long sequence) {
        acked++;
        Long before = partition(partition).acked.put(offset, sequence);
        if (before != null) {
            failures.add("partition " + partition + " offset " + offset + ": acknowledged for sequence " + before
                    + " and again for " + sequence);
        }
    }

    /** Notes that a record was given up by the producer: it may be in the log or not, and nothing is promised about it. */
    public synchronized void givenUp(int partition, long sequence, Exception why) {
        unacked++;
        failures.add("partition " + partition + " sequence " + sequence + ": given up by the producer: " + why);
    }

    /** Notes that the consumer got a partition, and will start it at what it committed: earlier records may come again. */
    public synchronized void assigned(int partition) {
        partition(partition).position = null;
    }

    /** Notes that the consumer received a record. */
    public synchronized void received(int partition, long offset, long sequence) {
        Partition state = partition(partition);
        if (state.position != null && offset <= state.position) {
            failures.add("partition " + partition + ": offset " + offset + " came after " + state.position);
        }
        state.position = offset;
        Long before = state.received.put(offset, sequence);
        if (before == null) {
            received++;
        } else {
            redelivered++;
            if (before != sequence) {
                failures.add("partition " + partition + " offset " + offset + ": was sequence " + before + ", then "
                        + sequence);
            }
        }
    }

    /** Notes that a client gave up altogether. */
    public synchronized void clientFailed(String client, Throwable why) {
        failures.add(client + " failed: " + why);
    }

    /** How many records were acknowledged so far. */
    public synchronized long ackedCount() {
        return acked;
    }

    /** How many different records were received so far. */
    public synchronized long receivedCount() {
        return received;
    }

    /** Whether every acknowledged record was received. */
    public synchronized boolean complete() {
        return partitions.values().stream()
                .allMatch(state -> state.received.keySet().containsAll(state.acked.keySet()));
    }

    /** Compares both sides as they stand now. */
    public synchronized LedgerResult result() {
        List<String> violations = new ArrayList<>(failures);
        new TreeMap<>(partitions).forEach((partition, state) -> state.compare("partition " + partition, violations));
        return new LedgerResult(acked, unacked, received, redelivered, List.copyOf(violations));
    }

    private Partition partition(int partition) {
        return partitions.computeIfAbsent(partition, id -> new Partition());
    }

    private static final class Partition {

        private final TreeMap<Long, Long> acked = new TreeMap<>();
        private final TreeMap<Long, Long> received = new TreeMap<>();
        private @Nullable Long position;

        void compare(String name, List<String> violations) {
            acked.forEach((offset, sequence) -> {
                Long found = received.get(offset);
                if (found == null) {
                    violations.add(name + " offset " + offset + ": sequence " + sequence
                            + " was acknowledged and never received");
                } else if (!found.equals(sequence)) {
                    violations.add(name + " offset " + offset + ": sequence " + sequence
                            + " was acknowledged, but received was " + found);
                }
            });
            Long before = null;
            for (Map.Entry<Long, Long> record : received.entrySet()) {
                if (before != null && record.getValue() <= before) {
                    violations.add(name + " offset " + record.getKey() + ": sequence " + record.getValue()
                            + " stands behind " + before + ": doubled or out of order");
                }
                before = record.getValue();
            }
        }
    }
}
