package dev.weir.proxy.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One produce request, by partition. Used again for later requests of its connection. */
final class ProduceSent implements Sent.Walked {
    private final List<ProducedPartition> partitions = new ArrayList<>(2);
    private int size;

    long sentNanos;
    long sentMillis;

    void begin() {
        size = 0;
    }

    ProducedPartition add(@Nullable String topic, @Nullable Uuid topicId, int partition) {
        if (size == partitions.size()) {
            partitions.add(new ProducedPartition(this));
        }
        ProducedPartition added = partitions.get(size++);
        added.begin(topic, topicId, partition);
        return added;
    }

    int size() {
        return size;
    }

    ProducedPartition get(int index) {
        return partitions.get(index);
    }
}
