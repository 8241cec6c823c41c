package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer and a consumer of a topic with one partition, in a group of the topic's name, through the proxies; and what
 * the two know themselves. Producing and consuming may be done by two threads.
 */
final class Load implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final String topic;
    private final TopicPartition partition;
    private final LagTruth truth = new LagTruth();
    private final AtomicLong produced = new AtomicLong();
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Object consuming = new Object();
    private long received;
    private long afterLastReceived;
    private boolean left;

    Load(LedgerMesh mesh, String topic, Map<String, Object> producing, Map<String, Object> consuming) {
        this.topic = topic;
        this.partition = new TopicPartition(topic, 0);
        Map<String, Object> writer = mesh.writer(topic);
        writer.putAll(producing);
        producer = new KafkaProducer<>(writer, new ByteArraySerializer(), new ByteArraySerializer());
        Map<String, Object> reader = mesh.reader(topic);
        reader.putAll(Map.of(
                "group.id",
                topic,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false",
                "max.poll.interval.ms",
                3_600_000)); // after the run few of them poll, and all stay in their groups
        reader.putAll(consuming);
        consumer = new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
    }

    String topic() {
        return topic;
    }

    LagTruth truth() {
        return truth;
    }

    KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** Sends records with three keys in turn, and waits until they are acknowledged. */
    void send(int records) {
        for (int i = 0; i < records; i++) {
            Future<?> unused = producer.send(
                    new ProducerRecord<>(topic, 0, new byte[] {(byte) (i % 3)}, new byte[20]), (metadata, problem) -> {
                        if (problem == null) {
                            produced.incrementAndGet();
                            truth.appended(metadata.offset(), System.currentTimeMillis());
                        }
                    });
        }
        producer.flush();
    }

    /** Records that were acknowledged, or with acks=0 sent. */
    long produced() {
        return produced.get();
    }

    /** Records that the consumer was given. */
    long received() {
        synchronized (consuming) {
            return received;
        }
    }

    void poll() {
        synchronized (consuming) {
            if (!left) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    received++;
                    afterLastReceived = record.offset() + 1;
                }
            }
        }
    }

    boolean assigned() {
        synchronized (consuming) {
            poll();
            return !consumer.assignment().isEmpty();
        }
    }

    /** Commits all that was acknowledged before a time. */
    void commit(long acknowledgedMillis) {
        commitOffset(truth.acknowledged(acknowledgedMillis));
    }

    /** Commits as most programs do: the offset after the last record that they were given. */
    void commitReceived() {
        synchronized (consuming) {
            commitOffset(afterLastReceived);
        }
    }

    /** Takes and commits all that there is in the log, which nobody writes to any more. */
    void catchUp(Admin admin) throws Exception {
        long end = end(admin);
        awaitSettled().until(() -> {
            synchronized (consuming) {
                poll();
                return afterLastReceived == end;
            }
        });
        commitReceived();
    }

    private void commitOffset(long offset) {
        synchronized (consuming) {
            if (!left) {
                poll();
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)));
                truth.committed(offset, System.currentTimeMillis());
            }
        }
    }

    void leave() {
        synchronized (consuming) {
            left = true;
            consumer.close();
        }
    }

    /** The end of the log minus what the group has committed, as Kafka's tools say. */
    long adminLag(Admin admin) throws Exception {
        return end(admin) - committed(admin);
    }

    private long end(Admin admin) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    long committed(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets(topic)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition)
                .offset();
    }

    @Override
    public void close() {
        if (!left) {
            leave();
        }
        producer.close(Duration.ofSeconds(10));
    }

    @Override
    public String toString() {
        return topic;
    }
}
