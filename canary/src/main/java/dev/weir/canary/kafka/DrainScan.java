package dev.weir.canary.kafka;

import dev.weir.canary.Buckets;
import dev.weir.canary.Gate;
import dev.weir.canary.Ownership;
import dev.weir.canary.PartitionRef;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the records that a side has not committed before a fence. A client that commits the last record it was given, and no
 * more, stops short of the fence where the records before it are the other side's. Reads a little at each step, remembers how far
 * it came, and stops at the first record that the side owns, until that is committed. One canary; one thread.
 */
final class DrainScan implements AutoCloseable {
    private static final int STEP_BYTES = 4 << 20;
    private static final Duration WAIT = Duration.ofMillis(20);

    private final ClientSettings clients;
    private final String isolation;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Gate, Progress> progress = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /**
     * One thing to find out.
     *
     * @param whole whether records of the other side count, too
     * @param from the offset that the side has committed, or begins at
     */
    record Task(Gate gate, boolean whole, long from, Ownership ownership, Buckets buckets) {
        private boolean counts(ConsumerRecord<byte[], byte[]> record) {
            if (whole) {
                return true;
            }
            int bucket = buckets.bucket(record.partition(), record.offset(), new ConsumedFields(record));
            return ownership.owner(record.offset(), bucket) == gate.waitsFor();
        }

        /** Where to look on from an offset: beyond what is the other side's whatever its records are, and no further than the fence. */
        long lookFrom(long offset) {
            int bucket = buckets.bucketOfAll(gate.partition().partition());
            return whole || bucket == Buckets.BY_RECORD
                    ? offset
                    : Math.max(offset, Math.min(gate.fence(), ownership.firstOwned(gate.waitsFor(), offset, bucket)));
        }
    }

    /** All before {@code next} is done or does not matter; {@code owned} if {@code next} is a record that does. */
    private record Progress(long next, boolean owned) {}

    /** @param isolation of what it reads, as {@code isolation.level} says */
    DrainScan(ClientSettings clients, String isolation) {
        this.clients = clients;
        this.isolation = isolation;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> made = consumer;
        if (made == null) {
            made = clients.consumer(Map.of(
                    "isolation.level",
                    isolation,
                    "auto.offset.reset",
                    "earliest", // what retention took away is nobody's any more
                    "enable.auto.commit",
                    "false",
                    "fetch.max.bytes",
                    STEP_BYTES,
                    "max.partition.fetch.bytes",
                    STEP_BYTES / 4,
                    "fetch.max.wait.ms",
                    (int) WAIT.toMillis()));
            consumer = made;
        }
        return made;
    }

    /**
     * Goes on a little with each.
     *
     * @param tasks all that there are; what is known of others is forgotten
     * @return from where on each still has to pass something, at its fence or beyond when it has nothing
     */
    Map<Gate, Long> step(Collection<Task> tasks) {
        Map<PartitionRef, Task> chosen = new HashMap<>();
        Set<Gate> gates = new HashSet<>();
        for (Task task : tasks) {
            gates.add(task.gate());
            Progress known = progress.get(task.gate());
            long from = task.lookFrom(task.from());
            if (known == null || from > known.next()) {
                known = new Progress(from, false);
                progress.put(task.gate(), known);
            }
            if (!known.owned() && known.next() < task.gate().fence()) {
                chosen.putIfAbsent(task.gate().partition(), task); // of two in one partition one after the other
            }
        }
        progress.keySet().retainAll(gates);
        read(chosen);
        Map<Gate, Long> next = new HashMap<>();
        progress.forEach((gate, known) -> next.put(gate, known.next()));
        return next;
    }

    private void read(Map<PartitionRef, Task> tasks) {
        Map<TopicPartition, Task> byPartition = new HashMap<>();
        tasks.forEach((partition, task) ->
                byPartition.put(new TopicPartition(partition.topic(), partition.partition()), task));
        positions.keySet().retainAll(byPartition.keySet());
        if (byPartition.isEmpty()) {
            return;
        }
        KafkaConsumer<byte[], byte[]> reader = consumer();
        reader.assign(byPartition.keySet());
        byPartition.forEach((partition, task) -> {
            if (!Objects.equals(positions.get(partition), next(task))) { // else what is on its way would be of no use
                reader.seek(partition, next(task));
                positions.put(partition, next(task));
            }
        });
        ConsumerRecords<byte[], byte[]> records = reader.poll(WAIT);
        byPartition.forEach((partition, task) -> {
            Long position = position(reader, partition);
            if (position != null) {
                positions.put(partition, position);
                progress.put(task.gate(), judge(task, records.records(partition), position));
            }
        });
    }

    private static @Nullable Long position(KafkaConsumer<?, ?> reader, TopicPartition partition) {
        try {
            return reader.position(partition, WAIT);
        } catch (TimeoutException e) { // retention took away what was there, and where the rest begins is not known yet
            return null;
        }
    }

    private long next(Task task) {
        Progress known = progress.get(task.gate());
        return known == null ? task.from() : known.next();
    }

    private Progress judge(Task task, List<ConsumerRecord<byte[], byte[]>> records, long position) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() >= task.gate().fence()) {
                break;
            }
            if (task.counts(record)) {
                return new Progress(record.offset(), true);
            }
        }
        return new Progress(task.lookFrom(Math.max(next(task), position)), false);
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(WAIT)); // it is in no group, so it has no word to leave
        }
    }
}
