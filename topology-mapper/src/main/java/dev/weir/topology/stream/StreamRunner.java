package dev.weir.topology.stream;

import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.report.ReportTopic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Streams application running: waits for Kafka, creates topics, starts it, replaces its thread when that dies,
 * and all of it when it gives up. Has one thread, which does nothing but this.
 */
public final class StreamRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRunner.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long BACKOFF_MILLIS_MIN = 500;
    private static final long BACKOFF_MILLIS_MAX = 10_000;
    private static final long WATCH_MILLIS = 1_000;

    private final StreamSettings settings;
    private final List<StreamPart> parts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable KafkaStreams streams;

    public StreamRunner(StreamSettings settings, List<StreamPart> parts) {
        this.settings = settings;
        this.parts = List.copyOf(parts);
        this.thread = new Thread(this::run, "weir-topology");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Whether this instance takes its share of the reports now. */
    public boolean running() {
        KafkaStreams current = streams;
        return current != null && current.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether this instance takes the reports of a partition now. */
    public boolean owns(ReportTopic topic, int partition) {
        KafkaStreams current = streams;
        TopicPartition wanted = new TopicPartition(topic.topicName(), partition);
        return current != null
                && current.metadataForLocalThreads().stream()
                        .flatMap(thread -> thread.activeTasks().stream())
                        .anyMatch(task -> task.topicPartitions().contains(wanted));
    }

    private void run() {
        long backoffMillis = BACKOFF_MILLIS_MIN;
        try {
            while (closing.getCount() > 0) {
                try {
                    runOnce();
                    backoffMillis = BACKOFF_MILLIS_MIN;
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    LOG.atWarn()
                            .addKeyValue("retryMillis", backoffMillis)
                            .addKeyValue("problem", FailureWords.ofItself(e.getCause() == null ? e : e.getCause()))
                            .log("Topology cannot start its stream yet");
                }
                if (closing.await(backoffMillis, TimeUnit.MILLISECONDS)) {
                    return;
                }
                backoffMillis = Math.min(backoffMillis * 2, BACKOFF_MILLIS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it is closed, or Streams gave up. */
    private void runOnce() throws ExecutionException, TimeoutException, InterruptedException {
        short replicas;
        try (Admin admin = Admin.create(settings.admin())) {
            replicas = TopicCreation.create(admin);
        }
        KafkaStreams current = new KafkaStreams(ReportStream.of(parts), settings.streams(replicas));
        try {
            current.setUncaughtExceptionHandler(this::replaceThread);
            current.start();
            streams = current;
            while (!closing.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                if (current.state().hasCompletedShutdown() || current.state() == KafkaStreams.State.ERROR) {
                    LOG.atWarn().log("Topology's stream gave up and is started again");
                    return;
                }
            }
        } finally {
            streams = null;
            current.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    /** Called by the thread that dies; it waits here, so that one that dies at once does not spin. */
    private StreamThreadExceptionResponse replaceThread(Throwable problem) {
        LOG.atWarn().setCause(problem).log("Topology's stream thread died and is replaced");
        try {
            if (closing.await(BACKOFF_MILLIS_MIN, TimeUnit.MILLISECONDS)) {
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Blocks for a few seconds at most. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
