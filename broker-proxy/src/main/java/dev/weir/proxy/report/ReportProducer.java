package dev.weir.proxy.report;

import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.log.Repetition;
import dev.weir.proxy.telemetry.ReportDrop;
import dev.weir.proxy.telemetry.ReportMetrics;
import dev.weir.proxy.upstream.KafkaClientSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends reports with Kafka's own producer, which keeps them for a while when Kafka is away, in a buffer that is bounded.
 * What Kafka does not take is counted and gone. The reporter's thread, which it may hold up for a moment; its callback
 * comes on the producer's.
 */
final class ReportProducer {
    private static final Logger LOG = LoggerFactory.getLogger(ReportProducer.class);
    private static final int BUFFER_BYTES = 16 << 20;
    private static final int BLOCKED_MILLIS_MAX = 1_000;
    private static final int LINGER_MILLIS = 20;
    private static final int FAILURES_MAX = 16;

    private final ReportSettings settings;
    private final ReportMetrics metrics;
    private final Runnable onFailure;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private final Repetition failures = new Repetition(FAILURES_MAX);

    /** @param onFailure told when something was not taken; any thread */
    ReportProducer(ReportSettings settings, ReportMetrics metrics, Runnable onFailure) {
        this.settings = settings;
        this.metrics = metrics;
        this.onFailure = onFailure;
    }

    /** Sends one after the other; the first that is refused on the spot is the last that is tried. */
    void send(List<ReportMessage> messages) {
        KafkaProducer<byte[], byte[]> open;
        try {
            open = producer();
        } catch (KafkaException e) {
            failed(e, messages.size());
            return;
        }
        for (int i = 0; i < messages.size(); i++) {
            ReportMessage message = messages.get(i);
            Future<RecordMetadata> taken = open.send(
                    new ProducerRecord<>(message.topic().topicName(), message.key(), message.value()),
                    (metadata, failure) -> done(failure));
            if (taken.isDone() && isFailure(taken)) {
                metrics.dropped(ReportDrop.KAFKA, messages.size() - i - 1L);
                return;
            }
        }
    }

    private static boolean isFailure(Future<RecordMetadata> done) {
        try {
            done.get();
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void done(@Nullable Exception failure) {
        if (failure == null) {
            metrics.sent();
        } else {
            failed(failure, 1);
        }
    }

    private void failed(Exception failure, int reports) {
        metrics.dropped(ReportDrop.KAFKA, reports);
        String reason = FailureWords.ofItself(failure);
        if (failures.isNews(reason)) {
            LOG.atWarn()
                    .addKeyValue("cluster", settings.home().name())
                    .addKeyValue("reason", reason)
                    .log("reports are dropped: Kafka does not take them");
        }
        if (failure instanceof RetriableException) {
            onFailure.run();
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> properties = KafkaClientSettings.of(settings.home());
            properties.put("client.id", "weir-reports-" + settings.proxyName());
            properties.put("acks", "all");
            properties.put("enable.idempotence", "true");
            properties.put("compression.type", "lz4");
            properties.put("linger.ms", LINGER_MILLIS);
            properties.put("batch.size", 128 << 10);
            properties.put("buffer.memory", BUFFER_BYTES);
            properties.put("max.block.ms", BLOCKED_MILLIS_MAX);
            properties.put("request.timeout.ms", Math.max(100, settings.deliveryTimeoutMillis() / 3));
            properties.put("delivery.timeout.ms", settings.deliveryTimeoutMillis());
            properties.put("enable.metrics.push", "false");
            properties.put("metric.reporters", "");
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    void close(long timeoutMillis) {
        if (producer != null) {
            producer.close(Duration.ofMillis(timeoutMillis));
        }
    }
}
