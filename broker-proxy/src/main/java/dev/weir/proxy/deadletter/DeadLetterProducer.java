package dev.weir.proxy.deadletter;

import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.log.Repetition;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.upstream.KafkaClientSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's own producer, with all acknowledgements, opened when it is first needed and again after it broke. Of one thread,
 * which it may hold up for some seconds; what it tells comes on the producer's own.
 */
final class DeadLetterProducer {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterProducer.class);

    /** Clients wait 30 s for an answer, most of them: they have to learn of a failure before they give up. */
    private static final int DELIVERY_MILLIS = 10_000;

    private static final int REQUEST_MILLIS = 5_000;
    private static final int BLOCKED_MILLIS_MAX = 3_000;
    private static final int REQUEST_BYTES_MAX = 80 << 20;
    private static final long BUFFER_BYTES = 2L * REQUEST_BYTES_MAX;
    private static final int FAILURES_MAX = 64;

    private final ClusterConfig cluster;
    private final Repetition failures = new Repetition(FAILURES_MAX);
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private volatile boolean broken;

    DeadLetterProducer(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /** @param asOfNanos since when they wait */
    void send(DeadLetters letters, long asOfNanos, CompletableFuture<Keeping> kept) {
        if (System.nanoTime() - asOfNanos > DELIVERY_MILLIS * 1_000_000L) {
            kept.complete(new Keeping.Failed(false, "too many records wait for it"));
            return;
        }
        Sending sending = new Sending(letters.records().size(), failure -> failed(letters.topic(), failure), kept);
        try {
            KafkaProducer<byte[], byte[]> open = open();
            int index = 0;
            for (ProducerRecord<byte[], byte[]> letter : letters.records()) {
                if (sending.hasFailed()) {
                    break; // one is enough: all of them come again
                }
                open.send(letter, sending.callback(index));
                index++;
            }
            sending.sent(index);
        } catch (KafkaException | IllegalStateException e) {
            sending.cannotBeSent(e);
        }
    }

    private void failed(String topic, Exception failure) {
        broken |= StoreFailure.of(failure) == StoreFailure.BROKEN;
        String reason = FailureWords.ofItself(failure);
        if (failures.isNews(topic + ": " + reason)) {
            LOG.atWarn()
                    .addKeyValue("cluster", cluster.name())
                    .addKeyValue("topic", topic)
                    .addKeyValue("reason", reason)
                    .log("records cannot be kept in their dead-letter topic; whoever writes them has to try again");
        }
    }

    private KafkaProducer<byte[], byte[]> open() {
        if (broken) {
            broken = false;
            close(0);
        }
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> properties = KafkaClientSettings.of(cluster);
            properties.put("client.id", "weir-dead-letters");
            properties.put("acks", "all");
            properties.put("enable.idempotence", "true");
            properties.put("compression.type", "lz4");
            properties.put("buffer.memory", BUFFER_BYTES);
            properties.put("max.request.size", REQUEST_BYTES_MAX);
            properties.put("max.block.ms", BLOCKED_MILLIS_MAX);
            properties.put("request.timeout.ms", REQUEST_MILLIS);
            properties.put("delivery.timeout.ms", DELIVERY_MILLIS);
            properties.put("enable.metrics.push", "false");
            properties.put("metric.reporters", "");
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    void close(long timeoutMillis) {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ofMillis(timeoutMillis));
        }
    }
}
