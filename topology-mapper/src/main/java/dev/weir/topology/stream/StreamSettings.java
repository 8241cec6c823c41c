package dev.weir.topology.stream;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;

/**
 * Where and as whom the stream runs.
 *
 * @param client bootstrap and security, as kafka-clients' properties
 * @param applicationId begins with {@code _weir-}, so that nobody reaches its group and topics through a proxy
 * @param instance unique among the instances; an instance that comes back under its name within the session timeout
 *     gets the work back that it had
 */
public record StreamSettings(Map<String, String> client, String applicationId, String instance, Path stateDir) {
    public static final String PREFIX = "_weir-";

    private static final int SESSION_TIMEOUT_MILLIS = 10_000;
    private static final int HEARTBEAT_MILLIS = 3_000;
    /** Changelogs get what changed in that time once; what is processed again after a crash is not counted again. */
    private static final int COMMIT_MILLIS = 5_000;

    private static final long CACHE_BYTES_MAX = 16L << 20;

    /** Of {@link StreamsConfig}, where it is deprecated as it goes with 5.0. */
    private static final String HANDLE_GLOBAL = "processing.exception.handler.global.enabled";

    public StreamSettings {
        client = Map.copyOf(client);
        if (!applicationId.startsWith(PREFIX)) {
            throw new IllegalArgumentException("application id \"" + applicationId + "\": it has to begin with "
                    + PREFIX + ", as clients may not touch such topics and groups through Weir");
        }
    }

    Properties streams(short replicas) {
        Properties streams = new Properties();
        streams.putAll(client);
        streams.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        streams.put(StreamsConfig.CLIENT_ID_CONFIG, applicationId + "-" + instance);
        streams.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        streams.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        streams.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) replicas);
        streams.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        streams.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES_MAX);
        // topics of one task need no common order
        streams.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        streams.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        // there are no global tables: said so that Streams does not warn that it will be so from 5.0 on,
        // nor its assignor, which knows only what the consumer is told
        streams.put(HANDLE_GLOBAL, true);
        streams.put(StreamsConfig.mainConsumerPrefix(HANDLE_GLOBAL), true);
        streams.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), applicationId + "-" + instance);
        streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MILLIS);
        streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MILLIS);
        streams.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        streams.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        return streams;
    }

    Map<String, Object> admin() {
        Map<String, Object> admin = new HashMap<>(client);
        admin.put("client.id", applicationId + "-" + instance + "-admin");
        return admin;
    }

    /** Of whoever reads reports for a question, and needs no place among the readers of the stream. */
    public Map<String, Object> audit() {
        Map<String, Object> audit = view();
        audit.put(ConsumerConfig.CLIENT_ID_CONFIG, applicationId + "-" + instance + "-audit");
        audit.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        return audit;
    }

    Map<String, Object> view() {
        Map<String, Object> view = new HashMap<>(client);
        view.put(ConsumerConfig.CLIENT_ID_CONFIG, applicationId + "-" + instance + "-view");
        view.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        view.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        view.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        view.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return view;
    }
}
