package dev.weir.canary;

import java.util.Comparator;

/** A partition of a topic. */
public record PartitionRef(String topic, int partition) implements Comparable<PartitionRef> {
    private static final Comparator<PartitionRef> ORDER =
            Comparator.comparing(PartitionRef::topic).thenComparingInt(PartitionRef::partition);

    public PartitionRef {
        if (partition < 0) {
            throw new IllegalArgumentException("partition " + partition + " of topic " + topic);
        }
    }

    @Override
    public int compareTo(PartitionRef other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
