package dev.weir.canary.change;

import dev.weir.canary.Buckets;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.WholePartitions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The canary's topic, and the ledger of who processed what of it. */
final class DataLog {
    static final String TOPIC = "payments";
    static final int PARTITIONS_MAX = 3;
    private static final int KEYS = 12;
    private static final Slices SLICES = new Slices("payments");

    /** A record; {@code key} is -1 for none. */
    static final class Row {
        final int key;
        final int bucket;

        @Nullable
        Side processedBy;

        Row(int key, int bucket) {
            this.key = key;
            this.bucket = bucket;
        }
    }

    private final List<List<Row>> partitions = new ArrayList<>();
    private final Buckets buckets;
    private final boolean ordered;
    /** All before these have been processed. */
    private final int[] complete = new int[PARTITIONS_MAX];

    DataLog(boolean wholePartitions, boolean ordered) {
        this.buckets = wholePartitions ? new WholePartitions() : SLICES;
        this.ordered = ordered;
        for (int i = 0; i < PARTITIONS_MAX - 1; i++) {
            addPartition();
        }
    }

    /** How its records are shared. */
    Buckets buckets() {
        return buckets;
    }

    void addPartition() {
        partitions.add(new ArrayList<>());
    }

    int partitions() {
        return partitions.size();
    }

    static PartitionRef ref(int partition) {
        return new PartitionRef(TOPIC, partition);
    }

    void append(Random random) {
        int key = random.nextInt(KEYS + 1) - 1;
        int partition = key < 0 ? random.nextInt(partitions()) : key % partitions();
        List<Row> log = partitions.get(partition);
        log.add(new Row(key, bucket(key, partition, log.size())));
    }

    private int bucket(int key, int partition, int offset) {
        if (buckets instanceof WholePartitions) {
            return buckets.bucketOfAll(partition);
        }
        byte[] bytes = ("key " + key).getBytes(StandardCharsets.UTF_8);
        return key < 0 ? SLICES.bucketOfKeyless(partition, offset) : SLICES.bucket(bytes, 0, bytes.length);
    }

    int end(int partition) {
        return partitions.get(partition).size();
    }

    /** Where the first partitions end. */
    Map<PartitionRef, Long> ends(int count) {
        Map<PartitionRef, Long> ends = new HashMap<>();
        for (int i = 0; i < count; i++) {
            ends.put(ref(i), (long) end(i));
        }
        return ends;
    }

    Row at(int partition, int offset) {
        return partitions.get(partition).get(offset);
    }

    /** A side has processed a record, perhaps again. */
    void processed(Side side, int partition, int offset) {
        Row row = at(partition, offset);
        if (row.processedBy == side) {
            return;
        }
        if (row.processedBy != null) {
            throw new Violation("offset " + offset + " of partition " + partition + " went to both sides");
        }
        row.processedBy = side;
        boolean ofPartition = buckets instanceof WholePartitions; // all records have their order, keys or not
        if (!ordered || (row.key < 0 && !ofPartition)) {
            return;
        }
        for (int earlier = offset - 1; earlier >= 0; earlier--) {
            Row other = at(partition, earlier);
            if (ofPartition || other.key == row.key) {
                if (other.processedBy == null) {
                    throw new Violation("key " + row.key + ": offset " + offset + " before " + earlier);
                }
                return;
            }
        }
    }

    /** A record that nobody has processed, or {@code null}. */
    @Nullable
    String lost() {
        for (int partition = 0; partition < partitions(); partition++) {
            while (complete[partition] < end(partition) && at(partition, complete[partition]).processedBy != null) {
                complete[partition]++;
            }
            if (complete[partition] < end(partition)) {
                return "offset " + complete[partition] + " of partition " + partition + " (of " + end(partition) + ")";
            }
        }
        return null;
    }

    /** A broken promise. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String message) {
            super(message);
        }
    }
}
