package dev.weir.cli.identity;

import dev.weir.cli.CommandFailure;
import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.origin.OriginSignature;
import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.mesh.origin.RecordOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A topic, read without a group, by whoever wants to know who wrote its records. */
final class SignedTopic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SECONDS_MAX = 30;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final String clusterId;
    private final UUID topicId;

    private SignedTopic(KafkaConsumer<byte[], byte[]> consumer, String topic, String clusterId, Uuid topicId) {
        this.consumer = consumer;
        this.topic = topic;
        this.clusterId = clusterId;
        this.topicId = new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits());
    }

    static SignedTopic open(Properties client, String topic) {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("enable.auto.commit", "false");
        try (Admin admin = Admin.create(client)) {
            String clusterId = answer(admin.describeCluster().clusterId(), "the cluster's id");
            Uuid topicId =
                    answer(admin.describeTopics(List.of(topic)).allTopicNames(), "topic " + topic).values().stream()
                            .findFirst()
                            .orElseThrow()
                            .topicId();
            return new SignedTopic(
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                    topic,
                    clusterId,
                    topicId);
        }
    }

    private static <T> T answer(KafkaFuture<T> future, String what) {
        try {
            return future.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        } catch (ExecutionException e) {
            throw new CommandFailure(
                    what + " cannot be had: " + FailureWords.ofItself(Objects.requireNonNullElse(e.getCause(), e)), e);
        } catch (TimeoutException e) {
            throw new CommandFailure(what + " cannot be had: nobody answers.", e);
        }
    }

    /**
     * Reads to where the topic ends now.
     *
     * @param last how many offsets of each partition, at most
     */
    WrittenBy verify(OriginVerifier verifier, long last) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        ends.forEach(
                (partition, end) -> consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - last)));
        WrittenBy found = new WrittenBy();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                String principal = text(record.headers().lastHeader("weir-principal"));
                Header signature = record.headers().lastHeader(OriginSignature.HEADER);
                found.add(
                        verifier.verify(origin(record, principal), signature == null ? null : signature.value()),
                        principal,
                        topic + "-" + record.partition() + " offset " + record.offset());
            }
        }
        return found;
    }

    private RecordOrigin origin(ConsumerRecord<byte[], byte[]> record, String principal) {
        return new RecordOrigin(
                clusterId,
                topicId,
                record.partition(),
                record.timestamp(),
                wrap(record.key()),
                wrap(record.value()),
                principal);
    }

    private static String text(@Nullable Header header) {
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
