package dev.weir.cli.canary.gates;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A member of a group that answers each record that it reads with another one, and ends when it is closed. One that is idle reads nothing until it is
 * told to work. On a thread of its own.
 */
final class Version implements AutoCloseable {
    private final String topic;
    private final Function<String, ProducerRecord<String, String>> answers;
    private final KafkaConsumer<String, String> consumer;
    private final KafkaProducer<String, String> producer;
    private final Thread thread;
    private volatile boolean assigned;
    private volatile boolean idle;
    private volatile boolean stopping;

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
            boolean commits,
            Function<String, ProducerRecord<String, String>> answers) {
        this.topic = topic;
        this.idle = idle;
        this.answers = answers;
        Map<String, Object> reading = new HashMap<>(client);
        reading.put("group.id", topic);
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", commits);
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
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    producer.send(answers.apply(record.key()));
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
