package dev.weir.proxy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One produce request, by partition. Used again for later requests of its connection. */
final class ProduceSent implements Sent.Walked {
    private final List<ProducedPartition> partitions = new ArrayList<>(2);
    private int size;
    private @Nullable UnaryOperator<String> names;

    long sentNanos;
    long sentMillis;

    void begin() {
        size = 0;
        names = null;
    }

    /** Brokers know its topics by these names. */
    void as(UnaryOperator<String> toBroker) {
        names = toBroker;
    }

    /** Of a topic as the client calls it, the name that brokers know. */
    String toBroker(String topic) {
        return names == null ? topic : names.apply(topic);
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
