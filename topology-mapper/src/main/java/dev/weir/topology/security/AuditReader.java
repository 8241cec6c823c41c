package dev.weir.topology.security;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.view.AuditEntry;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit topic from where a question says, as it is kept there: nothing of it is in memory. One reader for all
 * who ask, one after the other; each question reads for a second or two at most, and says whether there is more.
 */
public final class AuditReader implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long READ_NANOS_MAX = 1_500_000_000L;
    private static final int READ_MAX = 50_000;
    private static final long TURN_SECONDS_MAX = 10;
    private static final String TOPIC = ReportTopic.AUDIT.topicName();

    private final StreamSettings settings;
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Consumer<byte[], byte[]> consumer;
    private boolean closed;

    public AuditReader(StreamSettings settings) {
        this.settings = settings;
    }

    /** As {@link dev.weir.topology.view.MeshView#audit}. */
    public AuditPage read(AuditQuery query) {
        Map<Integer, Long> after = AuditCursor.parse(query.after());
        try {
            if (!turn.tryLock(TURN_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("too many ask for the audit at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to read the audit", e);
        }
        try {
            return read(query, after);
        } catch (KafkaException e) {
            closeConsumer();
            throw new IllegalStateException("Kafka does not give the audit: " + FailureWords.ofItself(e), e);
        } finally {
            turn.unlock();
        }
    }

    private AuditPage read(AuditQuery query, Map<Integer, Long> after) {
        Consumer<byte[], byte[]> open = consumer();
        List<TopicPartition> partitions = open.partitionsFor(TOPIC, TIMEOUT).stream()
                .map(info -> new TopicPartition(TOPIC, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            return new AuditPage(List.of(), query.after(), false); // nobody has reported yet
        }
        open.assign(partitions); // before it asks where they end: it warns of answers about others
        Map<TopicPartition, Long> ends = open.endOffsets(partitions, TIMEOUT);
        Map<TopicPartition, Long> positions = begin(open, partitions, ends, query, after);
        List<AuditEntry> found = collect(open, positions, ends, query);
        found.sort(Comparator.comparingLong(AuditEntry::firstMillis));
        Map<Integer, Long> next = new TreeMap<>();
        positions.forEach((partition, offset) -> next.put(partition.partition(), offset));
        return new AuditPage(found, AuditCursor.text(next), left(positions, ends));
    }

    private Map<TopicPartition, Long> begin(
            Consumer<byte[], byte[]> open,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            AuditQuery query,
            Map<Integer, Long> after) {
        Map<TopicPartition, Long> begins = open.beginningOffsets(partitions, TIMEOUT);
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, query.sinceMillis())));
        Map<TopicPartition, OffsetAndTimestamp> since =
                after.isEmpty() ? open.offsetsForTimes(times, TIMEOUT) : Map.of();
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp first = since.get(partition);
            long wanted = after.getOrDefault(partition.partition(), first == null ? end : first.offset());
            long least = begins.getOrDefault(partition, 0L);
            // what was deleted meanwhile is passed over; a position from before the topic was made anew begins it
            positions.put(partition, wanted < least || wanted > end ? least : wanted);
        }
        positions.forEach(open::seek);
        return positions;
    }

    private static List<AuditEntry> collect(
            Consumer<byte[], byte[]> open,
            Map<TopicPartition, Long> positions,
            Map<TopicPartition, Long> ends,
            AuditQuery query) {
        List<AuditEntry> found = new ArrayList<>();
        long beganNanos = System.nanoTime();
        int read = 0;
        while (left(positions, ends) && read < READ_MAX && System.nanoTime() - beganNanos < READ_NANOS_MAX) {
            for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
                if (found.size() == query.limit()) {
                    return found;
                }
                read++;
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                AuditEntry entry = entry(record.value());
                if (entry != null && query.wants(entry)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    private static boolean left(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return positions.entrySet().stream()
                .anyMatch(position -> position.getValue() < ends.getOrDefault(position.getKey(), 0L));
    }

    private static @Nullable AuditEntry entry(byte @Nullable [] value) {
        try {
            return value == null ? null : AuditEntries.of(Audit.parseFrom(value));
        } catch (InvalidProtocolBufferException e) {
            return null; // counted where the stream reads it
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (closed) {
            throw new IllegalStateException("the topology is stopping");
        }
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = new KafkaConsumer<>(settings.audit(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer = open;
        }
        return open;
    }

    private void closeConsumer() {
        Consumer<byte[], byte[]> open = consumer;
        consumer = null;
        if (open != null) {
            open.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** Waits for whoever reads now. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            closeConsumer();
        } finally {
            turn.unlock();
        }
    }
}
