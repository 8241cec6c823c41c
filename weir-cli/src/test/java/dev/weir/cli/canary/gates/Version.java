package dev.weir.cli.canary.gates;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A member of a group that answers each record that it reads with another one, and ends when it is closed. One that is idle reads nothing until it is
 * told to work. On a thread of its own.
 */
final class Version implements AutoCloseable {
    private final String topic;
    private final Commits commits;
    private final Function<String, ProducerRecord<String, String>> answers;
    private final KafkaConsumer<String, String> consumer;
    private final KafkaProducer<String, String> producer;
    private final Thread thread;
    private volatile boolean assigned;
    private volatile boolean idle;
    private volatile boolean stopping;

    /** What it commits of what it has processed. */
    enum Commits {
        NOTHING,
        /** How far it has read, by the clock, as consumers do that nobody tells otherwise. */
        POSITION,
        /** The offset after the last record of a partition, once all are processed, as Spring does: nothing where it was given nothing. */
        RECORDS
    }

    /**
     * Starts it.
     *
     * @param topic is the name of the group, too
     * @param answers to a record of a key
     */
    Version(
            String topic,
            Map<String, Object> client,
            boolean idle,
            Commits commits,
            Function<String, ProducerRecord<String, String>> answers) {
        this.topic = topic;
        this.commits = commits;
        this.idle = idle;
        this.answers = answers;
        Map<String, Object> reading = new HashMap<>(client);
        reading.put("group.id", topic);
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", commits == Commits.POSITION);
        reading.put("auto.commit.interval.ms", 200);
        reading.put("heartbeat.interval.ms", 300); // soon notices that others come and go
        this.consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer());
        Map<String, Object> writing = new HashMap<>(client);
        writing.put("enable.idempotence", false);
        writing.put("retries", 0);
        this.producer = new KafkaProducer<>(writing, new StringSerializer(), new StringSerializer());
        this.thread = new Thread(this::run, "version-" + client.get("client.id"));
        thread.start();
    }

    private void run() {
        try {
            consumer.subscribe(List.of(topic), new Pausing());
            while (!stopping) {
                if (!idle) {
                    consumer.resume(consumer.paused());
                }
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                for (ConsumerRecord<String, String> record : records) {
                    producer.send(answers.apply(record.key()));
                }
                if (commits == Commits.RECORDS && !records.isEmpty()) {
                    commit(records);
                }
                assigned = !consumer.assignment().isEmpty();
            }
        } catch (WakeupException e) {
            // close() woke it
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
            producer.close(Duration.ofSeconds(2));
        }
    }

    private void commit(ConsumerRecords<String, String> records) {
        try {
            consumer.commitSync(records.partitions().stream()
                    .collect(Collectors.toMap(
                            partition -> partition,
                            partition -> new OffsetAndMetadata(
                                    last(records.records(partition)).offset() + 1))));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // it is given them again
        }
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }

    /** What an idle one is given it has to keep from before the first fetch. */
    private final class Pausing implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (idle) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // they come back paused, or not at all
        }
    }

    /** It is idle no more. */
    void work() {
        idle = false;
    }

    /** Whether it is in the group, and has partitions. */
    boolean isAssigned() {
        return assigned;
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
