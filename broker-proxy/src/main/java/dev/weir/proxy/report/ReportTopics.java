package dev.weir.proxy.report;

import dev.weir.mesh.log.FailureWords;
import dev.weir.mesh.log.Repetition;
import dev.weir.mesh.report.ReportTopic;
import dev.weir.proxy.upstream.KafkaClientSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sees to it that the report topics are there: those that are missing are created, with as many replicas as there are
 * brokers, at most three; those that are there stay as they are. Tried again for as long as Kafka is away. The
 * reporter's thread, which it does not hold up; Kafka answers on the client's own.
 */
final class ReportTopics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportTopics.class);
    private static final long RETRY_NANOS = 2_000_000_000L;
    private static final int REPLICAS_MAX = 3;
    private static final int TIMEOUT_MILLIS = 10_000;

    private enum State {
        UNKNOWN,
        ASKING,
        READY
    }

    private final ReportSettings settings;
    private volatile State state = State.UNKNOWN;
    private volatile long askedNanos = System.nanoTime() - RETRY_NANOS;
    private final Repetition creations = new Repetition();
    private final Repetition failures = new Repetition();

    private @Nullable Admin admin;

    ReportTopics(ReportSettings settings) {
        this.settings = settings;
    }

    /** Whether the topics are there, as far as is known; when not, begins to find out. */
    boolean ready() {
        if (state == State.READY) {
            closeAdmin();
            return true;
        }
        if (state == State.UNKNOWN && System.nanoTime() - askedNanos >= RETRY_NANOS) {
            askedNanos = System.nanoTime();
            state = State.ASKING;
            try {
                ask();
            } catch (KafkaException e) {
                done(e);
            }
        }
        return false;
    }

    /** Something may be wrong with the topics. Any thread. */
    void recheck() {
        if (state == State.READY) {
            state = State.UNKNOWN;
        }
    }

    private void ask() {
        Admin open = admin;
        if (open == null) {
            Map<String, Object> properties = KafkaClientSettings.of(settings.home());
            properties.put("client.id", "weir-reports-" + settings.proxyName());
            properties.put("request.timeout.ms", TIMEOUT_MILLIS / 2);
            properties.put("default.api.timeout.ms", TIMEOUT_MILLIS);
            properties.put("enable.metrics.push", "false");
            properties.put("metric.reporters", "");
            open = Admin.create(properties);
            admin = open;
        }
        Admin asked = open;
        stage(asked.listTopics().names())
                .thenCombine(stage(asked.describeCluster().nodes()), (names, nodes) -> missing(names, nodes.size()))
                .thenCompose(missing -> create(asked, missing))
                .whenComplete((created, failure) -> done(failure));
    }

    private static <T> CompletionStage<T> stage(KafkaFuture<T> future) {
        return future.toCompletionStage();
    }

    private static List<NewTopic> missing(Set<String> names, int brokers) {
        List<NewTopic> missing = new ArrayList<>();
        for (ReportTopic topic : ReportTopic.all()) {
            if (!names.contains(topic.topicName())) {
                missing.add(new NewTopic(topic.topicName(), ReportTopic.PARTITIONS, (short)
                                Math.max(1, Math.min(REPLICAS_MAX, brokers)))
                        .configs(topic.settings()));
            }
        }
        return missing;
    }

    private CompletionStage<Void> create(Admin admin, List<NewTopic> missing) {
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<CompletableFuture<Void>> created = admin.createTopics(missing).values().values().stream()
                .map(future -> future.toCompletionStage().toCompletableFuture().exceptionally(failure -> {
                    if (cause(failure) instanceof TopicExistsException) {
                        return null; // another proxy was faster
                    }
                    throw new CompletionException(cause(failure));
                }))
                .toList();
        List<String> names = missing.stream().map(NewTopic::name).toList();
        LOG.atLevel(creations.isNews(names.toString()) ? Level.INFO : Level.DEBUG)
                .addKeyValue("topics", names)
                .log("creating the topics of reports");
        return CompletableFuture.allOf(created.toArray(CompletableFuture[]::new));
    }

    private void done(@Nullable Throwable failure) {
        if (failure == null) {
            creations.over();
            state = State.READY;
            return;
        }
        String reason = FailureWords.ofItself(cause(failure));
        if (failures.isNews(reason)) {
            LOG.atWarn()
                    .addKeyValue("cluster", settings.home().name())
                    .addKeyValue("reason", reason)
                    .log("the topics of reports cannot be found or created; trying again");
        }
        state = State.UNKNOWN;
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }

    @Override
    public void close() {
        closeAdmin();
    }
}
