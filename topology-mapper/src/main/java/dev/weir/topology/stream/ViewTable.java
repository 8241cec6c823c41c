package dev.weir.topology.stream;

import dev.weir.mesh.log.Repetition;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * All of {@link StateTopic} in memory: one thread reads every partition from the beginning, then goes on, and hands each
 * record to the {@link ViewPart} of its kind. It is started when it has read what was there when it began.
 *
 * <p>Parts change under the write lock, for one batch of records at a time; {@link #read} holds the read lock, so that
 * an answer is of one moment.
 */
public final class ViewTable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewTable.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** How often Kafka is asked whether it is there, and how long it may take to answer. */
    private static final long PROBE_MILLIS = 2_000;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(4);
    private static final long TICK_MILLIS = 1_000;
    private static final long CHANGE_MILLIS = 250;
    /** As lag and silence grow when nothing comes. */
    private static final long CHANGE_MILLIS_MAX = 2_000;

    private static final long BACKOFF_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 5_000;

    /** What can be said of Kafka and of what was read from it. */
    public enum State {
        STARTING,
        READ,
        KAFKA_DOWN
    }

    /** Since when it is in that state. */
    public record Status(State state, long sinceMillis) {}

    private final StreamSettings settings;
    private final Map<RecordKind, ViewPart> partsByKind = new EnumMap<>(RecordKind.class);
    private final List<ViewPart> parts;
    private final Clock clock;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile Status status;
    private final AtomicLong generation = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    // of the thread
    private final Repetition failures = new Repetition();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private @Nullable Map<TopicPartition, Long> toRead;
    private boolean wasRead;
    private long answeredMillis;
    private long probedMillis;
    private long tickedMillis;
    private long toldMillis;
    private boolean changed;

    public ViewTable(StreamSettings settings, List<ViewPart> parts, Clock clock) {
        this.settings = settings;
        this.parts = List.copyOf(parts);
        this.clock = clock;
        for (ViewPart part : parts) {
            for (RecordKind kind : part.kinds()) {
                if (partsByKind.put(kind, part) != null) {
                    throw new IllegalArgumentException("two view parts have " + kind);
                }
            }
        }
        this.answeredMillis = clock.millis();
        this.status = new Status(State.STARTING, answeredMillis);
        this.thread = new Thread(this::run, "weir-topology-view");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public Status status() {
        return status;
    }

    /** Another number each time that listeners are told of a change. */
    public long generation() {
        return generation.get();
    }

    /** Answers from the parts while they stand still. */
    public <T> T read(Supplier<T> answer) {
        lock.readLock().lock();
        try {
            return answer.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Told by this table's thread that something may have changed, at most four times a second; has to be quick. */
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void run() {
        try {
            do {
                try {
                    readAll();
                } catch (WakeupException e) {
                    LOG.atDebug().log("Topology's view closes");
                } catch (KafkaException e) {
                    become(State.KAFKA_DOWN, answeredMillis);
                    // what does not end, as a right that is missing, fails each second
                    LOG.atLevel(failures.isNews(e.toString()) ? Level.WARN : Level.DEBUG)
                            .setCause(e)
                            .log("Topology's view goes on with a new consumer");
                }
            } while (!closing.await(BACKOFF_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readAll() throws InterruptedException {
        try (Consumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings.view(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer = reader;
            while (!assign(reader)) {
                probe(reader);
                tick();
                tell();
                if (closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            while (closing.getCount() > 0) {
                ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
                take(records);
                probe(reader);
                tick();
                tell();
            }
        } finally {
            consumer = null;
        }
    }

    /** False where the topic does not exist yet. */
    private boolean assign(Consumer<byte[], byte[]> reader) {
        List<TopicPartition> partitions = new ArrayList<>();
        try {
            reader.partitionsFor(StateTopic.NAME, PROBE_TIMEOUT)
                    .forEach(partition -> partitions.add(new TopicPartition(StateTopic.NAME, partition.partition())));
        } catch (TimeoutException e) {
            return false;
        }
        if (partitions.isEmpty()) {
            return false;
        }
        reader.assign(partitions);
        for (TopicPartition partition : partitions) {
            Long position = positions.get(partition);
            if (position == null) {
                reader.seekToBeginning(List.of(partition));
            } else {
                reader.seek(partition, position);
            }
        }
        return true;
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        changed = true;
        lock.writeLock().lock();
        try {
            records.forEach(this::take);
        } finally {
            lock.writeLock().unlock();
        }
        records.nextOffsets().forEach((partition, next) -> positions.put(partition, next.offset()));
        answeredMillis = clock.millis();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        RecordKind kind = key == null ? null : RecordKind.of(key);
        ViewPart part = kind == null ? null : partsByKind.get(kind);
        if (key == null || kind == null || part == null) {
            return;
        }
        try {
            part.accept(kind, key, record.value());
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("kind", kind)
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("Topology's view cannot take a record");
        }
    }

    /** Asks Kafka for the end of the topic, which says whether Kafka is there and whether all was read. */
    private void probe(Consumer<byte[], byte[]> reader) {
        long now = clock.millis();
        if (wasRead && now - probedMillis < PROBE_MILLIS) {
            return;
        }
        Collection<TopicPartition> partitions = reader.assignment();
        try {
            if (partitions.isEmpty()) {
                reader.listTopics(PROBE_TIMEOUT);
            } else if (!wasRead) {
                Map<TopicPartition, Long> ends = toRead;
                if (ends == null) {
                    ends = reader.endOffsets(partitions, PROBE_TIMEOUT);
                    toRead = ends;
                }
                wasRead = ends.entrySet().stream()
                        .allMatch(end -> reader.position(end.getKey(), PROBE_TIMEOUT) >= end.getValue());
            } else {
                reader.endOffsets(partitions, PROBE_TIMEOUT);
            }
            answeredMillis = clock.millis();
            become(wasRead ? State.READ : State.STARTING, answeredMillis);
        } catch (TimeoutException e) {
            become(State.KAFKA_DOWN, answeredMillis);
        }
        probedMillis = clock.millis();
    }

    private void become(State state, long sinceMillis) {
        if (status.state() != state) {
            status = new Status(state, sinceMillis);
            changed = true;
            LOG.atInfo().log(
                    switch (state) {
                        case STARTING -> "the topology reads what was seen before";
                        case READ -> "the topology has read what was seen before, and shows what happens";
                        case KAFKA_DOWN -> "the topology shows what was: its Kafka does not answer";
                    });
        }
    }

    private void tick() {
        long now = clock.millis();
        if (now - tickedMillis < TICK_MILLIS) {
            return;
        }
        tickedMillis = now;
        lock.writeLock().lock();
        try {
            parts.forEach(part -> part.tick(now));
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void tell() {
        long since = clock.millis() - toldMillis;
        if (since < (changed ? CHANGE_MILLIS : CHANGE_MILLIS_MAX)) {
            return;
        }
        changed = false;
        toldMillis = clock.millis();
        // before anybody is told: who asks because of it gets what is new
        generation.incrementAndGet();
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("A listener of the topology failed");
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Consumer<byte[], byte[]> reader = consumer;
        if (reader != null) {
            reader.wakeup();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
