package dev.weir.bench.endtoend;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What clients do, once; each method returns when all of it is done, and fails when a record went missing. */
final class Load {
    static final int RECORD_BYTES = 1024;
    private static final int BATCH_BYTES = 128 * 1024;
    private static final long CONSUME_SECONDS_MAX = 120;
    private static final long WARM_UP_RECORDS = 500;

    private final byte[][] orders = OrderRecord.of(RECORD_BYTES);
    private final String compression;

    /** @param compression as producers call it */
    Load(String compression) {
        this.compression = compression;
    }

    private byte[] order(long number) {
        return orders[(int) (number % orders.length)];
    }

    /** As fast as it goes. Gives the seconds that it took. */
    double produce(String bootstrap, String topic, long records) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        long startNanos;
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, BATCH_BYTES, 5)) {
            producer.partitionsFor(topic);
            startNanos = System.nanoTime();
            for (long i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(topic, order(i)), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
            producer.flush();
        }
        check(failure.get());
        return secondsSince(startNanos);
    }

    /** All records of a topic, from the first on. Gives the seconds that it took. */
    double consume(String bootstrap, String topic, long records) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false, "max.poll.records", 5_000);
        long startNanos = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(Topics.partitions(topic));
            consumer.seekToBeginning(Topics.partitions(topic));
            long consumed = 0;
            while (consumed < records) {
                consumed += consumer.poll(Duration.ofSeconds(1)).count();
                if (secondsSince(startNanos) > CONSUME_SECONDS_MAX) {
                    throw new IllegalStateException("only " + consumed + " of " + records + " records were consumed");
                }
            }
            if (consumed != records) {
                throw new IllegalStateException(consumed + " records were consumed where there are " + records);
            }
            return secondsSince(startNanos);
        }
    }

    /** Latencies from send to acknowledgement. */
    record Latencies(double p50Millis, double p99Millis) {
        static Latencies of(double[] millis) {
            Arrays.sort(millis);
            return new Latencies(millis[millis.length / 2], millis[millis.length * 99 / 100]);
        }
    }

    /** So many records in every second, each sent at once. */
    Latencies paced(String bootstrap, String topic, int perSecond, int seconds, Runnable begun) {
        int records = perSecond * seconds;
        double[] millis = new double[records];
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, 16 * 1024, 0)) {
            for (int i = 0; i < WARM_UP_RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, order(i)));
            }
            producer.flush();
            begun.run();
            long startNanos = System.nanoTime();
            long everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
            for (int i = 0; i < records; i++) {
                long dueNanos = startNanos + i * everyNanos;
                for (long now = System.nanoTime(); now < dueNanos; now = System.nanoTime()) {
                    LockSupport.parkNanos(dueNanos - now);
                }
                int index = i;
                long sentNanos = System.nanoTime();
                producer.send(new ProducerRecord<>(topic, order(i)), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                    millis[index] = (System.nanoTime() - sentNanos) / 1e6;
                    acknowledged.incrementAndGet();
                });
            }
            producer.flush();
        }
        check(failure.get());
        if (acknowledged.get() != records) {
            throw new IllegalStateException(acknowledged + " of " + records + " records were acknowledged");
        }
        return Latencies.of(millis);
    }

    /** What {@link #paced} sends in all. */
    static long pacedRecords(int perSecond, int seconds) {
        return (long) perSecond * seconds + WARM_UP_RECORDS;
    }

    private KafkaProducer<byte[], byte[]> producer(String bootstrap, int batchBytes, int lingerMillis) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "1",
                        "enable.idempotence",
                        false,
                        "batch.size",
                        batchBytes,
                        "compression.type",
                        compression,
                        "linger.ms",
                        lingerMillis,
                        "buffer.memory",
                        64L * 1024 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void check(@Nullable Exception failure) {
        if (failure != null) {
            throw new IllegalStateException("a record was not acknowledged", failure);
        }
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
